package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Limits of a body.
const (
	maxJSON   = 1 << 20
	maxUpload = 32 << 20
	maxDepth  = 32
	maxFiles  = 20
)

// decode reads the JSON body into a value. Without a body the value stays as it is, where the route allows that.
func (q *request) decode(into any) error {
	media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	b, readErr := io.ReadAll(http.MaxBytesReader(q.w, q.Request.Body, maxJSON))
	switch {
	case readErr != nil:
		return readErr
	}
	if err := q.arrived(); err != nil {
		return err
	}
	switch {
	case len(bytes.TrimSpace(b)) == 0 && q.rt.optional:
		return nil
	case err != nil || media != "application/json" && !strings.HasSuffix(media, "+json"):
		return fail(http.StatusUnsupportedMediaType, "media-unsupported", "", "takes", "application/json", "parameter", "Content-Type")
	}
	return strict(b, into)
}

// strict reads JSON into a value: UTF-8, at most 32 deep, no key twice, no key that the value does not have, nothing
// behind it. What is wrong is told with its place.
func strict(b []byte, into any) error {
	if !utf8.Valid(b) {
		return fail(http.StatusBadRequest, "json-broken", "", "at", "UTF-8")
	}
	if i := loneSurrogate(b); i >= 0 {
		return fail(http.StatusBadRequest, "json-broken", "", "at", strconv.Itoa(i))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	w := walker{Decoder: d}
	if err := w.value(reflect.TypeOf(into).Elem()); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fail(http.StatusBadRequest, "json-broken", "", "at", strconv.FormatInt(d.InputOffset(), 10))
	}
	err := json.Unmarshal(b, into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fail(http.StatusUnprocessableEntity, "json-type", "/"+strings.ReplaceAll(wrong.Field, ".", "/"))
	}
	if err != nil {
		return fail(http.StatusUnprocessableEntity, "json-type", "")
	}
	return nil
}

// loneSurrogate returns where an escape of half a character stands without its other half, -1 if none does: the standard library
// would put another character in its place, and what was sent would not be what is kept.
func loneSurrogate(b []byte) int {
	escape := func(i int) (uint64, bool) { // of four digits at i
		if i+6 > len(b) || b[i] != '\\' || b[i+1] != 'u' {
			return 0, false
		}
		v, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16)
		return v, err == nil
	}
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		v, ok := escape(i)
		switch {
		case !ok:
			i++ // an escape of one character
		case v >= 0xd800 && v < 0xdc00:
			if low, ok := escape(i + 6); !ok || low < 0xdc00 || low > 0xdfff {
				return i
			}
			i += 11
		case v >= 0xdc00 && v < 0xe000:
			return i
		}
	}
	return -1
}

// walker goes through JSON beside the type that it is read into. A nil type takes anything.
type walker struct {
	*json.Decoder
	at []string // keys and places down to here
}

// here is the place as a JSON Pointer.
func (w *walker) here() (pointer string) {
	for _, step := range w.at {
		pointer += "/" + escape(step)
	}
	return pointer
}

// within reads a value one step further down.
func (w *walker) within(step string, t reflect.Type) error {
	w.at = append(w.at, step)
	err := w.value(t)
	w.at = w.at[:len(w.at)-1]
	return err
}

func (w *walker) token() (json.Token, error) {
	t, err := w.Token()
	if err != nil {
		return nil, fail(http.StatusBadRequest, "json-broken", "", "at", strconv.FormatInt(w.InputOffset(), 10))
	}
	return t, nil
}

func (w *walker) value(t reflect.Type) error {
	if len(w.at) >= maxDepth {
		return fail(http.StatusBadRequest, "json-too-deep", w.here(), "limit", strconv.Itoa(maxDepth))
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token, err := w.token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return w.object(t)
	case json.Delim('['):
		var of reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			of = t.Elem()
		}
		for i := 0; w.More(); i++ {
			if err := w.within(strconv.Itoa(i), of); err != nil {
				return err
			}
		}
		_, err = w.token()
	}
	return err
}

func (w *walker) object(t reflect.Type) error {
	var seen []string // a list, for objects have few members, until it is long
	var many map[string]bool
	for w.More() {
		token, err := w.token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		if many[key] || slices.Contains(seen, key) {
			return fail(http.StatusBadRequest, "json-twice", w.here()+"/"+escape(key), "key", key)
		}
		if seen = append(seen, key); len(seen) > 16 {
			many, seen = noted(many, seen), seen[:0]
		}
		of, known := member(t, key)
		if !known {
			return fail(http.StatusUnprocessableEntity, "json-unknown", w.here()+"/"+escape(key), "key", key)
		}
		if err := w.within(key, of); err != nil {
			return err
		}
	}
	_, err := w.token()
	return err
}

// noted adds keys to a set.
func noted(set map[string]bool, keys []string) map[string]bool {
	if set == nil {
		set = make(map[string]bool, 2*len(keys))
	}
	for _, k := range keys {
		set[k] = true
	}
	return set
}

// member returns the type of a key of an object that is read into t, and whether t has it.
func member(t reflect.Type, key string) (reflect.Type, bool) {
	switch {
	case t == nil:
		return nil, true
	case t.Kind() == reflect.Map:
		return t.Elem(), true
	case t.Kind() != reflect.Struct:
		return nil, true // not an object: told when it is read
	}
	known, ok := members.Load(t)
	if !ok {
		fields := map[string]reflect.Type{}
		for _, f := range fieldsOf(t) {
			if _, shadowed := fields[f.name]; !shadowed {
				fields[f.name] = f.Type
			}
		}
		known, _ = members.LoadOrStore(t, fields)
	}
	of, ok := known.(map[string]reflect.Type)[key]
	return of, ok
}

// members are the types of what the structs of bodies have, by struct and key.
var members sync.Map

// jsonField is a member of a struct as JSON has it.
type jsonField struct {
	reflect.StructField
	name string
	may  bool // may be missing
}

// fieldsOf returns the fields of a struct as JSON has them, those of embedded structs among them.
func fieldsOf(t reflect.Type) (all []jsonField) {
	for i := range t.NumField() {
		f := t.Field(i)
		called, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && called == "" && f.Type.Kind() == reflect.Struct:
			all = append(all, fieldsOf(f.Type)...)
		case called != "" && called != "-":
			all = append(all, jsonField{f, called, strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")})
		}
	}
	return all
}

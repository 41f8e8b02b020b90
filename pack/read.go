package pack

import (
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// read fills a syntax struct from a node, and adds a fault for everything that does not fit.
func read[T any](c *collector, n *node) (out T) {
	if n != nil {
		(&filler{c}).object(n, reflect.ValueOf(&out).Elem())
	}
	return out
}

// filler walks nodes and types side by side.
type filler struct{ c *collector }

var (
	wordType  = reflect.TypeFor[word]()
	wordsType = reflect.TypeFor[words]()
)

// object fills a struct from a mapping.
func (f *filler) object(n *node, v reflect.Value) {
	if n.kind != mapping {
		code := "not-mapping"
		if v.Type() == wordsType {
			code = "not-words"
		}
		f.c.add(n.at, code)
		return
	}
	v.FieldByName("At").Set(reflect.ValueOf(n.at))
	known := keysOf(v.Type())
	for _, p := range n.pairs {
		if i, ok := known[p.key]; ok {
			f.key(p, v.Type().Field(i), v.Field(i))
			continue
		}
		if v.Type() == wordsType && p.value.kind == null {
			f.c.add(p.at, "stray-comma", "key", p.key)
			continue
		}
		f.c.add(p.at, "unknown-key", "key", p.key, "meant", nearest(p.key, keyNames(v.Type())), "known", strings.Join(keyNames(v.Type()), ", "))
	}
	f.missing(n, v)
}

// missing reports the keys that must stand there and do not.
func (f *filler) missing(n *node, v reflect.Value) {
	for i := range v.NumField() {
		key := v.Type().Field(i)
		if key.Tag.Get("need") == "" || n.has(key.Tag.Get("yaml")) {
			continue
		}
		code := "key-missing"
		if v.Type() == wordsType {
			code = "word-missing-" + key.Tag.Get("yaml")
		}
		f.c.add(n.at, code, "key", key.Tag.Get("yaml"))
	}
}

func (n *node) has(key string) bool {
	for _, p := range n.pairs {
		if p.key == key {
			return true
		}
	}
	return false
}

// key fills one key of a struct.
func (f *filler) key(p pair, key reflect.StructField, v reflect.Value) {
	if p.value.kind == null {
		f.c.add(p.at, "empty-value", "key", p.key)
		return
	}
	switch {
	case v.Type() == wordType:
		v.Set(reflect.ValueOf(f.word(p.value, key)))
	case v.Kind() == reflect.Struct:
		f.object(p.value, v)
	case isDict(v.Type()):
		f.dict(p, key, v)
	default:
		f.list(p, key, v)
	}
}

// list fills a slice from a list.
func (f *filler) list(p pair, key reflect.StructField, v reflect.Value) {
	if p.value.kind != list {
		f.c.add(p.value.at, "not-list", "key", p.key)
		return
	}
	if key.Tag.Get("need") == "full" && len(p.value.items) == 0 {
		f.c.add(p.at, "list-empty", "key", p.key)
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, len(p.value.items))) // given, though perhaps empty
	for _, item := range p.value.items {
		one := reflect.New(v.Type().Elem()).Elem()
		switch {
		case item.kind == null:
			f.c.add(item.at, "empty-value", "key", p.key)
			continue
		case one.Type() == wordType:
			one.Set(reflect.ValueOf(f.word(item, key)))
		default:
			f.object(item, one)
		}
		v.Set(reflect.Append(v, one))
	}
}

// dict fills a mapping with keys of the pack's own.
func (f *filler) dict(p pair, key reflect.StructField, v reflect.Value) {
	if p.value.kind != mapping {
		f.c.add(p.value.at, "not-mapping", "key", p.key)
		return
	}
	if key.Tag.Get("need") == "full" && len(p.value.pairs) == 0 {
		f.c.add(p.at, "list-empty", "key", p.key)
	}
	for _, inner := range p.value.pairs {
		one := reflect.New(v.Type().Elem()).Elem()
		name := f.scalar(inner.key, inner.at, "key")
		one.Field(0).Set(reflect.ValueOf(name))
		f.key(inner, key, one.Field(1))
		v.Set(reflect.Append(v, one))
	}
}

// word reads one scalar.
func (f *filler) word(n *node, key reflect.StructField) word {
	switch n.kind {
	case boolean:
		f.c.add(n.at, "boolean", "value", n.text)
		return word{}
	case scalar:
	default:
		f.c.add(n.at, "not-scalar", "key", key.Tag.Get("yaml"))
		return word{}
	}
	if set := key.Tag.Get("of"); set != "" {
		return f.chosen(n, set)
	}
	is := key.Tag.Get("is")
	if is == "" {
		is = "words"
	}
	return f.scalar(n.text, n.at, is)
}

// chosen reads one scalar of a closed set.
func (f *filler) chosen(n *node, set string) word {
	for _, s := range sets[set] {
		if s == n.text {
			return word{n.text, n.at}
		}
	}
	f.c.add(n.at, "not-one-of", "value", clip(n.text), "known", strings.Join(sets[set], ", "), "meant", nearest(n.text, sets[set]))
	return word{At: n.at}
}

// scalar checks a text against a format. Text that does not fit is left empty, so that later checks pass it over.
func (f *filler) scalar(text string, at spot, is string) word {
	format := formats[is]
	switch {
	case strings.TrimSpace(text) == "":
		f.c.add(at, "text-empty")
	case utf8.RuneCountInString(text) > format.limit():
		f.c.add(at, "too-long", "limit", itoa(format.limit()))
	case format.pattern != nil && !format.pattern.MatchString(text):
		f.c.add(at, "bad-"+is, "value", clip(text), "meant", suggestion(is, text))
	case is == "date" && !isDate(text) || is == "instant" && !isDate(text[:10]):
		f.c.add(at, "no-such-date", "value", text)
	default:
		return word{text, at}
	}
	return word{At: at}
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// suggestion makes a well-written text of one that is nearly so, where that is certain enough.
func suggestion(is, text string) string {
	switch is {
	case "key", "option", "ref":
		s := strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(strings.TrimSpace(text)))
		if formats[is].pattern.MatchString(s) {
			return s
		}
	case "yes-no":
		return map[string]string{"true": "yes", "false": "no", "是": "yes", "否": "no", "y": "yes", "n": "no", "Yes": "yes", "No": "no"}[text]
	case "date":
		if s := strings.NewReplacer("/", "-", ".", "-").Replace(text); formats[is].pattern.MatchString(s) {
			return s
		}
	case "version":
		if s := text + ".0"; formats[is].pattern.MatchString(s) {
			return s
		}
	}
	return ""
}

// clip keeps a quoted text short.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// keysOf returns the index of each key's field.
func keysOf(t reflect.Type) map[string]int {
	keys := map[string]int{}
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			keys[key] = i
		}
	}
	return keys
}

// keyNames returns the keys in the order of the type.
func keyNames(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			names = append(names, key)
		}
	}
	return names
}

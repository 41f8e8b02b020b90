// Package words is the one catalogue of what the faces say, in Chinese and English: [Say] for a key of the
// catalogue, [Of] for an error. Words of packs stand in the packs.
package words

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

//go:embed *.json
var sources embed.FS

// catalogue reads the words once. The files are embedded and a test reads them, so they cannot fail later.
var catalogue = sync.OnceValue(func() map[string]name.Text {
	all, err := read()
	if err != nil {
		panic(err)
	}
	return all
})

// read joins the files: words.json has what everybody says, each other file the words of one family of pages. A key
// stands in one file only.
func read() (map[string]name.Text, error) {
	all := map[string]name.Text{}
	files, err := sources.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		source, err := sources.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		part := map[string]name.Text{}
		if err := json.Unmarshal(source, &part); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		for k, t := range part {
			if _, twice := all[k]; twice {
				return nil, fmt.Errorf("%s: %q stands in two files", f.Name(), k)
			}
			all[k] = t
		}
	}
	return all, nil
}

// Keys returns all keys in ascending order.
func Keys() []string {
	keys := make([]string, 0, len(catalogue()))
	for k := range catalogue() {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Has reports whether the catalogue has the key.
func Has(key string) bool { _, ok := catalogue()[key]; return ok }

// Say returns the words of a key in a language. with alternates names and values, which replace {name}.
// A key that is missing is returned in brackets, which every page test refuses.
func Say(lang, key string, with ...any) string {
	t, ok := catalogue()[key]
	if !ok {
		return "[" + key + "]"
	}
	s := t.In(lang)
	for i := 0; i+1 < len(with); i += 2 {
		s = strings.ReplaceAll(s, fmt.Sprintf("{%v}", with[i]), fmt.Sprint(with[i+1]))
	}
	return s
}

// Of returns what an error says to a person: a refusal in its own words, any other error of a known kind in the
// words of the kind, a fault of ours in one polite sentence.
func Of(err error, lang string) string {
	var own interface{ Words() name.Text } // a file that cannot be read says so itself
	if errors.As(err, &own) {
		return own.Words().In(lang)
	}
	var r *fault.Refusal
	if errors.As(err, &r) {
		return Refusal(r, lang)
	}
	if k := fault.KindOf(err); k != nil {
		return Say(lang, "fault."+strings.ReplaceAll(k.Error(), " ", "-"))
	}
	return Say(lang, "fault.ours")
}

// Refusal returns a refusal's sentence. Values named field-zh and field-en fill {field}, and so on; a field that came
// without its words is called by the catalogue's.
func Refusal(r *fault.Refusal, lang string) string {
	if !Has("refusal." + r.Code) {
		return Say(lang, "fault."+strings.ReplaceAll(r.Kind.Error(), " ", "-"))
	}
	var with []any
	for k, v := range r.With {
		if plain, ok := strings.CutSuffix(k, "-"+lang); ok {
			k = plain
		}
		with = append(with, k, v)
	}
	if key := "field." + r.Field; r.With["field-"+lang] == "" && Has(key) {
		with = append(with, "field", Say(lang, key))
	}
	return Say(lang, "refusal."+r.Code, with...)
}

// Prefer returns the language that an Accept-Language header asks for first: "en" if English stands before any
// Chinese, otherwise "zh".
func Prefer(header string) string {
	for _, part := range strings.Split(strings.ToLower(header), ",") {
		switch tag := strings.TrimSpace(part); {
		case strings.HasPrefix(tag, "zh"):
			return "zh"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "zh"
}

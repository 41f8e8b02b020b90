package pack

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Schema returns the JSON Schema (2020-12) of "pack" for pack.yaml or "cases" for cases.yaml, indented,
// for editors that complete and check while one types. It is made from the types that the reader fills, so
// what it refuses the reader refuses too; what only the compiler can know, such as names, it lets pass.
// It reports false for any other name.
func Schema(of string) ([]byte, bool) {
	tops := map[string]reflect.Type{"pack": reflect.TypeFor[packSyntax](), "cases": reflect.TypeFor[casesSyntax]()}
	top, ok := tops[of]
	if !ok {
		return nil, false
	}
	w := schemaWriter{defs: map[string]any{}}
	root := w.object(top)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = of + ".yaml"
	root["$defs"] = w.defs
	return indented(root), true
}

func indented(v any) []byte {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(err) // maps, slices, strings and numbers only
	}
	return append(b, '\n')
}

// schemaWriter writes one definition for each type.
type schemaWriter struct{ defs map[string]any }

type object = map[string]any

// object is the schema of a struct.
func (w *schemaWriter) object(t reflect.Type) object {
	properties := object{}
	required := []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("yaml")
		if key == "" {
			continue
		}
		s := w.key(f, f.Type)
		if doc := f.Tag.Get("doc"); doc != "" {
			s["description"] = doc
		}
		properties[key] = s
		if f.Tag.Get("need") != "" {
			required = append(required, key)
		}
	}
	out := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// key is the schema of what stands behind a key.
func (w *schemaWriter) key(f reflect.StructField, t reflect.Type) object {
	switch {
	case t == wordType:
		return w.word(f)
	case t.Kind() == reflect.Struct:
		return w.ref(t)
	case isDict(t):
		s := object{"type": "object", "additionalProperties": w.key(f, t.Elem().Field(1).Type), "propertyNames": scalarSchema("key")}
		if f.Tag.Get("need") == "full" {
			s["minProperties"] = 1
		}
		return s
	}
	s := object{"type": "array", "items": w.key(f, t.Elem()), "maxItems": maxItems}
	if f.Tag.Get("need") == "full" {
		s["minItems"] = 1
	}
	return s
}

// isDict reports whether a type is a [dict].
func isDict(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && strings.HasPrefix(t.Name(), "dict[")
}

// ref points to the definition of a type and writes it first if it is not there.
func (w *schemaWriter) ref(t reflect.Type) object {
	called := strings.TrimSuffix(t.Name(), "Syntax")
	if _, there := w.defs[called]; !there {
		w.defs[called] = object{} // a type may hold itself
		w.defs[called] = w.object(t)
	}
	return object{"$ref": "#/$defs/" + called}
}

// word is the schema of one scalar.
func (w *schemaWriter) word(f reflect.StructField) object {
	if set := f.Tag.Get("of"); set != "" {
		return object{"enum": sets[set]}
	}
	is := f.Tag.Get("is")
	if is == "" {
		is = "words"
	}
	return scalarSchema(is)
}

// scalarSchema is the schema of a format.
func scalarSchema(is string) object {
	format, ok := formats[is]
	if !ok {
		panic(fmt.Sprintf("no format %q", is)) // a slip in a tag, which every test finds
	}
	switch format.kind {
	case "integer":
		return object{"type": "integer", "minimum": 1, "maximum": 99999}
	case "any":
		s := object{"type": []string{"string", "number"}, "minLength": 1, "maxLength": format.limit()}
		if format.pattern != nil {
			s["pattern"] = format.pattern.String()
		}
		return s
	}
	s := object{"type": "string", "minLength": 1, "maxLength": format.limit()}
	if format.pattern != nil {
		s["pattern"] = format.pattern.String()
	}
	return s
}

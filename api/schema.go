package api

import (
	"reflect"
	"strings"
	"unicode"

	"bihuan/ground/name"
)

// schemas gathers the JSON Schemas (2020-12) of Go types: structs become components, everything else stands where it is used.
type schemas struct {
	components map[string]any
}

type object = map[string]any

// idType is what ids are.
var idType = reflect.TypeFor[name.ID]()

// special have a schema that their type does not tell.
var special = map[reflect.Type]object{
	reflect.TypeFor[number](): {"type": "number"},
	reflect.TypeFor[loose]():  {"type": []string{"string", "number", "boolean", "array", "null"}},
	reflect.TypeFor[schema](): {"type": "object"},
	idType:                    {"type": "string", "pattern": idPattern},
}

// of returns the schema of a type. closed forbids keys that a struct does not have: for what comes in.
func (s *schemas) of(t reflect.Type, closed bool) object {
	if sp, ok := special[t]; ok {
		return clone(sp)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(s.of(t.Elem(), closed))
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem(), closed)}
	case reflect.Map:
		values := any(true)
		if t.Elem().Kind() != reflect.Interface {
			values = s.of(t.Elem(), closed)
		}
		return object{"type": "object", "additionalProperties": values}
	case reflect.Struct:
		return s.component(t, closed)
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.String:
		return object{"type": "string"}
	}
	panic("no JSON Schema for " + t.String()) // found by the first test that describes the routes
}

func clone(o object) object {
	c := object{}
	for k, v := range o {
		c[k] = v
	}
	return c
}

// nullable returns a schema that also takes null.
func nullable(o object) object {
	switch t := o["type"].(type) {
	case string:
		o["type"] = []string{t, "null"}
	default:
		return object{"anyOf": []object{o, {"type": "null"}}}
	}
	return o
}

// component describes a struct once and returns a reference to it.
func (s *schemas) component(t reflect.Type, closed bool) object {
	called := exported(t.Name())
	ref := object{"$ref": "#/components/schemas/" + called}
	if _, done := s.components[called]; done {
		return ref
	}
	out := object{"type": "object"}
	s.components[called] = out // before its fields: a type may hold itself
	properties, required := object{}, []string{}
	for _, f := range fieldsOf(t) {
		properties[f.name] = s.property(f, closed)
		if !f.may {
			required = append(required, f.name)
		}
	}
	out["properties"] = properties
	if len(required) > 0 {
		out["required"] = required
	}
	if closed {
		out["additionalProperties"] = false
	}
	return ref
}

// property describes a field: by its type, and by what its tags say besides.
func (s *schemas) property(f jsonField, closed bool) object {
	p := s.of(f.Type, closed)
	if enum := f.Tag.Get("enum"); enum != "" {
		values := []any{}
		for _, v := range strings.Fields(enum) {
			values = append(values, v)
		}
		if f.Type.Kind() == reflect.Pointer {
			values = append(values, nil)
		}
		p["enum"] = values
	}
	switch format := f.Tag.Get("format"); format {
	case "":
	case "base64":
		p["contentEncoding"] = format
	default:
		p["format"] = format
	}
	if pattern := f.Tag.Get("pattern"); pattern != "" {
		p["pattern"] = pattern
	}
	if doc := f.Tag.Get("doc"); doc != "" {
		p["description"] = doc
	}
	return p
}

// exported writes a type's name as components are called.
func exported(s string) string {
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

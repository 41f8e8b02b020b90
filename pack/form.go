package pack

import (
	"bihuan/ground/field"
	"bihuan/kernel/matter"
)

// FormSchema returns the JSON Schema (2020-12) of what is sent to do an act of a kind: fields, evidence,
// and where the act asks for them reason, code, clock, units and until. OpenAPI 3.1 takes it as a component as it is.
// Values are text in the forms of [field.Kind], so that what is typed and what is sent is checked by the same rules.
// It reports false if the kind has no such act.
func FormSchema(k *matter.Kind, act string) ([]byte, bool) {
	a := k.Act(act)
	if a == nil {
		return nil, false
	}
	return indented(formSchema(k, a)), true
}

func formSchema(k *matter.Kind, a *matter.Act) object {
	fields, required := object{}, []string{}
	for _, in := range a.Inputs() {
		if f := field.Find(k.Fields, in.Field); f != nil {
			fields[in.Field] = fieldSchema(f)
			if in.Required {
				required = append(required, in.Field)
			}
		}
	}
	with := object{"type": "object", "additionalProperties": false, "properties": fields}
	top := []string{}
	if len(required) > 0 {
		with["required"] = required
		top = append(top, "with")
	}
	properties := object{"with": with, "reason": object{"type": "string", "maxLength": 1300}}
	if len(a.Evidence) > 0 {
		properties["evidence"] = evidenceSchema(a.Evidence)
		top = append(top, "evidence")
	}
	for _, asked := range conditions {
		if of := k.Fills(a); asked.of(of) && !a.IsAsked() {
			properties[asked.key] = asked.schema(k, of)
		}
	}
	out := object{"type": "object", "title": a.Words.ZH, "description": a.Help.ZH, "additionalProperties": false, "properties": properties}
	if k.NeedsReason(a) {
		properties["reason"].(object)["minLength"] = 1
		top = append(top, "reason")
	}
	if len(top) > 0 {
		out["required"] = top
	}
	return out
}

// conditions are what an act asks for because of its verb.
var conditions = []struct {
	key    string
	of     func(*matter.Act) bool
	schema func(*matter.Kind, *matter.Act) object
}{
	{"code", is(matter.Pause), func(k *matter.Kind, a *matter.Act) object { return object{"enum": pauseCodes(k, a)} }},
	{"clock", is(matter.Extend), func(k *matter.Kind, a *matter.Act) object { return object{"enum": extended(a)} }},
	{"units", is(matter.Extend), func(*matter.Kind, *matter.Act) object { return object{"type": "integer", "minimum": 1} }},
	{"until", is(matter.Extend), func(*matter.Kind, *matter.Act) object { return object{"type": "string", "format": "date"} }},
}

func is(v matter.Verb) func(*matter.Act) bool {
	return func(a *matter.Act) bool { return a.Verb == v }
}

// pauseCodes are the reasons for which the act may pause one of its clocks.
func pauseCodes(k *matter.Kind, a *matter.Act) (codes []string) {
	for _, e := range a.Clocks {
		if c := k.Clock(e.Clock); c != nil && e.Op == matter.Hold {
			for _, p := range c.Pauses {
				codes = append(codes, p.Code)
			}
		}
	}
	return codes
}

func extended(a *matter.Act) (clocks []string) {
	for _, e := range a.Clocks {
		if e.Op == matter.Lengthen {
			clocks = append(clocks, e.Clock)
		}
	}
	return clocks
}

// evidenceSchema asks for at least so many pieces in all; how many of each kind the rules count.
func evidenceSchema(needs []matter.Need) object {
	sum := 0
	for _, n := range needs {
		sum += n.Min
	}
	return object{"type": "array", "minItems": sum, "maxItems": 100, "items": object{"type": "object", "required": []string{"kind"},
		"additionalProperties": false, "properties": object{"kind": object{"enum": texts(matter.EvidenceKinds)},
			"file": object{"type": "string", "pattern": "^[0-9a-f]{64}$"}, "name": object{"type": "string", "maxLength": 200}, "text": object{"type": "string", "maxLength": 20000}}}}
}

// fieldSchemas are the schemas of the kinds of field, without what the field itself adds.
var fieldSchemas = map[field.Kind]object{
	field.Text:     {"type": "string", "maxLength": 200, "pattern": `^[^\n\r]*$`},
	field.LongText: {"type": "string", "maxLength": 20000},
	field.Integer:  {"type": "string", "pattern": `^-?[0-9]{1,16}$`},
	field.Money:    {"type": "string", "pattern": `^-?[0-9]{1,16}$`},
	field.Decimal:  {"type": "string", "pattern": `^-?[0-9]{1,14}(\.[0-9]{1,4})?$`},
	field.Date:     {"type": "string", "format": "date"},
	field.Month:    {"type": "string", "maxLength": 20, "examples": []string{"2023-09", "2023-Q3"}},
	field.Instant:  {"type": "string", "format": "date-time"},
	field.YesNo:    {"enum": []string{"yes", "no"}},
	field.Unit:     {"type": "string", "pattern": `^[a-z0-9][a-z0-9./-]{0,59}$`},
	field.Units:    {"type": "string", "pattern": `^[a-z0-9][a-z0-9./-]{0,59}( [a-z0-9][a-z0-9./-]{0,59})*$`},
	field.Person:   {"type": "string", "pattern": `^[a-z0-9][a-z0-9./-]{0,59}$`},
	field.Place:    {"type": "string", "pattern": `^-?[0-9]{1,3}(\.[0-9]+)?,-?[0-9]{1,2}(\.[0-9]+)?$`},
	field.Shape:    {"type": "string", "contentMediaType": "application/geo+json"},
	field.File:     {"type": "string", "pattern": `^[0-9a-f]{64}$`},
	field.Record:   {"type": "string", "maxLength": 200},
	field.Table:    {"type": "string", "contentMediaType": "application/json"},
}

// fieldSchema is the schema of a field's value.
func fieldSchema(f *field.Field) object {
	s := object{"title": f.Words.ZH}
	for k, v := range fieldSchemas[f.Kind] {
		s[k] = v
	}
	if f.Kind == field.Choice {
		s["enum"] = optionsOf(f)
	}
	if f.Kind == field.Table {
		var columns []object
		for i := range f.Columns {
			columns = append(columns, fieldSchema(&f.Columns[i]))
		}
		s["contentSchema"] = object{"type": "array", "maxItems": 500, "items": object{"type": "array", "prefixItems": columns, "minItems": len(columns), "items": false}}
	}
	if f.Help.ZH != "" {
		s["description"] = f.Help.ZH
	}
	return s
}

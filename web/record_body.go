package web

import (
	"encoding/json"
	"strings"

	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
)

// bodyWords is what a record of the audit says besides its type: what has words in words, and the rest as it is stored.
type bodyWords struct {
	Said []string
	Rest string // JSON, empty when everything is said
}

// bodyKeys are the parts of a body that are said in words, in the order in which they are said. Each has a word
// in the catalogue after “body.”; tell writes its value, and gives nothing for one that it does not know.
var bodyKeys = []struct {
	key  string
	tell func(q *request, v any) string
}{
	{"topic", func(q *request, v any) string { return q.Says("audit.topic-" + bodyText(v)) }},
	{"type", func(q *request, v any) string { return q.TypeWords(bodyText(v)) }},
	{"person", func(q *request, v any) string { return q.personName(name.Person(bodyText(v))) }},
	{"unit", func(q *request, v any) string { return q.unitShort(name.Unit(bodyText(v))) }},
	{"role", func(q *request, v any) string { return q.RoleWords(name.Role(bodyText(v))) }},
	{"sort", func(q *request, v any) string { return bodyOneOf(q, "sort.", v) }},
	{"name", bodyPlain},
	{"for", bodyFor},
	{"hash", bodyMark},
	{"natural", bodyMark},
	{"maker", bodyMark},
	{"approver", bodyMark},
	{"object", bodyPlain},
	{"login", bodyPlain},
	{"factor", bodyFactor},
	{"from", bodyDay},
	{"to", bodyDay},
	{"before", bodyPlain},
	{"export", bodyPlain},
	{"missing", bodyPlain},
	{"due", bodyMoment},
	{"until", bodyMoment},
}

// BodyWords tells the body of a record, a JSON object; one that is none is left as it is.
func (q *request) BodyWords(body string) (b bodyWords) {
	var parts map[string]any
	read := json.NewDecoder(strings.NewReader(body))
	read.UseNumber() // an instant in µs is no float
	if err := read.Decode(&parts); err != nil {
		return bodyWords{Rest: body}
	}
	for _, k := range bodyKeys {
		v, ok := parts[k.key]
		if !ok {
			continue
		}
		if said := k.tell(q, v); said != "" {
			b.Said = append(b.Said, q.Says("body."+k.key)+q.Says("colon")+said)
			delete(parts, k.key)
		}
	}
	if len(parts) > 0 {
		rest, err := json.Marshal(parts)
		if err != nil {
			return bodyWords{Rest: body}
		}
		b.Rest = string(rest)
	}
	return b
}

// bodyText is a value that is words, empty for any other.
func bodyText(v any) string {
	s, _ := v.(string)
	return s
}

// bodyPlain writes words and numbers as they are.
func bodyPlain(_ *request, v any) string {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return bodyText(v)
}

// bodyOneOf says a word of a closed list, whose words begin with under in the catalogue.
func bodyOneOf(q *request, under string, v any) string {
	if key := under + bodyText(v); words.Has(key) {
		return q.Says(key)
	}
	return ""
}

// bodyFor says for whom something is: a person, or the sorts of callers that a key is for.
func bodyFor(q *request, v any) string {
	sorts, ok := v.([]any)
	if !ok {
		return q.personName(name.Person(bodyText(v)))
	}
	said := make([]string, len(sorts))
	for i, s := range sorts {
		if said[i] = bodyOneOf(q, "keys.for-", s); said[i] == "" {
			return ""
		}
	}
	return strings.Join(said, q.Says("list.and"))
}

// markLength is how many characters of a hash tell one person or key from another for the eye.
const markLength = 12

// bodyMark writes the beginning of a hash, by which the same one is known again; the file that the auditor takes away has all of it.
func bodyMark(_ *request, v any) string {
	s := bodyText(v)
	if len(s) < 2*markLength || strings.Trim(s, "0123456789abcdef") != "" {
		return ""
	}
	return s[:markLength] + "…"
}

// bodyFactor says what one proves with who one is, and which of that sort.
func bodyFactor(q *request, v any) string {
	f, _ := v.(map[string]any)
	if kind := "factor." + bodyText(f["kind"]); len(f) == 2 && words.Has(kind) && bodyText(f["id"]) != "" {
		return q.Says(kind) + aside(q.Lang, bodyText(f["id"]))
	}
	return ""
}

// bodyDay writes a stored day, YYYY-MM-DD, as people do.
func bodyDay(q *request, v any) string {
	d, err := calendar.ParseDate(bodyText(v))
	if err != nil {
		return ""
	}
	return d.In(q.Lang)
}

// bodyMoment writes an instant stored in µs.
func bodyMoment(q *request, v any) string {
	n, _ := v.(json.Number)
	micros, err := n.Int64()
	if err != nil {
		return ""
	}
	return moment(q.Lang, micros)
}

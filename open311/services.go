package open311

import (
	"net/http"
	"strings"

	"bihuan/desk/doors"
	"bihuan/desk/words"
	"bihuan/ground/field"
)

// services lists what can be reported. Each service is realtime: whoever files gets the request's number at once.
func (s *server) services(q *request) (answer, error) {
	all, err := s.Doors.Services(q.Context(), doors.Programs)
	if err != nil {
		return answer{}, err
	}
	list := listOf[service]{}
	for i := range all {
		v := &all[i]
		list = append(list, service{Code: v.Code, Name: v.Words.In(q.Lang), Description: q.describe(v), Metadata: len(s.Doors.Asks(v.Door)) > 0,
			Type: "realtime", Keywords: strings.Join(v.Keywords, ", "), Group: v.Group.In(q.Lang)})
	}
	return answer{root: "services", list: list}, nil
}

// describe says briefly what a service is for: what its register says, or its group and what people call it.
func (q *request) describe(s *doors.Service) text {
	if s.Text != "" {
		return text(s.Text)
	}
	said := s.Words.In(q.Lang)
	if group := s.Group.In(q.Lang); group != "" {
		said = words.Say(q.Lang, "open311.described", "group", group, "service", said)
	}
	return text(said)
}

// datatypes are the types of input that GeoReport v2 knows, for our kinds of field. Where there are choices it is a list.
var datatypes = map[field.Kind]string{field.Text: "string", field.LongText: "text", field.Integer: "number", field.Decimal: "number", field.Money: "number",
	field.Date: "datetime", field.Instant: "datetime", field.Choice: "singlevaluelist", field.YesNo: "singlevaluelist", field.Unit: "singlevaluelist", field.Record: "string", field.Month: "string"}

// definition tells what a service asks for besides.
func (s *server) definition(q *request) (answer, error) {
	v, err := s.Doors.Service(q.Context(), doors.Programs, q.id)
	if err != nil {
		return answer{}, wrong(http.StatusNotFound, "service-unknown", "service", "value", q.id)
	}
	d := definition{Code: v.Code, Attributes: listOf[attribute]{}}
	for i, a := range s.Doors.Asks(v.Door) {
		one := attribute{Variable: true, Code: a.Field.Key, Datatype: datatypes[a.Field.Kind], Required: a.Required, Explained: text(q.explain(a.Field)), Order: i + 1,
			Description: a.Field.Words.In(q.Lang)}
		choices, err := s.Doors.Choices(q.Context(), &a, &v)
		if err != nil {
			return answer{}, err
		}
		for _, c := range choices {
			one.Values = append(one.Values, value{c.Key, c.Words.In(q.Lang)})
		}
		if len(choices) > 0 {
			one.Datatype = "singlevaluelist"
		}
		d.Attributes = append(d.Attributes, one)
	}
	return answer{one: d}, nil
}

// explain helps with an input: the pack's own help, or its unit.
func (q *request) explain(f *field.Field) string {
	if !f.Help.IsZero() {
		return f.Help.In(q.Lang)
	}
	return f.Unit
}

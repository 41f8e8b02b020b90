package rule

import (
	"strings"

	"bihuan/ground/field"
	"bihuan/ground/money"
)

// Namer gives the words of a field (value empty) or of one of its values. It returns the
// empty text for what it does not know; the key or the stored value is shown then.
type Namer func(key, value string) string

// NamerOf returns the Namer that knows the words and units of the fields and the options
// of their choices.
func NamerOf(fields []field.Field, lang string) Namer {
	return func(key, value string) string {
		f := field.Find(fields, key)
		switch {
		case f == nil:
			return ""
		case value == "":
			return f.Words.In(lang)
		}
		if o, ok := f.Option(value); ok {
			return o.Words.In(lang)
		}
		if n, err := money.Parse(value); err == nil && (f.Kind == field.Integer || f.Kind == field.Decimal) {
			return money.Quantity{Value: n, Unit: f.Unit}.Format(lang)
		}
		return ""
	}
}

// phrases are how the operations are said: [0] Chinese, [1] English; %f is the field, %v the value.
var phrases = map[Op][2]string{
	Equal: {"%f为%v", "%f is %v"}, NotEqual: {"%f不为%v", "%f is not %v"},
	Less: {"%f小于%v", "%f is less than %v"}, AtMost: {"%f不超过%v", "%f is at most %v"},
	Greater: {"%f大于%v", "%f is more than %v"}, AtLeast: {"%f不低于%v", "%f is at least %v"},
	In: {"%f为%v之一", "%f is one of %v"}, Has: {"%f包含%v", "%f include %v"}, StartsWith: {"%f以%v开头", "%f begins with %v"},
}

// timePhrases replace the phrases above for days and instants.
var timePhrases = map[Op][2]string{
	Less: {"%f早于%v", "%f is before %v"}, AtMost: {"%f不晚于%v", "%f is no later than %v"},
	Greater: {"%f晚于%v", "%f is after %v"}, AtLeast: {"%f不早于%v", "%f is no earlier than %v"},
}

// Words returns the predicate as a sentence without full stop, in Chinese or, if lang is
// "en", in English. Brackets stand only where and and or meet.
func (p Predicate) Words(lang string, namer Namer) string {
	w := wording{namer: namer}
	if lang == "en" {
		w.n = 1
	}
	return w.say(p)
}

type wording struct {
	n     int // 0 Chinese, 1 English
	namer Namer
}

func (w wording) pick(zh, en string) string { return [2]string{zh, en}[w.n] }

func (w wording) say(p Predicate) string {
	switch p.Op {
	case And, Or:
		if len(p.Args) == 0 {
			return map[Op]string{And: w.pick("不限", "anything"), Or: w.pick("无", "nothing")}[p.Op]
		}
		parts := make([]string, 0, len(p.Args))
		for _, a := range p.Args {
			parts = append(parts, w.bracket(a, (a.Op == And || a.Op == Or) && len(a.Args) > 1 && a.Op != p.Op))
		}
		joint := map[Op]string{And: w.pick("，且", " and "), Or: w.pick("，或", " or ")}[p.Op]
		return strings.Join(parts, joint)
	case Not:
		return w.pick("并非", "not ") + w.bracket(p.Args[0], true)
	}
	phrase, ok := timePhrases[p.Op]
	if !ok || p.Kind != field.Date && p.Kind != field.Instant {
		phrase = phrases[p.Op]
	}
	return strings.NewReplacer("%f", w.fieldName(p.Field), "%v", w.operand(p)).Replace(phrase[w.n])
}

func (w wording) bracket(p Predicate, needed bool) string {
	if !needed {
		return w.say(p)
	}
	return w.pick("（", "(") + w.say(p) + w.pick("）", ")")
}

func (w wording) fieldName(key string) string {
	if s := w.namer(key, ""); s != "" {
		return s
	}
	return key
}

func (w wording) operand(p Predicate) string {
	switch {
	case p.Other != "":
		return w.fieldName(p.Other)
	case p.Op == In:
		var all []string
		for _, v := range p.Values {
			all = append(all, w.value(p, v))
		}
		return strings.Join(all, w.pick("、", ", "))
	}
	return w.value(p, p.Value)
}

func (w wording) value(p Predicate, v string) string {
	if s := w.namer(p.Field, v); s != "" {
		return w.quote(p.Kind, s)
	}
	switch p.Kind {
	case field.YesNo:
		return map[string]string{"yes": w.pick("是", "yes"), "no": w.pick("否", "no")}[v]
	case field.Money:
		if n, err := readInteger(v); err == nil {
			return money.Fen(n.(int64)).Format(w.pick("zh", "en"))
		}
	}
	return w.quote(p.Kind, v)
}

// quote marks texts as such.
func (w wording) quote(k field.Kind, s string) string {
	if kinds[k].typ.TypeName() != "string" && k != field.Units {
		return s
	}
	return "“" + s + "”"
}

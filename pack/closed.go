package pack

import (
	"regexp"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
	"bihuan/kernel/notice"
)

// format is how a scalar has to be written. A nil pattern takes any text.
type format struct {
	pattern *regexp.Regexp
	kind    string // the JSON type: string, integer, any
	most    int    // characters; 0: 100
}

// limit is how many characters a text of the format may have.
func (f format) limit() int {
	if f.most == 0 {
		return 100
	}
	return f.most
}

const keyPattern = `[a-z][a-z0-9]*(-[a-z0-9]+)*`

// formats are the formats of scalars by name.
var formats = map[string]format{
	"key":     {pattern: regexp.MustCompile(`^` + keyPattern + `$`), kind: "string", most: 60},
	"ref":     {pattern: regexp.MustCompile(`^(` + keyPattern + `/)?` + keyPattern + `$`), kind: "string"},
	"option":  {pattern: regexp.MustCompile(`^[a-z0-9]+([-.][a-z0-9]+)*$`), kind: "any", most: 60},
	"version": {pattern: regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`), kind: "string", most: 30},
	"date":    {pattern: regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`), kind: "string"},
	"instant": {pattern: regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$`), kind: "string"},
	"series":  {pattern: regexp.MustCompile(`^[A-Z]{1,3}$`), kind: "string"},
	"count":   {pattern: regexp.MustCompile(`^[1-9][0-9]{0,4}$`), kind: "integer"},
	"yes-no":  {pattern: regexp.MustCompile(`^(yes|no)$`), kind: "string"},
	"party":   {pattern: regexp.MustCompile(`^` + keyPattern + `(/` + keyPattern + `)?$`), kind: "string"},
	"input":   {pattern: regexp.MustCompile(`^` + keyPattern + `!?$`), kind: "string"},
	"holder":  {pattern: regexp.MustCompile(`^(issuer|giver|worker|supervision|actor|(field|unit):` + keyPattern + `)$`), kind: "string"},
	"rung":    {pattern: regexp.MustCompile(`^` + keyPattern + `/` + keyPattern + `$`), kind: "string"},
	"passing": {pattern: regexp.MustCompile(`^` + keyPattern + `/` + keyPattern + `$`), kind: "string"},
	"csv":     {pattern: regexp.MustCompile(`^records/` + keyPattern + `\.csv$`), kind: "string"},
	"value":   {kind: "any", most: 2000},
	"short":   {kind: "any"},
	"rule":    {kind: "any", most: 2000},
	"words":   {kind: "any", most: 20000},
}

// sets are the closed sets that scalars are chosen from, by name.
var sets = map[string][]string{
	"field-kind": texts(field.Kinds),
	"class":      texts([]field.Class{field.P, field.N, field.S, field.H}),
	"phase":      texts(matter.Phases),
	"verb":       texts(written()),
	"part":       texts(matter.Parts),
	"evidence":   texts(matter.EvidenceKinds),
	"link":       texts(matter.LinkKinds),
	"term":       texts(matter.Terms),
	"basis":      texts(calendar.Bases()),
	"rung":       texts(matter.RungKinds),
	"at":         {"due"},
	"mode":       texts(indicator.Modes),
	"shape":      texts(indicator.Shapes),
	"direction":  {"higher", "lower"},
	"measure":    texts(indicator.Measures),
	"cohort":     texts(indicator.Cohorts),
	"order":      {"due", "opened", "number", "title"},
	"audience":   texts(Audiences),
	"occasion":   occasions(),
	"piece":      texts(indicator.PieceKinds),
	"event":      append(texts(matter.RungKinds), matter.Counted()...),
	"light":      {"none", "grey", "green", "yellow", "red"},
}

// occasions are the notices that a pack may give words to.
func occasions() (all []string) {
	for _, o := range notice.Abouts() {
		if o.Kind {
			all = append(all, string(o.About))
		}
	}
	return all
}

func texts[S ~string](all []S) (out []string) {
	for _, s := range all {
		out = append(out, string(s))
	}
	return out
}

package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// JSON writes t as one document: {"title":…,"columns":[{"key","title","type"}],"rows":[…]},
// each row an object with the keys in the order of the columns. A number is a JSON number
// with the digits it came with; an empty cell is null; texts are as they are, since JSON has no formulas.
func JSON(w io.Writer, t Table) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "{\"title\":%s,\"columns\":[", quote(t.Title))
	for i, c := range t.Columns {
		fmt.Fprintf(out, "%s{\"key\":%s,\"title\":%s,\"type\":%q}", comma(i), quote(c.Key), quote(c.Title), typeNames[c.Type])
	}
	out.WriteString("],\"rows\":[")
	n := 0
	for row, err := range t.Rows {
		if err != nil {
			return fmt.Errorf("write json: %w", err)
		}
		out.WriteString(comma(n) + "\n")
		if _, err := out.WriteString(t.object(row)); err != nil {
			return fmt.Errorf("write json: %w", err)
		}
		n++
	}
	out.WriteString("\n]}\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

var typeNames = map[Type]string{Text: "text", Number: "number", Date: "date", Instant: "instant"}

func (t Table) object(row []string) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, c := range t.Columns {
		b.WriteString(comma(i) + quote(c.Key) + ":" + jsonValue(c.Type, value(row, i)))
	}
	b.WriteByte('}')
	return b.String()
}

func jsonValue(typ Type, s string) string {
	switch {
	case s == "":
		return "null"
	case typ == Number && isNumber(s):
		return s
	}
	return quote(s)
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// quote returns s as a JSON string; bytes that are not UTF-8 are replaced.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // impossible for a string
		return `""`
	}
	return string(b)
}

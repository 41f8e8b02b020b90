//go:build long

package classify

import (
	"encoding/csv"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"
)

// Real messages with the class that the office gave them, in words without stop words: four of five teach, the fifth examines.
func TestRealMessages(t *testing.T) {
	f, err := os.Open("../../../shared/data/requests/msgboard_labelled_tokens.csv")
	if err != nil {
		t.Skip("SKIPPED ALOUD: the messages to test with are not beside the checkout: ", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var classes []Class
	var teach, examine []Example
	for _, r := range rows[1:] {
		if !slices.ContainsFunc(classes, func(c Class) bool { return c.Code == r[1] }) {
			classes = append(classes, Class{Code: r[1]})
		}
		h := fnv.New32a()
		h.Write([]byte(r[0]))
		if e := (Example{strings.ReplaceAll(r[0], " ", ""), r[1]}); h.Sum32()%5 == 0 {
			examine = append(examine, e)
		} else {
			teach = append(teach, e)
		}
	}
	m := Learn(classes, teach)
	right, second, sure, sureRight := 0.0, 0.0, 0.0, 0.0
	for _, e := range examine {
		g := m.Rank(e.Text, 2)
		if g[0].Code == e.Code {
			right++
		}
		if g[0].Code == e.Code || g[1].Code == e.Code {
			second++
		}
		if g[0].Share >= 0.9 {
			sure++
			if g[0].Code == e.Code {
				sureRight++
			}
		}
	}
	n := float64(len(examine))
	t.Logf("%d taught, %.0f examined: right %.3f, among the first two %.3f; of the %.0f with a share of 0.9 and more, right %.3f",
		len(teach), n, right/n, second/n, sure, sureRight/sure)
	if right/n < 0.90 || second/n < 0.97 || sureRight/sure < 0.95 {
		t.Error("expected at least 0.90, 0.97 and 0.95")
	}
}

//go:build !race

package store_test

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"bihuan/store"
	"bihuan/store/storetest"
)

// walks is a step of a plan that looks at every row of a table, or at every one of a district.
var walks = regexp.MustCompile(`^SCAN [a-z]|^SEARCH \S+ USING [A-Z ]+( [a-z_]+)? \((log=\?|log=\? AND \S+[<>]\S+)\)$`)

// mayWalk are statements that look at many rows, by their beginning, and why they may.
var mayWalk = map[string]string{
	"SELECT seq FROM behind LIMIT 1":                                                          "the first",
	"SELECT number, seq, commands FROM head":                                                  "a row a district",
	"SELECT log FROM head WHERE seq > 0":                                                      "a row a district",
	"UPDATE head SET number":                                                                  "a migration",
	"UPDATE event SET previous":                                                               "a migration",
	"UPDATE row SET seq":                                                                      "a migration",
	"SELECT count(*) FROM sqlite_schema":                                                      "a row a table",
	"SELECT person, body FROM reach":                                                          "what an early version left",
	"SELECT COUNT(*) FROM challenge":                                                          "bounded, and an index alone",
	"DELETE FROM challenge WHERE log = $1 AND until <= $2":                                    "what it drops",
	"SELECT stream, about, at FROM lamp WHERE log = $1 AND at":                                "in order, with a limit",
	"SELECT state, COUNT(*) FROM posting":                                                     "the auditor's page, an index alone",
	"SELECT person, id FROM notice WHERE log = $1 AND read <> 0":                              "once an hour, beside the writer",
	"SELECT person, channel, notice FROM posting WHERE log = $1 AND state IN ($2, $3) AND at": "once an hour, beside the writer",
	"SELECT subject, field, salt, value, blind FROM personal WHERE log = $1 AND suite":        "once, after an early version",
	"SELECT subject, under, wrapped, made, due FROM subject_key WHERE log = $1":               "in order, with a limit",
	"UPDATE subject_key SET due = $1 WHERE log = $2 AND due <> $1":                            "when the rule of retention changes",
	"DELETE FROM tile WHERE log = $1":                                                         "what it drops",
}

// TestStatementsAreAnsweredByIndexes has the store do everything that is examined of it and looks at the plan of each statement but
// those of lists, which are counted and timed elsewhere: an index that SQLite passes over makes a statement read a whole table, which
// no small test feels, and a statement that changes something keeps every other writer waiting meanwhile.
func TestStatementsAreAnsweredByIndexes(t *testing.T) {
	met, mu := map[string]bool{}, sync.Mutex{}
	undo := store.Prepared(func(sql string) {
		mu.Lock()
		defer mu.Unlock()
		met[sql] = true
	})
	storetest.Run(t, func(t testing.TB, dir string) storetest.Store {
		s, err := store.Open(filepath.Join(dir, "bihuan.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
	undo()
	s, err := store.Open(filepath.Join(t.TempDir(), "plans.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	looked, used := 0, map[string]bool{}
	for sql := range met {
		word, _, _ := strings.Cut(sql, " ")
		if !slices.Contains([]string{"SELECT", "UPDATE", "DELETE"}, word) || strings.Contains(sql, "FROM row") || strings.Contains(sql, "FROM facet") || strings.Contains(sql, "JOIN row") {
			continue
		}
		looked++
		plan, err := s.Plan(context.Background(), sql)
		if err != nil {
			t.Errorf("%s: %v", sql, err)
		}
		may := ""
		for begin := range mayWalk {
			if strings.HasPrefix(sql, begin) {
				may = begin
			}
		}
		for _, step := range plan {
			switch {
			case !walks.MatchString(step):
			case may == "":
				t.Errorf("%s: %s", step, sql)
			default:
				used[may] = true
			}
		}
	}
	for begin := range mayWalk {
		if !used[begin] {
			t.Errorf("%q is on the list and walks nowhere", begin)
		}
	}
	if looked < 100 {
		t.Errorf("only %d statements were looked at", looked)
	}
	t.Logf("%d statements", looked)
}

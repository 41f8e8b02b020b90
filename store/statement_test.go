package store

import (
	"fmt"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
)

// Whatever a place held before, the statement takes what it is given now.
func TestAStatementTakesWhatItIsGiven(t *testing.T) {
	c, err := openSQLite(":memory:", sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if _, err := c.exec("CREATE TABLE given (v, again CHECK (again <> 'refused'))"); err != nil {
		t.Fatal(err)
	}
	long, number, text := strings.Repeat("长", shortText), int64(7), "district"
	args := []any{"district", "district", "", "", int64(7), "7", "district", []byte("district"), "district", &text, long, long, "district",
		[]byte(nil), "", &number, "", true, "refused", "district", 0, otherwise, otherwise, "", "é", "e"}
	var want []string
	for _, a := range args {
		refused := a == "refused"
		if _, err := c.exec("INSERT INTO given (v, again) VALUES ($1, $2)", a, a); (err != nil) != refused {
			t.Fatalf("%v: %v", a, err)
		}
		if !refused {
			want = append(want, asSQLite(a))
		}
	}
	var got []string
	if err := c.query("SELECT typeof(v), v, v IS again FROM given ORDER BY rowid", nil, func(r cells) error {
		if !r.bool(2) {
			t.Errorf("row %d: the second place holds another value than the first", len(got))
		}
		got = append(got, fmt.Sprintf("%s %s", r.text(0), r.text(1)))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("stored\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s := c.stmts["INSERT INTO given (v, again) VALUES ($1, $2)"]; s == nil || len(s.holds) != 2 || s.holds[0] != "e" {
		t.Errorf("the statement was made anew, or remembers nothing: %+v", s)
	}
}

func asSQLite(a any) string {
	switch a := a.(type) {
	case string:
		return "text " + a
	case *string:
		return "text " + *a
	case []byte:
		return "blob " + string(a)
	case bool:
		return "integer 1"
	case *int64:
		return fmt.Sprint("integer ", *a)
	}
	return fmt.Sprint("integer ", a)
}

// What could not be given is not taken for held the next time.
func TestATextThatCouldNotBeGivenIsNotHeld(t *testing.T) {
	c, err := openSQLite(":memory:", sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for range 2 {
		if err := c.query("SELECT $1", []any{"one", "too many"}, func(cells) error { return nil }); err == nil {
			t.Fatal("a text without a place was taken")
		}
	}
}

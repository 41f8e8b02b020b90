package codelist

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"bihuan/ground/fault"
)

func TestCreditCode(t *testing.T) {
	for _, v := range []struct {
		name, code string
		checked    bool // the organisation code's own check
	}{
		{"a firm with letters in its organisation code", "91350100M000100Y43", true},
		{"a firm", "91110108551385082Q", true},
		{"another firm", "91440300708461136T", true},
		{"a city government's office", "11220100013828800N", true},
		{"a district organ", "11330105002500287C", true},
		{"a provincial organ", "11430000006122244L", true},
		{"a check symbol of zero", "113700000045030270", true},
	} {
		c, err := ParseCreditCode(" " + strings.ToLower(v.code) + " ")
		if err != nil || string(c) != v.code {
			t.Errorf("%s: %s = %s, %v", v.name, v.code, c, err)
			continue
		}
		if org, checked := c.Organisation(); checked != v.checked || org != v.code[8:17] {
			t.Errorf("%s: organisation %s checked %v", v.name, org, checked)
		}
	}
	for name, code := range map[string]string{
		"too short":                      "9135010M000100Y43",
		"a letter O for zero":            "9135O100M000100Y43",
		"two digits swapped":             "91530100M000100Y43",
		"a wrong check symbol":           "91350100M000100Y44",
		"letters where a division is":    "91A50100M000100Y43",
		"nothing":                        "",
		"Chinese characters of 18 bytes": "统一社会信用",
	} {
		if c, err := ParseCreditCode(code); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %q = %q, %v, want ErrInvalid", name, code, c, err)
		}
	}
}

// TestOrganisationCheck has the vectors of the domain: eight symbols and their check.
func TestOrganisationCheck(t *testing.T) {
	for code, want := range map[string]byte{"M000100Y": '4', "55138508": '2', "01382880": '0'} {
		if got := organisationCheck(code); got != want {
			t.Errorf("check of %s = %c, want %c", code, got, want)
		}
	}
}

func TestIDNumber(t *testing.T) {
	n, err := ParseIDNumber("11010519491231002x") // the standard's own example
	if err != nil {
		t.Fatal(err)
	}
	y, m, d := n.Birth()
	if got := strings.TrimSpace(fmt.Sprintln(n, n.Division(), y, m, d, n.IsMale(), n.Reveal())); got != "110105********002X 110105 1949 12 31 false 11010519491231002X" {
		t.Errorf("read as %s", got)
	}
	if got := fmt.Sprintf("%#v %+v", n, struct{ N IDNumber }{n}); strings.Contains(got, "1949") {
		t.Errorf("printed in clear: %s", got)
	}
	for name, s := range map[string]string{
		"too short":              "1101051949123100",
		"a letter inside":        "11010519491231O02X",
		"an unknown province":    "990105194912310025",
		"a day that never was":   "110105194902300023",
		"a wrong check symbol":   "110105194912310021",
		"an X that is not last":  "1101051949123X0021",
		"born before it is able": "110105179912310029",
	} {
		_, err := ParseIDNumber(s)
		if !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", name, err)
		} else if strings.Contains(err.Error(), s) {
			t.Errorf("%s: the error tells the number", name)
		}
	}
}

// TestEveryMistypedDigit: the checks find each single wrong digit and each swap of two
// neighbours that differ, which is what they are for.
func TestEveryMistypedDigit(t *testing.T) {
	const id = "11010519491231002X"
	const credit = "91350100M000100Y43"
	for i := 0; i < 17; i++ {
		for r := byte('0'); r <= '9'; r++ {
			for _, good := range []string{id, credit} {
				bad := good[:i] + string(r) + good[i+1:]
				if bad == good {
					continue
				}
				if _, err := ParseIDNumber(bad); good == id && err == nil {
					t.Errorf("identity number passes with digit %d made %c", i+1, r)
				}
				if _, err := ParseCreditCode(bad); good == credit && err == nil {
					t.Errorf("credit code passes with place %d made %c", i+1, r)
				}
			}
		}
	}
}

func TestDivision(t *testing.T) {
	for _, v := range []struct {
		code   string
		level  Level
		parent Division
	}{
		{"220000", Province, ""},
		{"220100", City, "220000"},
		{"220105", County, "220100"},
		{"220105001", Street, "220105"},
		{"220105001002", Community, "220105001"},
		{"220105001000", Street, "220105"},
		{"429004", County, "429000"},
	} {
		d, err := ParseDivision(v.code)
		if err != nil || d.Level() != v.level || d.Parent() != v.parent {
			t.Errorf("%s: level %d parent %s (%v), want %d %s", v.code, d.Level(), d.Parent(), err, v.level, v.parent)
		}
	}
	for _, bad := range []string{"", "2201", "22010", "22010x", "990105", "000000", "220005", "220100001", "２２０１０５"} {
		if d, err := ParseDivision(bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q = %s, %v, want ErrInvalid", bad, d, err)
		}
	}
	for _, v := range []struct {
		d, e   Division
		within bool
	}{
		{"220105001", "220105", true}, {"220105", "220100", true}, {"220105", "220000", true}, {"220105", "220105", true},
		{"220105", "220106", false}, {"220105", "220105001", false}, {"220100", "220105", false}, {"220105001000", "220105001", true},
	} {
		if got := v.d.Within(v.e); got != v.within {
			t.Errorf("%s within %s = %v", v.d, v.e, got)
		}
	}
}

func TestIndustry(t *testing.T) {
	for _, v := range []struct{ in, code, section, parent string }{
		{"c", "C", "C", ""}, {"C36", "36", "C", "C"}, {"36", "36", "C", "C"}, {"3610", "3610", "C", "361"}, {"A01", "01", "A", "A"}, {"T97", "97", "T", "T"},
	} {
		i, err := ParseIndustry(v.in)
		if err != nil || string(i) != v.code || string(i.Section()) != v.section || string(i.Parent()) != v.parent {
			t.Errorf("%s = %s of %s under %s (%v)", v.in, i, i.Section(), i.Parent(), err)
		}
	}
	for _, bad := range []string{"", "U", "Z", "1", "98", "00", "B36", "C36100", "36a", "制造", "C3"} {
		if i, err := ParseIndustry(bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q = %s, %v, want ErrInvalid", bad, i, err)
		}
	}
	if !Industry("3610").Within("C") || Industry("3610").Within("B") {
		t.Error("3610 is not within C, or within B")
	}
}

func records(t *testing.T, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile("../../packs/cn/records/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "\r") || strings.HasPrefix(string(b), "\ufeff") {
		t.Errorf("%s has a byte order mark or carriage returns", name)
	}
	rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// TestDivisionsOfThePack: each division parses, stands under one that is there, and has the
// level that its digits say.
func TestDivisionsOfThePack(t *testing.T) {
	levels := map[string]Level{"province": Province, "city": City, "county": County, "street": Street}
	count := map[string]int{}
	seen := map[string]bool{}
	for _, r := range records(t, "divisions.csv") {
		d, err := ParseDivision(r[0])
		if err != nil || r[1] == "" || d.Level() != levels[r[2]] {
			t.Errorf("%v: level %d, %v", r, d.Level(), err)
		}
		direct := r[2] == "county" && strings.HasSuffix(r[3], "0000") // 省直辖县级
		if r[3] != string(d.Parent()) && !direct {
			t.Errorf("%s %s stands under %s, its digits say %s", r[0], r[1], r[3], d.Parent())
		}
		if seen[r[0]] || r[3] != "" && !seen[r[3]] {
			t.Errorf("%s %s is there twice or before its parent %s", r[0], r[1], r[3])
		}
		seen[r[0]] = true
		count[r[2]]++
		if r[2] == "county" && r[0][:2] == "22" {
			count["counties of Jilin"]++
		}
	}
	// 民政部, 2023: 34 provinces, 333 prefectures, and 60 counties in Jilin.
	want := map[string]int{"province": 34, "city": 333, "counties of Jilin": 60, "street": 12, "county": 92}
	if fmt.Sprint(count) != fmt.Sprint(want) {
		t.Errorf("counted %v, want %v", count, want)
	}
}

// TestIndustriesOfThePack holds the register against the sections table.
func TestIndustriesOfThePack(t *testing.T) {
	count := map[string]int{}
	for _, r := range records(t, "industries.csv") {
		i, err := ParseIndustry(r[0])
		if err != nil || r[1] == "" || r[2] == "" || r[4] != string(i.Parent()) {
			t.Errorf("%v: parent %s, %v", r, i.Parent(), err)
		}
		count[r[3]]++
	}
	if count["1"] != 20 || count["2"] != 97 {
		t.Errorf("%d sections and %d divisions, want 20 and 97", count["1"], count["2"])
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"91350100M000100Y43", "11010519491231002X", "220105001002", "C36", "统一社会信用", "\xff220105"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCreditCode(s); err == nil {
			if again, err := ParseCreditCode(string(c)); err != nil || again != c {
				t.Errorf("credit code %q reads again as %q, %v", c, again, err)
			}
			_, _ = c.Organisation()
		}
		if n, err := ParseIDNumber(s); err == nil {
			if again, err := ParseIDNumber(n.Reveal()); err != nil || again != n {
				t.Errorf("identity number %q reads again as %q, %v", n, again, err)
			}
		}
		if d, err := ParseDivision(s); err == nil {
			if again, err := ParseDivision(string(d)); err != nil || again != d || d.Level() < Province || !d.Within(d) {
				t.Errorf("division %q reads again as %q, %v", d, again, err)
			}
		}
		if i, err := ParseIndustry(s); err == nil {
			if again, err := ParseIndustry(string(i)); err != nil || again != i || i.Section() == "" {
				t.Errorf("industry %q reads again as %q, %v", i, again, err)
			}
		}
	})
}

func ExampleParseCreditCode() {
	c, err := ParseCreditCode("91350100m000100y43")
	fmt.Println(c, err)
	_, err = ParseCreditCode("91350100M000100Y44")
	fmt.Println(err)
	// Output:
	// 91350100M000100Y43 <nil>
	// credit code "91350100M000100Y44": the check symbol is 4, by the others it should be 3: invalid
}

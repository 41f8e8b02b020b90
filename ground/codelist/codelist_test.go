package codelist

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"bihuan/ground/fault"
)

func TestCreditCode(t *testing.T) {
	for _, v := range []struct{ name, code string }{
		{"a firm with letters in its organisation code", "91350100M000100Y43"},
		{"a firm", "91110108551385082Q"},
		{"another firm", "91440300708461136T"},
		{"a city government's office", "11220100013828800N"},
		{"a district organ", "11330105002500287C"},
		{"a provincial organ", "11430000006122244L"},
		{"a check symbol of zero", "113700000045030270"},
	} {
		c, err := ParseCreditCode(" " + strings.ToLower(v.code) + " ")
		if err != nil || string(c) != v.code {
			t.Errorf("%s: %s = %s, %v", v.name, v.code, c, err)
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

func TestIDNumber(t *testing.T) {
	n, err := ParseIDNumber("11010519491231002x") // the standard's own example
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(n, " ", n.Reveal()); got != "110105********002X 11010519491231002X" {
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

func FuzzParse(f *testing.F) {
	for _, s := range []string{"91350100M000100Y43", "11010519491231002X", "统一社会信用", "\xff220105"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCreditCode(s); err == nil {
			if again, err := ParseCreditCode(string(c)); err != nil || again != c {
				t.Errorf("credit code %q reads again as %q, %v", c, again, err)
			}
		}
		if n, err := ParseIDNumber(s); err == nil {
			if again, err := ParseIDNumber(n.Reveal()); err != nil || again != n {
				t.Errorf("identity number %q reads again as %q, %v", n, again, err)
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

package otp

import (
	"encoding/base32"
	"fmt"
	"strings"
	"testing"
)

// rfcSeed is the seed of the test vectors of both RFCs.
var rfcSeed = Seed([]byte("12345678901234567890"))

// TestVectors: RFC 6238 appendix B (SHA-1, eight digits) and RFC 4226 appendix D (six digits).
func TestVectors(t *testing.T) {
	for seconds, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := code(SHA1, rfcSeed[:], StepAt(seconds*1_000_000), 8); got != want {
			t.Errorf("at %d s: %s, want %s", seconds, got, want)
		}
	}
	for counter, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := Code(SHA1, rfcSeed, int64(counter)); got != want {
			t.Errorf("counter %d: %s, want %s", counter, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	now := int64(1_700_000_000_000_000)
	at := StepAt(now)
	for _, c := range []struct {
		name  string
		given string
		step  int64
		ok    bool
	}{
		{"now", Code(SM3, rfcSeed, at), at, true},
		{"with blanks", Code(SM3, rfcSeed, at)[:3] + " " + Code(SM3, rfcSeed, at)[3:], at, true},
		{"a device half a minute slow", Code(SM3, rfcSeed, at-1), at - 1, true},
		{"a device half a minute fast", Code(SM3, rfcSeed, at+1), at + 1, true},
		{"a minute ago", Code(SM3, rfcSeed, at-2), 0, false},
		{"the other algorithm", Code(SHA1, rfcSeed, at), 0, false},
		{"nothing", "", 0, false},
		{"five digits", Code(SM3, rfcSeed, at)[:5], 0, false},
	} {
		if step, ok := Match(SM3, rfcSeed, c.given, now); step != c.step || ok != c.ok {
			t.Errorf("%s: %d %v", c.name, step, ok)
		}
	}
}

func TestSeed(t *testing.T) {
	if b, err := base32.StdEncoding.DecodeString(rfcSeed.Text()); err != nil || Seed(b) != rfcSeed {
		t.Error(b, err)
	}
	if got := fmt.Sprintf("%v %+v %#v %s", rfcSeed, rfcSeed, rfcSeed, rfcSeed); strings.Contains(got, "49") {
		t.Errorf("a seed prints itself: %s", got)
	}
}

func ExampleURI() {
	fmt.Println(URI(SHA1, Seed([]byte("12345678901234567890")), "Bihuan 220105", "li.haiyan"))
	// Output: otpauth://totp/Bihuan%20220105:li.haiyan?algorithm=SHA1&digits=6&issuer=Bihuan%20220105&period=30&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
}

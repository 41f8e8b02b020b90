package web

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"bihuan/ground/name"
)

// TestNoFormTakesAKeyOfThePlatform: a form sent with the key by which the platform will fire a matter's next rung, which whoever can see the matter can
// work out, leaves the rung as it is.
func TestNoFormTakesAKeyOfThePlatform(t *testing.T) {
	h := stand(t)
	office, late := h.openSite()
	_, other := h.openSite()
	version := func() int64 {
		v, err := h.desk.Matter(t.Context(), h.who(office), name.ID(late))
		h.must(err)
		return v.Version
	}
	before := version()
	w := h.act(office, other, "ask-change-plan", map[string]string{"f.due": "2024-01-31", "reason": "管线迁改推迟", "command": "ring-" + late + "-" + strconv.FormatInt(before, 10)}, nil)
	h.follow(w)
	h.now.Add((60 * 24 * time.Hour).Microseconds())
	fired, err := h.desk.Ring(t.Context(), name.ID(late))
	h.must(err)
	if after := version(); fired == 0 || after < before+int64(fired) {
		t.Errorf("%d rungs fired and the matter went from version %d to %d", fired, before, after)
	}
}

// TestKeysOfFormsAreReadInOnePlace: no page hands on the key of a form as it was typed.
func TestKeysOfFormsAreReadInOnePlace(t *testing.T) {
	raw := regexp.MustCompile(`(Command: +|q\.Who, )q\.(Post)?FormValue\("command"\)`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		read += strings.Count(string(text), "sentCommand()")
		for _, line := range raw.FindAllString(strings.ReplaceAll(string(text), "CommandOf(q.Who, q.FormValue", ""), -1) {
			t.Errorf("%s: %s", f.Name(), line)
		}
	}
	if read < 20 {
		t.Errorf("%d forms read their key", read)
	}
}

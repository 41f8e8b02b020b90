//go:build long

package extract

import (
	"os"
	"strings"
	"testing"
)

func TestEveryQuotationIsExact(t *testing.T) {
	for _, dir := range []string{"testdata", shared} {
		if _, err := os.Stat(dir); err != nil {
			t.Logf("SKIPPED: no reports at %s", dir)
			continue
		}
		for _, name := range reports(t, dir) {
			text := readText(t, dir, name)
			check(t, text)
			r := []rune(text)
			for i := 0; i < len(r); i += len(r)/25 + 1 { // cut anywhere
				check(t, string(r[i:]))
				check(t, string(r[:i]))
			}
			check(t, strings.ReplaceAll(text, "\n", "\r\n"))
			check(t, strings.ReplaceAll(text, "，", ","))
			check(t, strings.ReplaceAll(text, "。", "\xff"))
		}
	}
}

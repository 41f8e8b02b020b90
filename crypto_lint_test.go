//go:build !race

package bihuan

import (
	"path"
	"strings"
	"testing"
)

// TestCryptographyIsListed looks for every room that imports cryptography in docs/cryptography.md, and the other way round.
//
// Source: OWASP ASVS 5.0.0, 11.1.2 and 11.1.3, as read.
func TestCryptographyIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, row := range tableRows(t, "docs/cryptography.md") {
		if len(row) == 3 && strings.HasPrefix(row[0], "`") && !strings.HasPrefix(row[0], "`FILE") {
			for _, room := range ticked(row[0]) {
				listed[room] = false
			}
		}
	}
	for _, s := range house(t) {
		room := path.Dir(s.file)
		if strings.HasPrefix(room, "internal/") || room == "store/storetest" {
			continue
		}
		for _, imp := range s.imports() {
			if !strings.HasPrefix(imp, "crypto/") && !strings.HasPrefix(imp, "golang.org/x/crypto/") && !strings.HasPrefix(imp, "github.com/emmansun/gmsm/") {
				continue
			}
			if _, ok := listed[room]; !ok {
				t.Errorf("%s uses %s, and docs/cryptography.md does not list the room", s.file, imp)
			}
			listed[room] = true
		}
	}
	for room, used := range listed {
		if !used && room != "identity/passkey" && room != "api" { // those through a library and through what is handed down
			t.Errorf("docs/cryptography.md lists %s, which uses none", room)
		}
	}
}

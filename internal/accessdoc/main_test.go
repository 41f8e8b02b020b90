package main

import (
	"os"
	"strings"
	"testing"

	"bihuan/ground/access"
	"bihuan/pack"
	"bihuan/packs"
)

func TestTheDocumentIsCurrent(t *testing.T) {
	p, err := pack.ReadPolicy(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != Document(p) {
		t.Error("docs/access.md is not what packs/access.yaml says: go generate ./packs")
	}
	for _, d := range access.Actions() {
		if !strings.Contains(string(got), "`"+string(d.Action)+"`") {
			t.Errorf("%s is not in it", d.Action)
		}
	}
}

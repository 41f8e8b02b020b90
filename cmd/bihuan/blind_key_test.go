package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/desk/hooks"
)

func TestTheFileOfTheKeyOfBlindIndexes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bihuan.db.key")
	first, err := newBlindKey(path, systemChance)
	if err != nil || len(first) != blindKeyBytes {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	k, err := readBlindKeys(path)
	if err != nil || !bytes.Equal(first, k.now) || k.past != nil || k.changing != "" {
		t.Errorf("read again: %+v, %v", k, err)
	}
	if _, err := newBlindKey(path, systemChance); err == nil {
		t.Error("a key that is there is made anew")
	}
	k = blindKeys{now: first, past: []hooks.Past{{Secret: bytes.Repeat([]byte{1}, 32)}, {Secret: bytes.Repeat([]byte{2}, 32), Until: 7}}, changing: "每年 更换"}
	if err := k.write(path); err != nil {
		t.Fatal(err)
	}
	again, err := readBlindKeys(path)
	if err != nil || !bytes.Equal(again.now, k.now) || len(again.past) != 2 || again.past[1].Until != 7 || again.changing != k.changing || !bytes.Equal(again.before(), k.past[0].Secret) {
		t.Errorf("written and read: %+v, %v", again, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	hex := strings.Repeat("ab", 32)
	for text, says := range map[string]string{
		"nonsense":                            "64 hexadecimal digits are expected",
		"":                                    "64 hexadecimal digits are expected",
		hex + "\n" + hex:                      "64 hexadecimal digits are expected",
		blindHead:                             "holds no key",
		blindHead + "\nnow ab":                "line 2",
		blindHead + "\nnow " + hex + "\nelse": "line 3",
		blindHead + "\npast " + hex:           "line 2",
		blindHead + "\nnow " + hex + "\nnow " + hex: "line 3",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readBlindKeys(path); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), hex) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

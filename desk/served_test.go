package desk

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/upload"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
	"bihuan/kernel/journal"
)

// inert are the types under which anything is handed out, with the endings of names that go with them.
var inert = map[string][]string{"image/jpeg": {".jpg", ".jpeg"}, "image/png": {".png"}, "application/pdf": {".pdf"}, "text/plain; charset=utf-8": {".txt"}, "application/zip": {".zip"},
	"application/octet-stream": {".bin", ".doc"}, "application/vnd.openxmlformats-officedocument.wordprocessingml.document": {".docx"}}

// TestBar_I04_NoPlaceIsHandedOut: of photos that say where they were taken, no copy does, and the original stays as it came.
func TestBar_I04_NoPlaceIsHandedOut(t *testing.T) {
	n := bar.Count(100, 1000)
	d := &Desk{copies: newCopies()}
	for i := range n {
		raw := corpus.Located(i)
		f, err := Upload("photo", "a.jpg", "", raw)
		if err != nil || !bytes.Equal(f.Bytes, raw) {
			t.Fatalf("the original is not kept as it came: %v", err)
		}
		out, err := d.Served(t.Context(), f)
		bare, bareErr := Bare("photo", f)
		if err != nil || bareErr != nil || out.Hash != f.Hash {
			t.Fatal(err, bareErr)
		}
		for what, b := range map[string][]byte{"the copy": out.Bytes, "what a door keeps": bare.Bytes} {
			if bytes.Contains(b, []byte("GPS")) || bytes.Contains(b, []byte("xmp")) {
				t.Errorf("%s of photo %d says where it was taken", what, i)
			}
		}
		if !bytes.Contains(out.Bytes[:40], []byte("Exif\x00\x00MM\x00*")) {
			t.Errorf("photo %d lies on its side", i)
		}
	}
	bar.Report(t, "I-04", "%d photos with places: 0 in what is handed out or kept bare of a citizen's, originals unchanged under their hash", n)
}

// shelf is a scanner with its memory.
type shelf struct {
	down  bool
	asked int
	said  map[ledger.Hash]string
}

func (s *shelf) Scan(_ context.Context, b []byte) (string, error) {
	s.asked++
	if s.down {
		return "", fault.ErrUnavailable
	}
	if bytes.Contains(b, corpus.EICAR()) {
		return "Eicar-Test-Signature", nil
	}
	return "", nil
}

func (s *shelf) Scanned(_ context.Context, h ledger.Hash) (string, bool, error) {
	found, ok := s.said[h]
	return found, ok, nil
}

func (s *shelf) Unscanned(context.Context, string, int) ([]ledger.Hash, error) { return nil, nil }

func (s *shelf) PutScanned(_ context.Context, h ledger.Hash, _ int64, found string) error {
	s.said[h] = found
	return nil
}

// TestBar_I01_WhatTheScannerFindsIsKeptApart: found on the way in it is refused; what came while the scanner was away waits, and is
// handed out only once it was looked at.
func TestBar_I01_WhatTheScannerFindsIsKeptApart(t *testing.T) {
	s := &shelf{said: map[ledger.Hash]string{}}
	d := &Desk{copies: newCopies(), world: World{Scanner: s, Quarantine: s, Now: func() int64 { return 1 }}}
	code := func(err error) string {
		if err == nil {
			return ""
		}
		return asRefusal(err).Code
	}
	good, _ := Upload("f", "a.png", "", corpus.PNG(1))
	bad, _ := Upload("f", "b.txt", "", corpus.EICAR())
	late, _ := Upload("f", "c.png", "", append(corpus.PNG(2), corpus.EICAR()...))
	files := []journal.File{good, bad}
	if err := d.scan(t.Context(), files); code(err) != "file-quarantined" {
		t.Errorf("what carries a virus was taken: %v", err)
	}
	if _, err := d.Served(t.Context(), bad); code(err) != "file-quarantined" {
		t.Errorf("what carries a virus was handed out: %v", err)
	}
	s.down = true
	if err := d.scan(t.Context(), []journal.File{late}); err != nil {
		t.Errorf("while the scanner is away nothing is taken: %v", err)
	}
	if _, err := d.Served(t.Context(), late); code(err) != "file-waiting" || !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("what nobody looked at was handed out: %v", err)
	}
	if _, err := d.Served(t.Context(), good); err != nil {
		t.Errorf("what was looked at waits again: %v", err)
	}
	s.down = false
	if _, err := d.Served(t.Context(), late); code(err) != "file-quarantined" {
		t.Errorf("what came while the scanner was away was handed out: %v", err)
	}
	asked := s.asked
	for range 3 {
		d.Served(t.Context(), good)
		d.Served(t.Context(), late)
	}
	if s.asked != asked {
		t.Errorf("the scanner is asked again about what it knows")
	}
	bar.Report(t, "I-01", "EICAR found on the way in is refused, found later is kept apart, and nothing unseen is handed out")
}

func TestPicturesOfNoReadableKindAreBytes(t *testing.T) {
	d := &Desk{copies: newCopies()}
	f := journal.File{Name: "a.png", Media: "image/png", Bytes: corpus.PNG(1)[:60]}
	out, err := d.Served(t.Context(), f)
	if err != nil || out.Media != "application/octet-stream" || out.Name != "a.bin" {
		t.Errorf("%s %s %v", out.Media, out.Name, err)
	}
	if k, err := upload.Look(corpus.GIF(1)); err != nil || !k.Image {
		t.Errorf("a drawing: %+v %v", k, err)
	}
}

// TestCopiesAreBounded: however many pictures are asked for, what is kept of them stays within its bytes.
func TestCopiesAreBounded(t *testing.T) {
	c := newCopies()
	for i := range 20 {
		f := journal.File{Bytes: make([]byte, 4<<20)}
		f.Hash[0] = byte(i)
		if _, err := c.of(t.Context(), f.Hash, func() (journal.File, error) { return f, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if c.bytes > maxCopies || len(c.by) != c.used.Len() || len(c.by) != maxCopies/(4<<20) {
		t.Errorf("%d bytes in %d pictures", c.bytes, len(c.by))
	}
}

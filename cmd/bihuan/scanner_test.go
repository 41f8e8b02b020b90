//go:build long

package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/internal/corpus"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// TestTheScannerIsWired: what clamd finds comes into no matter, and what it has not seen comes out of none.
func TestTheScannerIsWired(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go corpus.Clamd{Limit: 32 << 20}.Serve(l)
	c := defaults()
	c.Database, c.Scanner = filepath.Join(t.TempDir(), "bihuan.db"), "tcp://"+l.Addr().String()
	h, err := build(t.Context(), c, systemTime, systemChance, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	who, _ := h.desk.Directory().Caller(h.desk.Directory().Of("watch-centre", "collector")[0].Key, "zh")
	file := func(ctx context.Context, b []byte) (desk.Done, journal.File, error) {
		f, err := desk.Upload("evidence", "现场.png", "", b)
		if err != nil {
			t.Fatal(err)
		}
		done, err := h.desk.Start(ctx, who, desk.Do{Kind: "urban/case", Act: "collect", Files: []journal.File{f}, Evidence: []matter.Evidence{{Kind: matter.Photo, File: f.Hash.String(), Name: f.Name}},
			With: map[string]string{"title": "路面冒水", "class": "E05001", "condition": "E05001-1", "area": "220105001", "place": "125.358,43.865", "address": "东盛大街"}})
		return done, f, err
	}
	if _, _, err := file(t.Context(), append(corpus.PNG(1), corpus.EICAR()...)); err == nil || !strings.Contains(err.Error(), "file-quarantined") {
		t.Errorf("a virus came in: %v", err)
	}
	if _, f, err := file(t.Context(), corpus.PNG(2)); err != nil {
		t.Error(err)
	} else if found, asked, err := h.store.Scanned(t.Context(), f.Hash); err != nil || !asked || found != "" {
		t.Errorf("what the scanner said is not remembered: %q %v %v", found, asked, err)
	}
	l.Close()
	done, f, err := file(t.Context(), corpus.PNG(3))
	if err != nil {
		t.Fatalf("while the scanner is away nothing is taken: %v", err)
	}
	kept, err := h.desk.File(t.Context(), who, done.Matter, f.Hash)
	if err != nil || !bytes.Equal(kept.Bytes, f.Bytes) {
		t.Fatal(err)
	}
	if _, err := h.desk.Served(t.Context(), kept); err == nil || !strings.Contains(err.Error(), "file-waiting") {
		t.Errorf("what nobody looked at was handed out: %v", err)
	}
	_, infected, err := file(t.Context(), append(corpus.PNG(4), corpus.EICAR()...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.watch.Tick(t.Context()); err != nil {
		t.Errorf("the scheduler is held up by a scanner that is away: %v", err)
	}
	back, err := net.Listen("tcp", l.Addr().String())
	if err != nil {
		t.Fatal("the port of the scanner was taken meanwhile: ", err)
	}
	defer back.Close()
	go corpus.Clamd{Limit: 32 << 20}.Serve(back)
	if _, err := h.watch.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, asked, err := h.store.Scanned(t.Context(), f.Hash); err != nil || !asked || found != "" {
		t.Errorf("the scheduler has not asked about a file that waited: %q %v %v", found, asked, err)
	}
	if found, asked, err := h.store.Scanned(t.Context(), infected.Hash); err != nil || !asked || found == "" {
		t.Errorf("what was infected and came in while the scanner was away is not found by the scheduler: %q %v %v", found, asked, err)
	}
	if _, err := h.desk.Served(t.Context(), kept); err != nil {
		t.Errorf("a file that the scanner has looked at meanwhile is not handed out: %v", err)
	}
	c.Scanner, c.Database = "nowhere", filepath.Join(t.TempDir(), "other.db")
	if _, err := build(t.Context(), c, systemTime, systemChance, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("an address that is none was taken for a scanner")
	}
}

package storetest

import (
	"context"
	"errors"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Tree is what keeps the tree over a log and what was signed of it.
type Tree interface {
	LeafHashes(ctx context.Context, log name.District, after int64, limit int) ([]ledger.Hash, error)
	Tree(ctx context.Context, log name.District) (algorithm string, size int64, err error)
	PutTiles(ctx context.Context, log name.District, algorithm string, from, size int64, tiles []journal.Tile) error
	Tile(ctx context.Context, log name.District, level int, place int64) ([]byte, error)
	DropTree(ctx context.Context, log name.District) error
	PutCheckpoint(ctx context.Context, c journal.Checkpoint) error
	Checkpoints(ctx context.Context, log name.District, below int64, limit int) ([]journal.Checkpoint, error)
	DropCheckpoints(ctx context.Context, log name.District, before int64) error
	PutExamination(ctx context.Context, x journal.Examination) error
	Examinations(ctx context.Context, log name.District, limit int) ([]journal.Examination, error)
	AllPersonal(ctx context.Context, log name.District, after name.ID, field string, limit int) ([]journal.Personal, error)
}

func tree(t *testing.T, open Open) {
	s, ctx := open(t, t.TempDir()), context.Background()
	defer s.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, size, err := s.Tree(ctx, log); size != 0 || err != nil {
		t.Fatalf("a new log has a tree of %d, %v", size, err)
	}
	must(s.PutTiles(ctx, log, "SM3", 0, 2, []journal.Tile{{Hashes: make([]byte, 64)}}))
	must(s.PutTiles(ctx, log, "SM3", 2, 3, []journal.Tile{{Hashes: make([]byte, 96)}}))
	for name, err := range map[string]error{
		"from a size that has passed": s.PutTiles(ctx, log, "SM3", 2, 4, nil),
		"from the beginning again":    s.PutTiles(ctx, log, "SM3", 0, 4, nil),
		"by another algorithm":        s.PutTiles(ctx, log, "SHA-256", 3, 4, nil),
	} {
		if !errors.Is(err, fault.ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.PutTiles(ctx, log, "SM3", 3, 4, []journal.Tile{{Hashes: make([]byte, 33)}}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a tile of 33 bytes: %v", err)
	}
	a, size, err := s.Tree(ctx, log)
	if hashes, e := s.Tile(ctx, log, 0, 0); a != "SM3" || size != 3 || err != nil || len(hashes) != 96 || e != nil {
		t.Errorf("%s of %d, %v; tile of %d bytes, %v", a, size, err, len(hashes), e)
	}
	must(s.DropTree(ctx, log))
	if _, err := s.Tile(ctx, log, 0, 0); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a dropped tile: %v", err)
	}
}

func checkpoints(t *testing.T, open Open) {
	s, ctx := open(t, t.TempDir()), context.Background()
	defer s.Close()
	for _, c := range []journal.Checkpoint{{Log: log, Size: 5, At: 10, Kept: true, Note: "a"}, {Log: log, Size: 7, At: 20, Note: "b"}, {Log: log, Size: 9, At: 30, Note: "c"},
		{Log: log, Size: 5, At: 11, Note: "a cosigned"}} {
		if err := s.PutCheckpoint(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.DropCheckpoints(ctx, log, 100); err != nil {
		t.Fatal(err)
	}
	all, err := s.Checkpoints(ctx, log, -1, 10)
	if err != nil || len(all) != 2 || all[0].Note != "c" || all[1] != (journal.Checkpoint{Log: log, Size: 5, At: 11, Kept: true, Note: "a cosigned"}) {
		t.Errorf("%+v %v", all, err)
	}
	if below, err := s.Checkpoints(ctx, log, 9, 10); err != nil || len(below) != 1 {
		t.Errorf("below 9: %+v %v", below, err)
	}
	x := journal.Examination{Log: log, At: 5, Events: 3, Head: "ab", Bad: 4, Reason: "leaf: x", Took: 6}
	if err := s.PutExamination(ctx, x); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Examinations(ctx, log, 5); err != nil || len(all) != 1 || all[0] != x {
		t.Errorf("%+v %v", all, err)
	}
}

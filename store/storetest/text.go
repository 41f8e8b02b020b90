package storetest

import (
	"context"
	"slices"
	"testing"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// Text is what keeps full text.
type Text interface {
	Parts(ctx context.Context, log name.District, book journal.Book) ([]journal.Part, error)
	PutPart(ctx context.Context, log name.District, book journal.Book, p journal.Part, instead []int64) error
	PutLeaves(ctx context.Context, log name.District, book journal.Book, part int64, leaves []journal.Leaf) error
	LooseParts(ctx context.Context, log name.District, book journal.Book) ([]int64, error)
	DropLeaves(ctx context.Context, log name.District, book journal.Book, part int64) (int64, error)
	LeavesAt(ctx context.Context, log name.District, book journal.Book, asks []journal.LeafAt) ([]journal.Leaf, error)
	Leaves(ctx context.Context, log name.District, book journal.Book, part, from int64, limit int) ([]journal.Leaf, error)
	Docs(ctx context.Context, log name.District, book journal.Book, streams []name.ID) ([]int64, error)
	PutDocs(ctx context.Context, log name.District, book journal.Book, first int64, streams []name.ID) error
	NextDoc(ctx context.Context, log name.District, book journal.Book) (int64, error)
	DocStreams(ctx context.Context, log name.District, book journal.Book, docs []int64) ([]name.ID, error)
}

func book(t *testing.T, open Open) {
	s, ctx := open(t, t.TempDir()), context.Background()
	defer s.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const b = journal.Book("matter")
	must(s.PutLeaves(ctx, log, b, 1, []journal.Leaf{{First: 10, Bytes: []byte("a")}, {First: 20, Bytes: []byte("b")}}))
	must(s.PutLeaves(ctx, log, "open", 1, []journal.Leaf{{First: 15, Bytes: []byte("z")}}))
	must(s.PutLeaves(ctx, log, b, 7, []journal.Leaf{{First: 1}, {First: 2}}))
	if loose, err := s.LooseParts(ctx, log, b); err != nil || !slices.Equal(loose, []int64{1, 7}) {
		t.Errorf("leaves without a part are loose: %v, %v", loose, err)
	}
	if n, err := s.DropLeaves(ctx, log, b, 7); err != nil || n != 2 {
		t.Errorf("%d loose leaves dropped, %v", n, err)
	}
	must(s.PutPart(ctx, log, b, journal.Part{ID: 1, Age: 1, Docs: 2, Cards: []byte("cards")}, nil))
	got, err := s.LeavesAt(ctx, log, b, []journal.LeafAt{{Part: 1, Term: 9}, {Part: 1, Term: 10}, {Part: 1, Term: 19}, {Part: 1, Term: 99}, {Part: 2, Term: 99}})
	must(err)
	text := ""
	for _, l := range got {
		text += string(l.Bytes) + "."
	}
	if text != ".a.a.b.." {
		t.Errorf("leaves at terms: %q", text)
	}
	if all, err := s.Leaves(ctx, log, b, 1, 11, 5); err != nil || len(all) != 1 || all[0].First != 20 {
		t.Errorf("leaves from 11: %v, %v", all, err)
	}
	must(s.PutPart(ctx, log, b, journal.Part{ID: 2, Age: 2, Docs: 1}, []int64{1}))
	if parts, err := s.Parts(ctx, log, b); err != nil || len(parts) != 1 || parts[0].ID != 2 {
		t.Errorf("parts: %v, %v", parts, err)
	}
	if n, err := s.DropLeaves(ctx, log, b, 1); err != nil || n != 2 {
		t.Errorf("%d leaves dropped, %v", n, err)
	}
	if loose, err := s.LooseParts(ctx, log, b); err != nil || len(loose) != 0 {
		t.Errorf("loose after dropping: %v, %v", loose, err)
	}
	if other, err := s.Leaves(ctx, log, "open", 1, 0, 5); err != nil || len(other) != 1 {
		t.Errorf("another book lost its leaves: %v, %v", other, err)
	}
	must(s.PutDocs(ctx, log, b, 0, []name.ID{stream(1), stream(2), stream(3)}))
	if next, err := s.NextDoc(ctx, log, b); err != nil || next != 3 {
		t.Errorf("the next number is %d, %v", next, err)
	}
	if next, err := s.NextDoc(ctx, log, "open"); err != nil || next != 0 {
		t.Errorf("the first number of another book is %d, %v", next, err)
	}
	if docs, err := s.Docs(ctx, log, b, []name.ID{stream(3), stream(9), stream(1)}); err != nil || !slices.Equal(docs, []int64{2, -1, 0}) {
		t.Errorf("numbers %v, %v", docs, err)
	}
	if err := s.PutDocs(ctx, log, b, 2, []name.ID{stream(4)}); err == nil {
		t.Error("a number was given twice")
	}
	if streams, err := s.DocStreams(ctx, log, b, []int64{2, 7, 0}); err != nil || !slices.Equal(streams, []name.ID{stream(3), "", stream(1)}) {
		t.Errorf("streams %v, %v", streams, err)
	}
	if err := s.PutLeaves(ctx, log, b, 3, make([]journal.Leaf, store.MaxLeaves+1)); err == nil {
		t.Error("too many leaves at once were taken")
	}
}

package search

import (
	"context"
	"fmt"

	"bihuan/engine/find"
	"bihuan/kernel/journal"
)

// tidy merges small parts in memory, so that there are few: each time the last is not much smaller than the one before.
func (b *Book) tidy() error {
	for {
		parts := b.parts()
		n := len(parts)
		if n < 2 || parts[n-2].Kept() || parts[n-2].Docs > 2*parts[n-1].Docs {
			return nil
		}
		b.mu.Lock()
		m := b.index.Merge(parts[n-2:], b.read(context.Background()))
		leaves, err := gather(m)
		if err == nil {
			_, err = b.index.Replace(m, 0, leaves)
		}
		b.mu.Unlock()
		if err != nil {
			return fmt.Errorf("book %s: %w", b.name, err)
		}
	}
}

func gather(m *find.Merged) (all []find.Leaf, err error) {
	for leaf, err := range m.Leaves() {
		if err != nil {
			return nil, err
		}
		all = append(all, leaf)
	}
	return all, nil
}

// Flush writes down what is in memory only, as one part.
func (b *Book) Flush(ctx context.Context) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	return b.flush(ctx)
}

func (b *Book) flush(ctx context.Context) error {
	parts := b.parts()
	first := len(parts)
	for first > 0 && !parts[first-1].Kept() {
		first--
	}
	if first == len(parts) {
		return nil
	}
	for from := 0; from < len(b.fresh); from += most {
		to := min(len(b.fresh), from+most)
		if err := b.store.PutDocs(ctx, b.log, b.name, b.base+int64(from), b.fresh[from:to]); err != nil {
			return err
		}
	}
	b.mu.Lock()
	b.fresh, b.base = nil, b.next
	b.mu.Unlock()
	clear(b.numbers) // the store knows them now
	return b.merge(ctx, parts[first:])
}

// most is how many leaves or documents are written at once.
const most = 256

// Merge merges kept parts until each is much smaller than the one before it, so that there are few. One call may take long at
// a million documents; asking goes on meanwhile.
func (b *Book) Merge(ctx context.Context) error {
	b.merging.Lock()
	defer b.merging.Unlock()
	var kept []*find.Part
	for _, p := range b.parts() {
		if p.Kept() {
			kept = append(kept, p)
		}
	}
	from, sum := len(kept)-1, 0
	for i := len(kept) - 1; i >= 0; i-- {
		if i < len(kept)-1 && kept[i].Docs > 3*sum {
			break
		}
		from, sum = i, sum+kept[i].Docs
	}
	if from < 0 || len(kept)-from < 2 {
		return nil
	}
	return b.merge(ctx, kept[from:])
}

// Compact makes one part of everything: of what was written over or taken out nothing is left in any leaf.
func (b *Book) Compact(ctx context.Context) error {
	b.merging.Lock()
	defer b.merging.Unlock()
	b.writing.Lock()
	err := b.flush(ctx)
	parts := b.parts()
	b.writing.Unlock()
	if err != nil || len(parts) == 0 {
		return err
	}
	return b.merge(ctx, parts)
}

func (b *Book) parts() []*find.Part {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.index.Parts()
}

// merge writes neighbouring parts down as one and puts it in their place.
func (b *Book) merge(ctx context.Context, parts []*find.Part) error {
	b.mu.RLock()
	m := b.index.Merge(parts, b.read(ctx))
	b.mu.RUnlock()
	id := b.part.Add(1)
	if err := b.write(ctx, id, m); err != nil {
		return fmt.Errorf("write part %d of book %s: %w", id, b.name, err)
	}
	var old []int64
	for _, p := range parts {
		if p.Kept() {
			old = append(old, p.ID)
		}
	}
	if err := b.store.PutPart(ctx, b.log, b.name, journal.Part{ID: id, Age: m.Age, Docs: int64(m.Docs), Cards: m.Cards}, old); err != nil {
		return err
	}
	b.mu.Lock()
	_, err := b.index.Replace(m, id, nil)
	b.mu.Unlock()
	if err != nil {
		return err
	}
	b.reading.Lock() // whoever reads through an old part is waited for
	defer b.reading.Unlock()
	for _, id := range old {
		if err := b.drop(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// write writes the leaves of a part, some at a time, so that other writing goes on between.
func (b *Book) write(ctx context.Context, id int64, m *find.Merged) error {
	var some []journal.Leaf
	size := 0
	put := func() error {
		err := b.store.PutLeaves(ctx, b.log, b.name, id, some)
		some, size = some[:0], 0
		return err
	}
	for leaf, err := range m.Leaves() {
		if err != nil {
			return err
		}
		some = append(some, journal.Leaf{First: int64(leaf.First), Bytes: leaf.Bytes})
		if size += len(leaf.Bytes); len(some) == most || size > 1<<20 {
			if err := put(); err != nil {
				return err
			}
		}
	}
	if len(some) == 0 {
		return nil
	}
	return put()
}

func (b *Book) drop(ctx context.Context, part int64) error {
	for {
		n, err := b.store.DropLeaves(ctx, b.log, b.name, part)
		if err != nil || n == 0 {
			return err
		}
	}
}

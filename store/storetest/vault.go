package storetest

import (
	"errors"
	"fmt"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

func keyOf(n int, wrapped string, due int64) journal.Key {
	return journal.Key{Subject: stream(n), Under: "one", Wrapped: []byte(wrapped), Made: int64(n), Due: due}
}

func subjectKeys(t *testing.T, open Open) {
	s := opened(t, open)
	put := func(command string, n int, expected int64, change func(*journal.Batch)) error {
		b := single(command, stream(n), expected, journal.Row{})
		change(&b)
		return second(s.Append(ctx, b))
	}
	for n := 1; n <= 3; n++ {
		must(t, put(fmt.Sprint("key", n), n, 0, func(b *journal.Batch) {
			b.Keys = []journal.Key{keyOf(n, fmt.Sprint("lock", n), int64(10*n))}
			b.Personal = []journal.Personal{{Subject: stream(n), Field: "phone", Suite: "sm4-gcm", Value: fmt.Sprint("env", n), Blind: "b"}}
		}))
	}
	if err := put("twice", 1, 1, func(b *journal.Batch) { b.Keys = []journal.Key{keyOf(1, "other", 0)} }); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("a second key: %v", err)
	}
	if _, found, err := s.Receipt(ctx, log, "twice"); err != nil || found {
		t.Errorf("the batch with a second key is there: %v", err)
	}
	k, err := s.KeyOf(ctx, stream(2))
	must(t, err)
	equal(t, "key", k, keyOf(2, "lock2", 20))
	due, err := s.KeysDue(ctx, log, 20, 10)
	must(t, err)
	equal(t, "due", due, []journal.Key{keyOf(1, "lock1", 10), keyOf(2, "lock2", 20)})
	must(t, s.SetDue(ctx, log, 50, stream(1), stream(9)))
	due, err = s.KeysDue(ctx, log, 20, 10)
	must(t, err)
	equal(t, "due later", due, []journal.Key{keyOf(2, "lock2", 20)})

	anew := keyOf(2, "anew2", 20)
	anew.Under = "two"
	n, err := s.Rewrap(ctx, log, []journal.Rewrap{{Was: []byte("lock2"), Key: anew}, {Was: []byte("not it"), Key: keyOf(3, "x", 0)}, {Was: []byte("none"), Key: keyOf(8, "x", 0)}})
	must(t, err)
	all, err := s.Keys(ctx, log, "", 10)
	must(t, err)
	equal(t, "locked anew", n, 1)
	equal(t, "keys", all, []journal.Key{keyOf(1, "lock1", 50), anew, keyOf(3, "lock3", 30)})
	behind, err := s.Keys(ctx, log, stream(1), 1)
	must(t, err)
	equal(t, "keys behind the first", behind, []journal.Key{anew})

	must(t, put("gone", 1, 1, func(b *journal.Batch) { b.Erase = []name.ID{stream(1)} }))
	must(t, put("less", 2, 1, func(b *journal.Batch) { // a part of the values goes: the rest comes back under another key
		b.Erase = []name.ID{stream(2)}
		b.Keys = []journal.Key{keyOf(2, "third", 7)}
		b.Personal = []journal.Personal{{Subject: stream(2), Field: "caller", Suite: "sm4-gcm", Value: "left"}}
	}))
	if _, err := s.KeyOf(ctx, stream(1)); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a key that was destroyed: %v", err)
	}
	values, err := s.PersonalOf(ctx, stream(1))
	must(t, err)
	equal(t, "values of who was erased", len(values), 0)
	values, err = s.PersonalOf(ctx, stream(2))
	must(t, err)
	equal(t, "what is left", values, []journal.Personal{{Subject: stream(2), Field: "caller", Suite: "sm4-gcm", Value: "left"}})
	found, err := s.Subjects(ctx, log, "b", 10)
	must(t, err)
	equal(t, "found again", found, []name.ID{stream(3)})

	must(t, s.PutKeys(ctx, log, []journal.Key{keyOf(1, "lock1", 0), keyOf(2, "lock2", 0), keyOf(3, "old", 0)}))
	all, err = s.Keys(ctx, log, "", 10)
	must(t, err)
	equal(t, "keys that were put back", all, []journal.Key{keyOf(2, "third", 7), keyOf(3, "lock3", 30)})
	must(t, s.SetDue(ctx, log, 0))
	due, err = s.KeysDue(ctx, log, 0, 10)
	must(t, err)
	equal(t, "all due", len(due), 2)
	must(t, s.Scrub(ctx, false))
	must(t, s.Scrub(ctx, true))
	if k, err := s.KeyOf(ctx, stream(3)); err != nil || string(k.Wrapped) != "lock3" {
		t.Errorf("after scrubbing: %v", err)
	}
	for what, change := range map[string]func(*journal.Batch){
		"a key of another district": func(b *journal.Batch) {
			b.Keys = []journal.Key{{Subject: "110101-x", Under: "one", Wrapped: []byte("x")}}
		},
		"a key under nothing": func(b *journal.Batch) { b.Keys = []journal.Key{{Subject: stream(4), Wrapped: []byte("x")}} },
		"an empty key":        func(b *journal.Batch) { b.Keys = []journal.Key{{Subject: stream(4), Under: "one"}} },
		"nobody is erased":    func(b *journal.Batch) { b.Erase = []name.ID{""} },
	} {
		if err := put(what, 5, 0, change); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func sealed(t *testing.T, open Open) {
	s := opened(t, open)
	for n := 1; n <= 2; n++ {
		b := single(fmt.Sprint(n), stream(n), 0, journal.Row{})
		b.Personal = []journal.Personal{{Subject: stream(n), Field: "phone", Suite: "plain", Salt: [16]byte{1}, Value: "138"}}
		must(t, second(s.Append(ctx, b)))
	}
	all, err := s.Unsealed(ctx, log, journal.Personal{}, 10)
	must(t, err)
	equal(t, "plain", all, []journal.Personal{{Subject: stream(1), Field: "phone", Suite: "plain", Salt: [16]byte{1}, Value: "138"}, {Subject: stream(2), Field: "phone", Suite: "plain", Salt: [16]byte{1}, Value: "138"}})
	one := journal.Personal{Subject: stream(1), Field: "phone", Suite: "sm4-gcm", Value: "env"}
	must(t, s.Seal(ctx, log, []journal.Key{keyOf(1, "k", 0)}, []journal.Personal{one}))
	if err := s.Seal(ctx, log, []journal.Key{keyOf(1, "k", 0)}, nil); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("a second key: %v", err)
	}
	again := one
	again.Value = "other"
	must(t, s.Seal(ctx, log, nil, []journal.Personal{again}))
	values, err := s.PersonalOf(ctx, stream(1))
	must(t, err)
	equal(t, "sealed once", values, []journal.Personal{one})
	all, err = s.Unsealed(ctx, log, journal.Personal{}, 10)
	must(t, err)
	equal(t, "still plain", len(all), 1)
}

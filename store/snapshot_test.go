package store

import (
	"context"
	"errors"
	"testing"

	"bihuan/ground/fault"
)

// TestWhoGivesUpLeavesTheConnectionToTheNext: a browser that is closed while its page is being made stops the statements of its
// snapshot, ROLLBACK included; a connection handed back inside of a transaction would refuse whoever comes next, for good.
func TestWhoGivesUpLeavesTheConnectionToTheNext(t *testing.T) {
	s := fresh(t, Options{Readers: 1})
	for range 2 {
		ctx, giveUp := context.WithCancel(context.Background())
		err := s.snapshot(ctx, "page", func(c conn) error {
			giveUp()
			_, err := c.exec("SELECT count(*) FROM row")
			return err
		})
		if !errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("a page given up: %v", err)
		}
		if err := s.snapshot(context.Background(), "next page", func(c conn) error { return nil }); err != nil {
			t.Fatalf("the next page: %v", err)
		}
	}
}

// TestAPanicLeavesNoTransaction: the faces answer a panic with an error and go on; so must the connection it happened on.
func TestAPanicLeavesNoTransaction(t *testing.T) {
	s := fresh(t, Options{Readers: 1})
	func() {
		defer func() { _ = recover() }()
		_ = s.snapshot(context.Background(), "page", func(conn) error { panic("a page") })
	}()
	if err := s.snapshot(context.Background(), "next page", func(conn) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

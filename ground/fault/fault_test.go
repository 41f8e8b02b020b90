package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want error
	}{
		{"a wrapped kind is found", fmt.Errorf("load goal 7: %w", ErrNotFound), ErrNotFound},
		{"a refusal has its kind", Refuse(ErrDenied, "same-person", "verifier"), ErrDenied},
		{"a foreign error has none", errors.New("disk on fire"), nil},
		{"no error has none", nil, nil},
	} {
		if got := KindOf(c.err); got != c.want {
			t.Errorf("%s: KindOf = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRefuse(t *testing.T) {
	r := Refuse(ErrInvalid, "too-long", "title", "limit", "80", "dangling")
	if got, want := r.With["limit"], "80"; got != want || len(r.With) != 1 {
		t.Errorf("With = %v, want only limit=80", r.With)
	}
	if got, want := r.Error(), "invalid: too-long (title)"; got != want {
		t.Errorf("Error = %q, want %q", got, want)
	}
}

package keys_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/keys"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/pack"
)

var ctx = context.Background()

func room(t *testing.T) (*district.District, *keys.Room, desk.Caller) {
	t.Helper()
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	t.Cleanup(func() { x.Verify(t, keys.Keep) })
	return x, keys.New(x.Desk, x.Store, func(b []byte) { rand.Read(b) }), x.As(t, "services", "sysadmin", 0)
}

func TestAKeyOpensUntilItIsRevoked(t *testing.T) {
	x, r, admin := room(t)
	k, secret, err := r.Issue(ctx, admin, keys.Order{Name: " 市民  App ", For: []pack.Audience{pack.Programs, pack.Programs}})
	if err != nil || k.Name != "市民 App" || len(k.For) != 1 || k.By.Person != admin.Person || k.Issued == 0 {
		t.Fatalf("%+v %v", k, err)
	}
	got, err := r.Check(ctx, secret, pack.Programs)
	if err != nil || got.ID != k.ID || got.Person() != k.Person() || !strings.HasPrefix(string(k.Person()), "key-") {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := r.Check(ctx, secret, pack.Sensors); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a program's key opens a sensor's door: %v", err)
	}
	for name, wrong := range map[string]string{"nothing": "", "no secret": "xyz", "another": keys.Secret(func(b []byte) { rand.Read(b) }), "half of it": secret[:20], "in capitals": strings.ToUpper(secret)} {
		if _, err := r.Check(ctx, wrong, pack.Programs); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s opens: %v", name, err)
		}
	}
	if _, err := r.Revoke(ctx, admin, k.ID, " "); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("revoked without a reason: %v", err)
	}
	for range 2 {
		if k, err = r.Revoke(ctx, admin, k.ID, "应用下线"); err != nil || k.Revoked == 0 || k.Why != "应用下线" {
			t.Fatalf("%+v %v", k, err)
		}
	}
	if _, err := r.Check(ctx, secret, pack.Programs); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a revoked key opens: %v", err)
	}
	all, err := r.List(ctx, admin)
	if err != nil || len(all) != 1 || all[0].Why != "应用下线" {
		t.Errorf("%+v %v", all, err)
	}
	x.Verify(t)
}

// A key opens as long as was asked for, a year at most, and is pointed out a month before; one from before keys had an end opens on and is pointed out too.
func TestAKeyHasAnEnd(t *testing.T) {
	x, r, admin := room(t)
	const day = int64(24 * time.Hour / time.Microsecond)
	for _, c := range []struct{ asked, days int }{{0, 365}, {365, 365}, {1, 1}, {40, 40}} {
		k, secret, err := r.Issue(ctx, admin, keys.Order{Name: fmt.Sprint("App ", c.asked), For: []pack.Audience{pack.Programs}, Days: c.asked})
		if err != nil || k.Until < k.Issued+int64(c.days)*day-day/24 || k.Until > k.Issued+int64(c.days)*day {
			t.Fatalf("%d days: %+v %v", c.asked, k, err)
		}
		for at, opens := range map[int64]bool{k.Issued: true, k.Until - 1: true, k.Until: false, k.Until + 100*day: false} {
			if k.Opens(pack.Programs, at) != opens || k.HasEnded(at) == opens {
				t.Errorf("%d days: at %d it opens: %t", c.asked, at-k.Issued, !opens)
			}
		}
		if soon := c.days <= 30; k.EndsSoon(k.Issued) != soon || !k.EndsSoon(k.Until-29*day) && c.days >= 30 || k.EndsSoon(k.Until) {
			t.Errorf("%d days: pointed out wrongly", c.asked)
		}
		if c.days == 1 { // and the door is asked at its own time
			x.Forward(t, 2)
			if _, err := r.Check(ctx, secret, pack.Programs); !errors.Is(err, fault.ErrDenied) {
				t.Errorf("a key whose time is over opens: %v", err)
			}
		}
	}
	for _, days := range []int{-1, 366, 1 << 40} {
		if _, _, err := r.Issue(ctx, admin, keys.Order{Name: "App", For: []pack.Audience{pack.Programs}, Days: days}); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%d days: %v", days, err)
		}
	}
	if old := (keys.Key{For: []pack.Audience{pack.Programs}}); !old.Opens(pack.Programs, x.Desk.Now()) || !old.EndsSoon(x.Desk.Now()) {
		t.Error("a key without an end does not open, or is not pointed out")
	}
	x.Verify(t)
}

// The log and the rows know the hash and nothing of the secret.
func TestTheSecretIsNowhere(t *testing.T) {
	x, r, admin := room(t)
	k, secret, err := r.Issue(ctx, admin, keys.Order{Name: "井盖传感", For: []pack.Audience{pack.Sensors}})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	if _, err := x.Store.Verify(ctx, x.Desk.District(), func(e *ledger.Entry) error {
		if e.Event.Stream == k.ID {
			seen++
		}
		if strings.Contains(string(e.Event.Body), secret[4:]) || strings.Contains(e.Event.Command, secret[4:]) {
			t.Errorf("event %d tells the secret", e.Event.Seq)
		}
		return nil
	}); err != nil || seen != 1 {
		t.Fatalf("%d events, %v", seen, err)
	}
	row, err := x.Store.Row(ctx, k.ID)
	if err != nil || strings.Contains(string(row.Body), secret[4:]) || row.Facets[0].Text == secret {
		t.Errorf("%+v %v", row, err)
	}
}

func TestWhoMayNotManageKeys(t *testing.T) {
	x, r, _ := room(t)
	for _, who := range []desk.Caller{desk.Nobody, x.As(t, "supervision", "supervisor", 0)} {
		if _, _, err := r.Issue(ctx, who, keys.Order{Name: "x", For: []pack.Audience{pack.Programs}}); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s issues a key: %v", who.Person, err)
		}
		if _, err := r.List(ctx, who); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s lists keys: %v", who.Person, err)
		}
		if _, err := r.Revoke(ctx, who, x.Desk.NewID(), "x"); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s revokes a key: %v", who.Person, err)
		}
	}
}

func TestWhatIsNoOrder(t *testing.T) {
	_, r, admin := room(t)
	for name, o := range map[string]keys.Order{
		"nobody's":        {For: []pack.Audience{pack.Programs}},
		"for nobody":      {Name: "x"},
		"for people":      {Name: "x", For: []pack.Audience{pack.People}},
		"a novel of name": {Name: strings.Repeat("名", 61), For: []pack.Audience{pack.Programs}},
	} {
		if _, _, err := r.Issue(ctx, admin, o); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Revoke(ctx, admin, "220105-00000000-0000-7000-8000-000000000000", "x"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a key that is none: %v", err)
	}
}

func TestTheSameSecretIsOneKey(t *testing.T) {
	_, r, _ := room(t)
	secret := keys.Secret(func(b []byte) { clear(b) })
	o := keys.Order{Name: "演示", For: []pack.Audience{pack.Programs, pack.Sensors}}
	a, err := r.Ensure(ctx, name.System, o, secret)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Ensure(ctx, name.System, o, secret)
	if err != nil || a.ID != b.ID {
		t.Errorf("%s and %s, %v", a.ID, b.ID, err)
	}
	if _, err := r.Ensure(ctx, name.System, o, "guess me"); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a secret that can be guessed: %v", err)
	}
}

package witness

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/merkle"
	"bihuan/ground/note"
	"bihuan/internal/bar"
)

// past is a log as somebody tells it: the data of its leaves.
type past struct {
	key    *note.Signer
	leaves []merkle.Hash
}

func (p *past) at(level int, index int64) (merkle.Hash, error) {
	r := merkle.Range{Algorithm: merkle.SM3}
	for _, l := range p.leaves[index<<level : (index+1)<<level] {
		r.Add(l)
	}
	return r.Root(), nil
}

// grow returns the past with leaves up to n, those beyond its own drawn from seed.
func (p *past) grow(n int, seed byte) *past {
	q := &past{p.key, append([]merkle.Hash(nil), p.leaves...)}
	for i := len(q.leaves); i < n; i++ {
		q.leaves = append(q.leaves, merkle.Hash{seed, byte(i), byte(i >> 8)})
	}
	return q
}

func (p *past) request(t testing.TB, old, size int64) *Request {
	t.Helper()
	root, _ := merkle.Root(merkle.SM3, size, p.at)
	c := note.Checkpoint{Origin: p.key.Verifier().Name, Size: size, Root: root, More: []string{"tree SM3"}}
	sig, err := p.key.Sign(c.Text(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	q := &Request{Old: old, Checkpoint: (&note.Note{Text: c.Text(), Signatures: []note.Signature{sig}}).String()}
	if old <= size {
		q.Proof, _ = merkle.Consistency(merkle.SM3, old, size, p.at)
	}
	return q
}

func key(t testing.TB, name string, k note.Kind) *note.Signer {
	t.Helper()
	s, err := note.NewSigner(name, k, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func witness(t testing.TB, dir string, k *note.Signer, log *note.Signer) *Witness {
	t.Helper()
	f, err := OpenFiles(filepath.Join(dir, "state"), filepath.Join(dir, "marks"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(k, []note.Verifier{log.Verifier()}, f, func() int64 { return 1_700_000_000 }, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestBar_V03_NoForkRollbackOrLostMemoryIsCosigned puts a witness before logs that lie and keepers that lose things. What it may cosign
// is worked out here from the leaves: a past that begins with every past cosigned before.
func TestBar_V03_NoForkRollbackOrLostMemoryIsCosigned(t *testing.T) {
	cases := bar.Count(1000, 20_000)
	rnd := mrand.New(mrand.NewPCG(3, 3))
	log, own := key(t, "bihuan/220105", note.SM2), key(t, "audit.example/w1", note.SM2Cosign)
	wrong, cosigned, refused, count := 0, 0, 0, map[string]int{}
	var w *Witness
	var seen *past // the longest that was cosigned
	dir := ""
	lost := false
	for i := range cases {
		if i%100 == 0 { // another witness
			dir, seen, lost = t.TempDir(), nil, false
			w = witness(t, dir, own, log)
		}
		base := &past{key: log}
		if seen != nil {
			base = seen
		}
		n := len(base.leaves)
		tell := base
		what := []string{"growth", "again", "fork", "rollback", "forked and longer", "lost database", "old database", "stale size", "another's proof", "resumed"}[rnd.IntN(10)]
		q := (*Request)(nil)
		switch what {
		case "growth":
			tell = base.grow(n+1+rnd.IntN(9), byte(i))
			q = tell.request(t, int64(n), int64(len(tell.leaves)))
		case "again":
			if n == 0 {
				continue
			}
			q = tell.request(t, int64(n), int64(n))
		case "fork", "forked and longer":
			if n < 2 {
				continue
			}
			cut := rnd.IntN(n)
			tell = (&past{log, base.leaves[:cut]}).grow(n+map[string]int{"fork": 0, "forked and longer": 1 + rnd.IntN(9)}[what], 200)
			q = tell.request(t, int64(n), int64(len(tell.leaves)))
			if rnd.IntN(2) == 0 && what != "fork" { // with the proof of the honest one
				q.Proof = base.grow(len(tell.leaves), 7).request(t, int64(n), int64(len(tell.leaves))).Proof
			}
		case "rollback":
			if n < 2 {
				continue
			}
			tell = &past{log, base.leaves[:1+rnd.IntN(n-1)]}
			q = tell.request(t, []int64{0, int64(len(tell.leaves)), int64(n)}[rnd.IntN(3)], int64(len(tell.leaves)))
		case "lost database", "old database":
			if n < 2 {
				continue
			}
			if what == "lost database" {
				os.RemoveAll(filepath.Join(dir, "state"))
			} else {
				old := (&past{log, base.leaves[:n-1]}).request(t, 0, int64(n-1))
				os.WriteFile(w.state.(*Files).path("bihuan/220105"), []byte(old.Checkpoint), 0o600)
			}
			w, lost = witness(t, dir, own, log), true
			tell = (&past{log, base.leaves[:n/2]}).grow(n+3, 201)
			q = tell.request(t, []int64{0, int64(n - 1)}[rnd.IntN(2)], int64(len(tell.leaves)))
		case "stale size":
			tell = base.grow(n+2, byte(i))
			q = tell.request(t, int64(rnd.IntN(n+1)), int64(n+2))
			if q.Old == int64(n) {
				q.Old++
			}
		case "another's proof":
			if n < 2 {
				continue
			}
			tell = base.grow(n+5, byte(i))
			q = tell.request(t, int64(n-1), int64(n+5))
			q.Old = int64(n)
		case "resumed":
			if !lost {
				continue
			}
			fake := base.request(t, 0, int64(n)).Checkpoint // not cosigned by us
			if w.Resume(fake) == nil {
				wrong++
			}
			c, _, _ := note.Open(fake, log.Verifier())
			sig, _ := own.Cosign(c.Text(), 1_700_000_000, rand.Reader)
			p, _ := note.Parse(fake)
			p.Add(sig)
			if err := w.Resume(p.String()); err != nil {
				t.Fatal(err)
			}
			lost = false
			continue
		}
		count[what]++
		allowed := what == "growth" && !lost || what == "again" && !lost
		sig, err := w.Add(q)
		switch {
		case err == nil && !allowed:
			wrong++
			t.Errorf("case %d: %s was cosigned", i, what)
		case err != nil && allowed:
			t.Errorf("case %d: %s was refused: %v", i, what, err)
		case err == nil:
			cosigned++
			seen = tell
			n := &note.Note{Text: strings.SplitAfter(q.Checkpoint, "\n\n")[0], Signatures: []note.Signature{sig}}
			n.Text = strings.TrimSuffix(n.Text, "\n")
			if _, ok := n.By(own.Verifier()); !ok {
				t.Errorf("case %d: the cosignature does not verify", i)
			}
		default:
			refused++
		}
	}
	if len(count) < 9 || cosigned < cases/50 {
		t.Fatalf("the cases are not what they should be: %v, %d cosigned", count, cosigned)
	}
	bar.Report(t, "V-03", "%d cases of forks, rollbacks, lost and old witness databases beside honest growth: %d refused, %d cosigned, %d wrong cosignatures", cases, refused, cosigned, wrong)
}

func TestTheProtocolAnswersAsItSays(t *testing.T) {
	log, own := key(t, "bihuan/220105", note.SM2), key(t, "audit.example/w1", note.Ed25519Cosign)
	w := witness(t, t.TempDir(), own, log)
	srv := httptest.NewServer(w.Handler(slog.New(slog.DiscardHandler)))
	defer srv.Close()
	five := (&past{key: log}).grow(5, 1)
	nine := five.grow(9, 1)
	other := &past{key: key(t, "bihuan/220106", note.SM2), leaves: five.leaves}
	forged := &past{key: key(t, "bihuan/220105", note.SM2), leaves: five.leaves}
	bad := nine.request(t, 5, 9)
	bad.Proof[0][0] ^= 1
	for _, c := range []struct {
		name, body string
		status     int
		answer     string
	}{
		{"a log that it does not know", other.request(t, 0, 5).String(), 404, ""},
		{"a checkpoint that the log did not sign", forged.request(t, 0, 5).String(), 403, ""},
		{"no request", "hello", 400, ""},
		{"an old size above the new one", five.request(t, 7, 5).String(), 400, ""},
		{"the first one from a size that was not seen", five.request(t, 3, 5).String(), 409, "0\n"},
		{"the first one", five.request(t, 0, 5).String(), 200, "— audit.example/w1 "},
		{"the same again", five.request(t, 5, 5).String(), 200, "— audit.example/w1 "},
		{"from a size that has passed", nine.request(t, 0, 9).String(), 409, "5\n"},
		{"with a wrong proof", bad.String(), 422, ""},
		{"a longer one", nine.request(t, 5, 9).String(), 200, "— audit.example/w1 "},
		{"a rollback", five.request(t, 5, 5).String(), 409, "9\n"},
		{"too large", strings.Repeat("x", MaxRequest+1), 413, ""},
	} {
		resp, err := http.Post(srv.URL+"/add-checkpoint", "text/plain", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 300)
		n, _ := resp.Body.Read(b)
		resp.Body.Close()
		if resp.StatusCode != c.status || !strings.HasPrefix(string(b[:n]), c.answer) {
			t.Errorf("%s: got %d %q, want %d %q", c.name, resp.StatusCode, b[:n], c.status, c.answer)
		}
	}
	cl, err := NewClient(srv.URL + " " + own.Verifier().String())
	if err != nil {
		t.Fatal(err)
	}
	ten := nine.grow(10, 1)
	q := ten.request(t, 0, 10)
	if _, have, err := cl.Cosign(context.Background(), 0, nil, q.Checkpoint); !errors.Is(err, fault.ErrConflict) || have != 9 {
		t.Errorf("%d %v", have, err)
	}
	q = ten.request(t, 9, 10)
	if sig, _, err := cl.Cosign(context.Background(), 9, q.Proof, q.Checkpoint); err != nil || sig.At() != 1_700_000_000 {
		t.Errorf("%+v %v", sig, err)
	}
	resp, err := http.Get(srv.URL + "/checkpoint?origin=bihuan/220105")
	if err != nil || resp.StatusCode != 200 {
		t.Error(resp, err)
	}
	for _, wrong := range []string{"", "ftp://x " + own.Verifier().String(), srv.URL, srv.URL + " " + log.Verifier().String()} {
		if _, err := NewClient(wrong); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// TestKilledAnywhereItRemembersWhatItSigned kills a witness with SIGKILL while it cosigns: whatever it has answered it must still know.
func TestKilledAnywhereItRemembersWhatItSigned(t *testing.T) {
	if os.Getenv("WITNESS_CHILD") != "" {
		child(t)
		return
	}
	dir := t.TempDir()
	log, own := key(t, "bihuan/220105", note.SM2), key(t, "audit.example/w1", note.SM2Cosign)
	answered := int64(0)
	for cycle := range 12 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledAnywhereItRemembersWhatItSigned$", "-test.v")
		cmd.Env = append(os.Environ(), "WITNESS_CHILD="+dir, "WITNESS_LOG="+log.Secret(), "WITNESS_KEY="+own.Secret())
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(time.Duration(60+17*cycle) * time.Millisecond)
			cmd.Process.Kill()
		}()
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if n, ok := strings.CutPrefix(lines.Text(), "cosigned "); ok {
				answered, _ = strconv.ParseInt(n, 10, 64)
			}
		}
		cmd.Wait()
		w := witness(t, dir, own, log)
		text, err := w.state.Last("bihuan/220105")
		if err != nil {
			t.Fatalf("cycle %d: %v", cycle, err)
		}
		if text == "" {
			continue
		}
		c, _, err := note.Open(text, log.Verifier())
		if err != nil || c.Size < answered {
			t.Fatalf("cycle %d: %d were cosigned, %d are remembered: %v", cycle, answered, c.Size, err)
		}
	}
	if answered < 20 {
		t.Errorf("only %d were cosigned: the test has shown nothing", answered)
	}
}

// child cosigns one growth after the other and says so.
func child(t *testing.T) {
	log, err := note.ParseSigner(os.Getenv("WITNESS_LOG"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := note.ParseSigner(os.Getenv("WITNESS_KEY"))
	if err != nil {
		t.Fatal(err)
	}
	w := witness(t, os.Getenv("WITNESS_CHILD"), own, log)
	n := int64(0)
	if text, err := w.state.Last("bihuan/220105"); err != nil {
		t.Fatal(err)
	} else if text != "" {
		c, _, _ := note.Open(text, log.Verifier())
		n = c.Size
	}
	for {
		p := (&past{key: log}).grow(int(n)+1, 0)
		if _, err := w.Add(p.request(t, n, n+1)); err != nil {
			t.Fatal(err)
		}
		n++
		fmt.Println("cosigned", n)
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add("old 0\n\na\n1\n\n— a AAAAAAAA\n")
	f.Add("old 5\n" + merkle.Hash{}.String() + "\n\nx")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseRequest(text)
		if err == nil && q.String() != text {
			t.Errorf("%q is written again as %q", text, q.String())
		}
	})
}

// TestALogThatChangedItsKeyIsCosignedOn gives the witness the new key behind the old one: what it remembers is read by the old one, and what comes
// is taken by the new one alone.
func TestALogThatChangedItsKeyIsCosignedOn(t *testing.T) {
	before, after, own := key(t, "bihuan/220105", note.SM2), key(t, "bihuan/220105", note.SM2), key(t, "audit.example/w1", note.SM2Cosign)
	dir := t.TempDir()
	p := (&past{key: before}).grow(5, 1)
	if _, err := witness(t, dir, own, before).Add(p.request(t, 0, 5)); err != nil {
		t.Fatal(err)
	}
	longer := (&past{after, p.leaves}).grow(9, 2)
	if _, err := witness(t, dir, own, before).Add(longer.request(t, 5, 9)); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a key that the keeper has not given is taken: %v", err)
	}
	f, err := OpenFiles(filepath.Join(dir, "state"), filepath.Join(dir, "marks"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(own, []note.Verifier{before.Verifier(), after.Verifier()}, f, func() int64 { return 1_700_000_000 }, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add(longer.request(t, 5, 9)); err != nil {
		t.Errorf("the new key is not taken: %v", err)
	}
	if _, err := w.Add((&past{before, longer.leaves}).grow(12, 3).request(t, 9, 12)); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("the old key is still taken: %v", err)
	}
	if _, err := New(own, []note.Verifier{after.Verifier(), after.Verifier()}, f, nil, rand.Reader); err == nil {
		t.Error("a key is taken twice")
	}
}

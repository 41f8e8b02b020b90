package note

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"bihuan/ground/fault"
)

// Succession says that a log is signed by another key than before (换钥): checkpoints of at most Size records are the old key's, later
// ones the new key's. As a note it is signed by both, so that whoever trusts either may follow it to the other.
type Succession struct {
	Origin   string
	Size     int64
	From, To Verifier
	At       int64 // seconds since 1970
}

// successionMark is the second line of the note, where a checkpoint has its size: none is taken for the other.
const successionMark = "succession 1"

// Text returns the succession as the text of a note: origin, mark, size, the old key, the new key and the time, a line each.
func (s *Succession) Text() string {
	return fmt.Sprintf("%s\n%s\n%d\n%s\n%s\n%s\n", s.Origin, successionMark, s.Size, s.From, s.To, time.Unix(s.At, 0).UTC().Format(time.RFC3339))
}

// Succeed has both keys sign that one follows the other after size records. It wraps [fault.ErrInvalid] for keys of two logs, for a witness's,
// and for one that would follow itself.
func Succeed(from, to *Signer, size, at int64, chance io.Reader) (*Note, error) {
	s := Succession{Origin: from.verifier.Name, Size: size, From: from.verifier, To: to.verifier, At: at}
	if err := s.check(); err != nil {
		return nil, err
	}
	n := &Note{Text: s.Text()}
	for _, by := range []*Signer{from, to} {
		sig, err := by.Sign(n.Text, chance)
		if err != nil {
			return nil, err
		}
		n.Add(sig)
	}
	return n, nil
}

func (s *Succession) check() error {
	if s.From.Name != s.Origin || s.To.Name != s.Origin || s.From.Kind.Cosigns() || s.To.Kind.Cosigns() || s.From == s.To || s.Size < 0 {
		return fmt.Errorf("%s cannot follow %s in %s: %w", s.To.Fingerprint(), s.From.Fingerprint(), s.Origin, fault.ErrInvalid)
	}
	return nil
}

// OpenSuccession reads a succession that both of its keys have signed. It wraps [fault.ErrInvalid] for what is none and [fault.ErrDenied] for
// one that lacks a signature.
func OpenSuccession(text string) (Succession, error) {
	n, err := Parse(text)
	if err != nil {
		return Succession{}, err
	}
	bad := fmt.Errorf("the note is no succession of keys: %w", fault.ErrInvalid)
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 7 || lines[1] != successionMark {
		return Succession{}, bad
	}
	s := Succession{Origin: lines[0]}
	at, err := time.Parse(time.RFC3339, lines[5])
	if s.Size, _ = strconv.ParseInt(lines[2], 10, 64); err != nil {
		return Succession{}, bad
	}
	s.At = at.Unix()
	if s.From, err = ParseVerifier(lines[3]); err == nil {
		s.To, err = ParseVerifier(lines[4])
	}
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return Succession{}, err
	}
	if s.Text() != n.Text {
		return Succession{}, bad
	}
	for _, v := range []Verifier{s.From, s.To} {
		if _, ok := n.By(v); !ok {
			return Succession{}, fmt.Errorf("the succession in %s is not signed by %s: %w", s.Origin, v.Fingerprint(), fault.ErrDenied)
		}
	}
	return s, nil
}

// Keys are the keys by which a log was signed and is. The zero Keys verify nothing.
type Keys struct {
	Now  Verifier
	Past []Past // the oldest first
}

// Past is a key that a log was signed with before.
type Past struct {
	Verifier
	Until int64 // records: what it signed of more is not the log's
}

// Only returns the keys of a log that has one.
func Only(v Verifier) Keys { return Keys{Now: v} }

// Follow returns the keys of a log of which known is one, by notes of its successions, the oldest first. It wraps [fault.ErrInvalid]
// where they are not one chain, or known is not in it.
func Follow(known Verifier, successions ...string) (Keys, error) {
	k, found := Keys{Now: known}, len(successions) == 0
	for i, text := range successions {
		s, err := OpenSuccession(text)
		if err != nil {
			return Keys{}, err
		}
		if i > 0 && (s.From != k.Now || s.Size < k.Past[i-1].Until) {
			return Keys{}, fmt.Errorf("succession %d of %s does not follow the one before: %w", i+1, s.Origin, fault.ErrInvalid)
		}
		found = found || s.From == known || s.To == known
		k.Now, k.Past = s.To, append(k.Past, Past{s.From, s.Size})
	}
	if !found {
		return Keys{}, fmt.Errorf("key %s is none of those that the successions of %s name: %w", known.Fingerprint(), k.Now.Name, fault.ErrInvalid)
	}
	return k, nil
}

// Open is [Open] by whichever of the keys signed the checkpoint, which is returned: an old one signs no more records than it had when it was
// followed.
func (k Keys) Open(text string) (Checkpoint, *Note, Verifier, error) {
	c, n, err := Open(text, k.Now)
	if err == nil {
		return c, n, k.Now, nil
	}
	for _, p := range k.Past {
		c, n, err2 := Open(text, p.Verifier)
		if err2 != nil {
			continue
		}
		if c.Size > p.Until {
			return Checkpoint{}, nil, Verifier{}, fmt.Errorf("checkpoint of %s with %d records is signed by %s, which signs no more since %d: %w", c.Origin, c.Size, p.Fingerprint(), p.Until, fault.ErrDenied)
		}
		return c, n, p.Verifier, nil
	}
	return Checkpoint{}, nil, Verifier{}, err
}

// Split cuts a file of successions into its notes: each begins where its origin stands before the mark.
func Split(file string) (all []string) {
	const at = "\n" + successionMark + "\n"
	for file = strings.TrimLeft(strings.ReplaceAll(file, "\r\n", "\n"), "\n"); file != ""; {
		first := strings.Index(file, at)
		next := -1
		if first >= 0 {
			next = strings.Index(file[first+len(at):], at)
		}
		if next < 0 {
			return append(all, file)
		}
		end := strings.LastIndexByte(file[:first+len(at)+next], '\n') + 1
		all, file = append(all, file[:end]), file[end:]
	}
	return all
}

package store

import (
	"bytes"
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// FlawFile is a file whose bytes are not those that the log names by their hash, or that is gone.
const FlawFile ledger.FlawCode = "file"

// hashFile is the hash by which a file is kept: SM3 of its bytes.
func hashFile(b []byte) (h ledger.Hash) {
	s := ledger.SM3.New()
	s.Write(b)
	s.Sum(h[:0])
	return h
}

// evidence begins the name of a file that an event gives as evidence; its hash in hexadecimal follows.
var evidence = []byte(`"file":"`)

// namedFiles notes the files that a body names as evidence, each with the first place in the log that does.
func namedFiles(body []byte, seq int64, all map[ledger.Hash]int64) {
	for {
		_, rest, found := bytes.Cut(body, evidence)
		if !found {
			return
		}
		if n := 2 * len(ledger.Hash{}); len(rest) > n && rest[n] == '"' {
			if h, err := ledger.ParseHash(string(rest[:n])); err == nil && all[h] == 0 {
				all[h] = seq
			}
		}
		body = rest
	}
}

// compareFiles holds every file against the hash under which it is kept, and looks for evidence that is gone: named has what the log
// names, each with the first place that does, and is used up. It reads all files, one at a time.
func (s *Store) compareFiles(ctx context.Context, log name.District, last int64, named map[ledger.Hash]int64) error {
	for after, more := "", true; more; {
		more = false
		var bad string
		err := s.read(ctx, "files", func(c conn) error {
			return c.query("SELECT hash, bytes FROM blob WHERE hash > $1 ORDER BY hash LIMIT 64", []any{after}, func(r cells) error {
				after, more = r.text(0), true
				got := hashFile(r.bytes(1))
				if bad == "" && got.String() != after {
					bad = after
				}
				if h, err := ledger.ParseHash(after); err == nil {
					delete(named, h)
				}
				return ctx.Err()
			})
		})
		if err == nil && bad != "" {
			err = s.alteredFile(ctx, log, last, bad)
		}
		if err != nil {
			return err
		}
	}
	var gone *ledger.Flaw
	for h, seq := range named {
		if gone == nil || seq < gone.Seq {
			gone = &ledger.Flaw{Seq: seq, Code: FlawFile, Text: fmt.Sprintf("it names the file %s, which is gone", h)}
		}
	}
	if gone != nil {
		return gone
	}
	return nil
}

// alteredFile is the flaw of a file that was altered, at the first event that names it; at the end of the log where none does.
func (s *Store) alteredFile(ctx context.Context, log name.District, last int64, hash string) error {
	flaw := &ledger.Flaw{Seq: max(1, last), Code: FlawFile, Text: "the bytes kept as the file " + hash + " are others"}
	for e, err := range s.Entries(ctx, log, 0) {
		if err != nil {
			return err
		}
		if bytes.Contains(e.Body, []byte(hash)) {
			flaw.Seq = e.Seq
			break
		}
	}
	return flaw
}

// altered refuses a file whose bytes are not those that it was kept as.
func altered(hash ledger.Hash) error {
	return fmt.Errorf("file %s: %w", hash, fault.Refuse(fault.ErrUnavailable, "file-altered", ""))
}

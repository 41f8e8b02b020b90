package web

import (
	_ "embed"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/merkle"
)

// checker is the page that checks receipts offline: one file with its own script, tested against the Go side in node.
//
//go:embed offline/receipt-check.html
var checker []byte

// What anybody may ask of the log's tree: hashes, and what was signed of them. No record leaves by here.

// showCheckpoint answers with the last checkpoint, a signed note.
func (s *server) showCheckpoint(q *request) error {
	if s.Proof == nil {
		return noSuchPage()
	}
	c, err := s.Proof.Latest(q.Context())
	if err != nil {
		return err
	}
	if c.Size == 0 {
		return noSuchPage()
	}
	return q.plain(c.Note.String())
}

// showLogKey answers with the key by which checkpoints are verified.
func (s *server) showLogKey(q *request) error {
	if s.Proof == nil {
		return noSuchPage()
	}
	return q.plain(s.Proof.Key().String() + "\n")
}

// showLogKeys answers with the notes by which each key of the log followed the one before; nothing while it has one.
func (s *server) showLogKeys(q *request) error {
	if s.Proof == nil {
		return noSuchPage()
	}
	return q.plain(strings.Join(s.Proof.Followed(), ""))
}

// showProof answers with a proof, a line of base64 for each hash: that record seq is among the first size, or that the log of size
// records begins with that of old.
func (s *server) showProof(q *request) error {
	if s.Proof == nil {
		return noSuchPage()
	}
	size, err := whole(q, "size")
	if err != nil {
		return err
	}
	var proof []merkle.Hash
	if q.Asked("seq") != "" {
		seq, err2 := whole(q, "seq")
		if err = err2; err == nil {
			proof, err = s.Proof.Inclusion(q.Context(), seq, size)
		}
	} else {
		old, err2 := whole(q, "old")
		if err = err2; err == nil {
			proof, err = s.Proof.Consistency(q.Context(), old, size)
		}
	}
	if err != nil {
		return err
	}
	return q.plain(merkle.FormatProof(proof))
}

// showTile answers with a tile, 32 bytes for each hash.
//
// Source: C2SP tlog-tiles, “Merkle tree”.
func (s *server) showTile(q *request) error {
	level, err := strconv.Atoi(q.PathValue("level"))
	index, width, ok := tileName(q.PathValue("tile"))
	if s.Proof == nil || err != nil || !ok {
		return noSuchPage()
	}
	b, err := s.Proof.Tile(q.Context(), level, index, width)
	if err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	if width == merkle.TileWidth {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	q.done = true
	_, err = q.w.Write(b)
	return err
}

// tileName reads the number of a tile in groups of three digits, all but the last with an x before them, and behind it .p and a width
// for one that is not full: x001/x234/067.p/8.
func tileName(s string) (index int64, width int, ok bool) {
	width = merkle.TileWidth
	if of, w, partial := strings.Cut(s, ".p/"); partial {
		n, err := strconv.Atoi(w)
		if err != nil || n < 1 || n >= merkle.TileWidth || strconv.Itoa(n) != w {
			return 0, 0, false
		}
		s, width = of, n
	}
	groups := strings.Split(s, "/")
	if len(groups) > 6 {
		return 0, 0, false
	}
	for i, g := range groups {
		digits, x := strings.CutPrefix(g, "x")
		n, err := strconv.Atoi(digits)
		if err != nil || len(digits) != 3 || n < 0 || x != (i < len(groups)-1) || i == 0 && x && n == 0 {
			return 0, 0, false
		}
		index = index*1000 + int64(n)
	}
	return index, width, true
}

// takeReceipt answers with the file by which whoever filed something proves what was acknowledged.
func (s *server) takeReceipt(q *request) error {
	if s.Proof == nil {
		return noSuchPage()
	}
	seq, err := s.Doors.Record(q.Context(), q.follower(), q.PathValue("receipt"))
	if err != nil {
		return err
	}
	return s.sendProof(q, seq)
}

// takeOwnProof answers with the same for whoever opened a matter as a member of staff.
func (s *server) takeOwnProof(q *request) error {
	if s.Proof == nil {
		return noSuchPage()
	}
	seq, err := s.Desk.FiledBy(q.Context(), q.Who, q.id())
	if err != nil {
		return err
	}
	return s.sendProof(q, seq)
}

func (s *server) sendProof(q *request, seq int64) error {
	x, err := s.Proof.Receipt(q.Context(), seq)
	if err != nil {
		return err
	}
	called := x.Number
	if called == "" {
		called = fmt.Sprintf("record-%d", seq)
	}
	q.attach(called+".receipt.json", "application/json; charset=utf-8")
	q.done = true
	_, err = q.w.Write(x.JSON())
	return err
}

// takeChecker answers with the page that checks receipts without us, to be kept and opened from the disk.
func (s *server) takeChecker(q *request) error {
	q.attach("receipt-check.html", "text/html; charset=utf-8")
	q.done = true
	_, err := q.w.Write(checker)
	return err
}

func noSuchPage() error { return fault.Refuse(fault.ErrNotFound, "no-such-page", "") }

// whole reads a whole number from 0 that was asked with.
func whole(q *request, key string) (int64, error) {
	n, err := strconv.ParseInt(q.Asked(key), 10, 64)
	if err != nil || n < 0 {
		return 0, fault.Refuse(fault.ErrInvalid, "no-such-option", key)
	}
	return n, nil
}

// plain answers with lines of text that programs read.
func (q *request) plain(text string) error {
	h := q.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	q.done = true
	q.w.WriteHeader(http.StatusOK)
	_, err := q.w.Write([]byte(text))
	return err
}

// Proves reports whether there are proofs to be had: for links to them.
func (q *request) Proves() bool { return q.s.Proof != nil }

// Own reports whether the reader opened the matter, and so may prove that.
func (v matterView) Own(q *request) bool {
	return !q.Who.IsNobody() && len(v.Matter.History) > 0 && v.Matter.History[0].Actor.Person == q.Who.Person
}

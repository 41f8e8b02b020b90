package proof

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/merkle"
	"bihuan/ground/note"
)

// Receipt is what whoever files something takes home: the very record that was entered, the proof that it is in the log, and the
// signed checkpoint that the proof leads to. It needs nobody to be checked but the key of the log. Its JSON is described in docs/proof.md.
type Receipt struct {
	Format     string   `json:"format"` // ReceiptFormat
	Log        string   `json:"log"`    // the origin
	Key        string   `json:"key"`    // by which the checkpoint is signed; to be compared with one from elsewhere
	Number     string   `json:"number"` // under which it was registered, may be empty
	At         string   `json:"at"`     // when, RFC 3339 in UTC
	Tree       string   `json:"tree"`   // the algorithm, such as SM3
	Event      string   `json:"event"`  // the canonical encoding of the record, in base64
	Salt       string   `json:"salt"`   // 16 bytes in hexadecimal
	Index      int64    `json:"index"`  // of the record in the tree, from 0
	Proof      []string `json:"proof"`  // hashes in base64, from the leaf up
	Checkpoint string   `json:"checkpoint"`
}

// ReceiptFormat is the format that this version writes and reads.
const ReceiptFormat = "bihuan/receipt/1"

// MaxReceipt is the most bytes of a receipt's file: a record may have a body of 1 MB.
const MaxReceipt = 4 << 20

// Receipt returns the receipt of record seq. It signs a checkpoint if the last one does not reach that far yet. It wraps
// [fault.ErrNotFound] for a record that the log does not have.
func (r *Room) Receipt(ctx context.Context, seq int64) (Receipt, error) {
	x, err := r.receipt(ctx, seq)
	if err != nil {
		return x, err
	}
	if _, bad := Check(&x, r.Keys()); bad != nil { // it may be the tiles that are wrong and not the record: once
		if remade, err := r.remake(ctx); err != nil || !remade {
			return x, err
		}
		return r.receipt(ctx, seq)
	}
	return x, nil
}

func (r *Room) receipt(ctx context.Context, seq int64) (Receipt, error) {
	entries, err := r.store.Log(ctx, r.District, seq-1, 1)
	if err == nil && (len(entries) != 1 || entries[0].Seq != seq || seq < 1) {
		err = fmt.Errorf("record %d: %w", seq, fault.ErrNotFound)
	}
	if err != nil {
		return Receipt{}, err
	}
	s, err := r.Covering(ctx, seq)
	if err != nil {
		return Receipt{}, err
	}
	if err := r.reached(ctx, s.Size); errors.Is(err, fault.ErrNotFound) { // the tree is being made anew
		if err := r.CatchUp(ctx); err != nil {
			return Receipt{}, err
		}
	}
	proof, err := r.Inclusion(ctx, seq, s.Size)
	if err != nil {
		return Receipt{}, err
	}
	e := &entries[0].Event
	out := Receipt{Format: ReceiptFormat, Log: s.Origin, Key: s.Key.String(), Number: e.Number, At: instant(e.At), Tree: string(r.Algorithm),
		Event: base64.StdEncoding.EncodeToString(e.AppendCanonical(nil)), Salt: hex.EncodeToString(e.Salt[:]), Index: seq - 1, Proof: []string{}, Checkpoint: s.Note.String()}
	for _, h := range proof {
		out.Proof = append(out.Proof, h.String())
	}
	return out, nil
}

func instant(at int64) string { return time.UnixMicro(at).UTC().Format(time.RFC3339Nano) }

// JSON returns the receipt as its file.
func (x *Receipt) JSON() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(x); err != nil {
		return nil // texts and numbers alone
	}
	return b.Bytes()
}

// ParseReceipt reads a receipt's file; it checks nothing but the form. It wraps [fault.ErrInvalid].
func ParseReceipt(r io.Reader) (x Receipt, err error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxReceipt+1))
	if err != nil {
		return x, err
	}
	if len(b) > MaxReceipt {
		return x, fmt.Errorf("the receipt is larger than %d bytes: %w", MaxReceipt, fault.ErrInvalid)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&x); err != nil || dec.More() {
		return Receipt{}, fmt.Errorf("the file is no receipt: %w", fault.ErrInvalid)
	}
	if x.Format != ReceiptFormat {
		return Receipt{}, fmt.Errorf("the receipt has format %q, this program reads %s: %w", x.Format, ReceiptFormat, fault.ErrInvalid)
	}
	return x, nil
}

// Checked is what a good receipt proves.
type Checked struct {
	Event      ledger.Event    // the record as it was entered
	Checkpoint note.Checkpoint // which it is in
	Witnesses  []note.Verifier // of those that were given, who has cosigned the checkpoint
}

// Check says whether a receipt proves that its record is in the log of some keys, without asking anybody: the record has the leaf, the leaf is
// in the tree of the checkpoint, and the checkpoint is signed by one of them. It wraps [fault.ErrInvalid] where that is not proven and
// [fault.ErrDenied] for a checkpoint of somebody else, and says which step fails.
func Check(x *Receipt, log note.Keys, witnesses ...note.Verifier) (Checked, error) {
	cp, n, _, err := log.Open(x.Checkpoint)
	if err != nil {
		return Checked{}, err
	}
	e, err := x.event()
	if err != nil {
		return Checked{}, err
	}
	if x.Log != cp.Origin || x.Index != e.Seq-1 || x.Number != e.Number || x.At != instant(e.At) || x.Tree != cp.Says(note.MoreTree) {
		return Checked{}, fmt.Errorf("what the receipt says of itself is not what its record and its checkpoint say: %w", fault.ErrInvalid)
	}
	var chain ledger.Chainer
	a := merkle.Algorithm(x.Tree)
	if !a.Known() {
		return Checked{}, fmt.Errorf("tree by %q: %w", x.Tree, fault.ErrInvalid)
	}
	proof, err := x.proof()
	if err != nil {
		return Checked{}, err
	}
	if err := merkle.VerifyInclusion(a, a.Leaf(merkle.Hash(chain.Leaf(&e))), x.Index, cp.Size, proof, cp.Root); err != nil {
		return Checked{}, err
	}
	out := Checked{Event: e, Checkpoint: cp}
	for _, w := range witnesses {
		if _, ok := n.By(w); ok && w.Kind.Cosigns() {
			out.Witnesses = append(out.Witnesses, w)
		}
	}
	return out, nil
}

func (x *Receipt) event() (ledger.Event, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(x.Event)
	if err != nil {
		return ledger.Event{}, fmt.Errorf("the record is not in base64: %w", fault.ErrInvalid)
	}
	e, err := ledger.ParseCanonical(b)
	if err != nil {
		return e, err
	}
	salt, err := hex.DecodeString(x.Salt)
	if err != nil || len(salt) != len(e.Salt) {
		return e, fmt.Errorf("the salt is not %d bytes: %w", len(e.Salt), fault.ErrInvalid)
	}
	copy(e.Salt[:], salt)
	return e, nil
}

func (x *Receipt) proof() (proof []merkle.Hash, err error) {
	if len(x.Proof) > merkle.MaxProof {
		return nil, fmt.Errorf("a proof of %d hashes: %w", len(x.Proof), fault.ErrInvalid)
	}
	for _, s := range x.Proof {
		h, err := merkle.ParseHash(s)
		if err != nil {
			return nil, err
		}
		proof = append(proof, h)
	}
	return proof, nil
}

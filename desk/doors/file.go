package doors

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/engine/redact"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// Filing is a report as it was made.
type Filing struct {
	Receipt string // made by [Room.NewReceipt] when the form was shown; empty: made now
	Door    string // its key, empty for whichever of the audience offers the service
	Service string // its code
	Text    string
	Below   string // what a program sent besides, such as addresses of pictures: it stands below the text for whoever handles the report, and in no title
	Place   string // "lng,lat" in WGS-84
	Address string
	Name    string
	Phone   string
	Email   string
	Photos  []journal.File    // at most MaxPhotos
	More    map[string]string // what the door asks besides, by field: see [Room.Asks]
	sealed  []desk.Original   // what the photos were when they came
	Seals   []journal.File    // kept with the report, not as evidence: what it was filed with
}

// Limits of a report. Ours: a resident seldom sends more than three photos, and a text longer than this is a petition.
const (
	MaxPhotos = 6
	MaxText   = 4000     // characters
	MaxBelow  = 4000     // characters
	MaxKept   = 64 << 20 // bytes of the photos of one report, as they are served and as they came together
)

// Filed is what a reporter gets.
type Filed struct {
	Matter  name.ID
	Number  string
	Receipt string // the secret that leads back to it
}

// receiptBytes is 128 bits: guessing one is hopeless, and it still fits on paper.
const receiptBytes = 16

var receiptCode = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding) // Crockford's, without i, l, o, u

// NewReceipt returns a new receipt: 26 letters and digits. chance fills a slice with random bytes.
func NewReceipt(chance func([]byte)) string {
	var b [receiptBytes]byte
	chance(b[:])
	return receiptCode.EncodeToString(b[:])
}

// ReceiptOf returns the receipt of what somebody with a secret files: the same parts give the same receipt, so that a
// request which is sent again files nothing, and nobody without the secret can work it out.
//
// Source: HMAC, RFC 2104 (1997), over SM3, GB/T 32905-2016; its first 16 bytes.
func ReceiptOf(secret string, parts ...string) string {
	mac := hmac.New(ledger.SM3.New, []byte("bihuan/receipt/2"+secret))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return receiptCode.EncodeToString(mac.Sum(nil)[:receiptBytes])
}

// ReadReceipt brings a receipt that somebody typed into its form: blanks and hyphens dropped, O read as 0, I and L as 1.
// It wraps [fault.ErrNotFound] for what is none: a wrong receipt is answered like an unknown one.
func ReadReceipt(typed string) (string, error) {
	s := strings.NewReplacer(" ", "", "-", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(strings.TrimSpace(typed)))
	if b, err := receiptCode.DecodeString(s); err != nil || len(b) != receiptBytes {
		return "", fmt.Errorf("receipt: %w", fault.ErrNotFound)
	}
	return s, nil
}

// command is the key of the command that a receipt stands for: its SM3, so that the log does not tell the receipt.
func command(receipt string) string {
	h := ledger.SM3.New()
	h.Write([]byte("bihuan/receipt/1" + receipt))
	return "door-" + hex.EncodeToString(h.Sum(nil))
}

// commandOf is the key of a command that somebody names by parts of their own.
func commandOf(parts ...string) string {
	h := ledger.SM3.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return "door-" + hex.EncodeToString(h.Sum(nil))
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// File takes a report. The same receipt again files nothing and answers as before.
//
// It refuses, on the fields service, text, place and photos, what is missing, too long or outside of its form.
func (r *Room) File(ctx context.Context, who desk.Caller, a pack.Audience, f Filing) (Filed, error) {
	s, err := r.serviceAt(ctx, a, f.Door, f.Service)
	if err != nil {
		return Filed{}, fault.Refuse(fault.ErrInvalid, "service-unknown", "service", "value", f.Service)
	}
	if err := r.check(ctx, &f, &s); err != nil {
		return Filed{}, err
	}
	if f.Receipt, err = ReadReceipt(f.Receipt); err != nil {
		return Filed{}, fault.Refuse(fault.ErrInvalid, "receipt-unreadable", "receipt")
	}
	do := f.do(s, r.title(ctx, &f, &s))
	done, err := r.desk.Report(ctx, who, s.Door, do)
	if err != nil {
		return Filed{}, err
	}
	return Filed{Matter: done.Matter, Number: done.Number, Receipt: f.Receipt}, nil
}

// Try looks whether a report would be taken, and takes nothing: it returns what anybody would read of it. It refuses what
// [Room.File] refuses.
func (r *Room) Try(ctx context.Context, who desk.Caller, a pack.Audience, f Filing) (Public, error) {
	s, err := r.serviceAt(ctx, a, f.Door, f.Service)
	if err != nil {
		return Public{}, fault.Refuse(fault.ErrInvalid, "service-unknown", "service", "value", f.Service)
	}
	if err := r.check(ctx, &f, &s); err != nil {
		return Public{}, err
	}
	v, err := r.desk.TryReport(ctx, who, s.Door, f.do(s, r.title(ctx, &f, &s)))
	if err != nil {
		return Public{}, err
	}
	p := r.publicOf(ctx, s.Door, &v, nil)
	p.Expected, p.Step = desk.Expected(v.Def, &v.Matter)
	return p, nil
}

func (r *Room) check(ctx context.Context, f *Filing, s *Service) error {
	if err := f.check(s.Door); err != nil {
		return err
	}
	if err := f.bare(); err != nil {
		return err
	}
	if err := r.checkGround(ctx, f, s); err != nil {
		return err
	}
	return r.checkMore(ctx, f, s)
}

// checkGround refuses, on the place, what lies nowhere where the door gives a report to whoever the ground there belongs to.
func (r *Room) checkGround(ctx context.Context, f *Filing, s *Service) error {
	k, ok := r.desk.Packs().Kind(s.Door.Of)
	if !ok || s.Door.Says.Place == "" {
		return nil
	}
	act := k.Act(s.Door.Act)
	if act == nil || act.Holder.To != matter.ToField || f.More[act.Holder.Field] != "" || !slices.Contains(desk.Levels, desk.Level(act.Holder.Field)) {
		return nil
	}
	if f.Place == "" {
		return fault.Refuse(fault.ErrInvalid, "place-needed", "place")
	}
	at, err := geo.ParsePoint(f.Place)
	if err != nil {
		return nil // refused as what it is by the field's own check
	}
	spot, err := r.desk.Locate(ctx, at, r.desk.Today())
	if err == nil && spot.Areas[desk.Level(act.Holder.Field)] == nil {
		err = fault.Refuse(fault.ErrInvalid, "place-outside", "place")
	}
	return err
}

// check looks at what no field of a pack limits.
func (f *Filing) check(door *pack.Door) error {
	f.Text = strings.TrimSpace(f.Text)
	switch {
	case f.Text == "":
		return fault.Refuse(fault.ErrInvalid, "report-empty", "text")
	case utf8.RuneCountInString(f.Text) > MaxText:
		return fault.Refuse(fault.ErrInvalid, "too-long", "text", "limit", fmt.Sprint(MaxText))
	case utf8.RuneCountInString(f.Below) > MaxBelow:
		return fault.Refuse(fault.ErrInvalid, "too-long", "below", "limit", fmt.Sprint(MaxBelow))
	case len(f.Photos) > MaxPhotos:
		return fault.Refuse(fault.ErrInvalid, "too-many-photos", "photos", "limit", fmt.Sprint(MaxPhotos))
	case door.Says.Address == "" && door.Says.Place != "" && f.Place == "": // an address would be kept nowhere
		return fault.Refuse(fault.ErrInvalid, "place-missing", "place")
	case f.Place == "" && f.Address == "" && door.Says.Address != "":
		return fault.Refuse(fault.ErrInvalid, "where-missing", "place")
	}
	return nil
}

// bare takes out of the photos what tells more than the picture: they may become public. What came is kept beside them, to be sealed, where it
// differs. It refuses more than [MaxKept] of both together.
func (f *Filing) bare() error {
	bare, kept := make([]journal.File, len(f.Photos)), 0
	f.sealed = nil
	for i, p := range f.Photos {
		var err error
		if bare[i], err = desk.Bare("photos", p); err != nil {
			return err
		}
		kept += len(bare[i].Bytes)
		if !bytes.Equal(bare[i].Bytes, p.Bytes) {
			kept += len(p.Bytes) + seal.Overhead
			f.sealed = append(f.sealed, desk.Original{Nr: i + 1, File: p})
		}
	}
	if kept > MaxKept {
		return fault.Refuse(fault.ErrInvalid, "upload-too-large", "photos", "limit", fmt.Sprintf("%d MB", MaxKept>>20))
	}
	f.Photos = bare
	return nil
}

// do makes the form of the opening act out of a report.
func (f *Filing) do(s Service, title string) desk.Do {
	with := map[string]string{"title": title, s.Door.Services: s.Code}
	for field, v := range map[string]string{s.Door.Says.Text: strings.TrimSpace(f.Text + "\n" + f.Below), s.Door.Says.Place: f.Place, s.Door.Says.Address: f.Address,
		s.Door.Says.Name: f.Name, s.Door.Says.Phone: f.Phone, s.Door.Says.Email: f.Email} {
		if field != "" && v != "" {
			with[field] = v
		}
	}
	for field, v := range f.More {
		if v != "" {
			with[field] = v
		}
	}
	for _, fixed := range s.Door.Sets {
		with[fixed.Facet] = fixed.Value
	}
	do := desk.Do{Command: command(f.Receipt), With: with, Files: slices.Concat(f.Photos, f.Seals), Sealed: f.sealed}
	for _, p := range f.Photos {
		do.Evidence = append(do.Evidence, matter.Evidence{Kind: matter.Photo, File: p.Hash.String(), Name: p.Name})
	}
	return do
}

// title names a report in lists: the service and where it is, without anything personal. Where anybody reads the title, it is made of nothing that
// the kind keeps to the house: otherwise a quarrel in a family stands in public with its house, or a neighbour's words about a child.
func (r *Room) title(ctx context.Context, f *Filing, s *Service) string {
	where := ""
	for _, said := range []struct{ field, text string }{{s.Door.Says.Address, f.Address}, {s.Door.Says.Text, f.Text}} {
		if where == "" && r.titleHolds(s, said.field) {
			where = said.text
		}
	}
	if where == "" {
		where = r.streetOf(ctx, f.Place)
	}
	if where == "" {
		return s.Words.ZH
	}
	short := []rune(strings.Join(strings.Fields(redact.Mask(where)), " "))
	if len(short) > 30 {
		short = append(short[:30], '…')
	}
	return s.Words.ZH + "：" + string(short)
}

// titleHolds reports whether what was said in a field may stand in the title of a report.
func (r *Room) titleHolds(s *Service, field string) bool {
	k, ok := r.desk.Packs().Kind(s.Door.Of)
	return !ok || !slices.Contains(k.Public, "title") || slices.Contains(k.Public, field)
}

// streetOf names the street office in whose area a place lies, empty where that is not known.
func (r *Room) streetOf(ctx context.Context, place string) string {
	at, err := geo.ParsePoint(place)
	if err != nil {
		return ""
	}
	spot, err := r.desk.Locate(ctx, at, r.desk.Today())
	if err != nil || spot.Areas[desk.StreetIn] == nil {
		return ""
	}
	return spot.Areas[desk.StreetIn].Words.ZH
}

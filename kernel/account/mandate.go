package account

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/ground/codelist"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Firm 企业 is who may act for a firm: its legal representative 法定代表人, and the agents 经办人 to whom that person has
// given a mandate. It is a stream of its own. The zero Firm is registered by nobody.
type Firm struct {
	ID             name.ID
	Version        int64
	Code           codelist.CreditCode
	Name           string
	Representative name.Person // empty while nobody has confirmed the first, and once that person has left
	Since          int64       // µs: since when that person is the representative
	Asked          Claim       // who is said to be the representative, until somebody else decides about it; zero for nobody
	Mandates       []Mandate
}

// Claim 登记申请 is that somebody who has seen licence and identity document says who a firm's representative is. Another person of another duty confirms it.
type Claim struct {
	Name   string
	Person name.Person
	By     Hand
	At     int64 // µs
	Why    string
}

// Waits reports whether the claim may still be decided at an instant: not once [MaxProposal] is over.
func (c *Claim) Waits(at int64) bool { return c.Person != "" && at <= c.At+MaxProposal }

// Mandate 授权委托 is what an agent may do for a firm, and for how long.
type Mandate struct {
	ID      string
	Agent   name.Person
	Kinds   []string // of matter, pack/kind, ascending; no others
	From    int64    // µs
	Until   int64    // µs
	Why     string
	By      name.Person // who gave it
	Ended   int64       // µs: revoked, 0 for not
	EndedBy name.Person
}

// Limits of mandates: a year, and what one firm needs. Ours; a mandate is in writing and names matter, powers and time
// (民法典, 2020, article 165, as read about).
const (
	MaxMandate  = 366 * 24 * 3600 * 1_000_000 // µs
	MaxMandates = 200
	maxKinds    = 50
	maxFirmName = 100 // characters
)

// The types of a firm's events.
const (
	TypeFirmAsked       = "account.firm-asked"
	TypeFirmRepresented = "account.firm-represented"
	TypeFirmRefused     = "account.firm-refused"
	TypeFirmLeft        = "account.firm-left"
	TypeMandateGiven    = "account.mandate-given"
	TypeMandateRevoked  = "account.mandate-revoked"
)

// FirmChange is the body of a firm's events.
type FirmChange struct {
	Code    codelist.CreditCode `json:"code,omitempty"`
	Name    string              `json:"name,omitempty"`
	Person  name.Person         `json:"person,omitempty"` // the representative, or the agent
	Mandate string              `json:"mandate,omitempty"`
	Kinds   []string            `json:"kinds,omitempty"`
	From    int64               `json:"from,omitempty"`    // µs
	Until   int64               `json:"until,omitempty"`   // µs
	Natural string              `json:"natural,omitempty"` // of who asked, as in [Account]
}

// FirmPrefix begins the key by which a firm stands in [name.Actor.For].
const FirmPrefix = "firm-"

// Key is how events name the firm as whom somebody acts for.
func (f *Firm) Key() name.Person { return name.Person(FirmPrefix + strings.ToLower(string(f.Code))) }

// Ask reads Code, Name and Person: somebody whose duty that is has seen who the legal representative is. Nobody does it for themselves, and one
// claim waits at a time. Until [Firm.Represent] everything stays as it is.
func (f *Firm) Ask(by Hand, at int64, reason string, w FirmChange) (FirmChange, error) {
	code, err := codelist.ParseCreditCode(string(w.Code))
	switch w.Name = strings.TrimSpace(w.Name); {
	case err != nil || f.Version > 0 && code != f.Code:
		return w, fault.Refuse(fault.ErrInvalid, "credit-code-wrong", "code")
	case w.Name == "" || utf8.RuneCountInString(w.Name) > maxFirmName || !utf8.ValidString(w.Name):
		return w, fault.Refuse(fault.ErrInvalid, "field-missing", "name")
	case w.Person == "":
		return w, fault.Refuse(fault.ErrInvalid, "field-missing", "person")
	case by.is(w.Person, ""):
		return w, fault.Refuse(fault.ErrDenied, "own-account", "person")
	case by.For != "":
		return w, fault.Refuse(fault.ErrDenied, "in-person", "")
	case f.Asked.Waits(at):
		return w, fault.Refuse(fault.ErrConflict, "firm-asked", "code")
	case strings.TrimSpace(reason) == "":
		return w, fault.Refuse(fault.ErrInvalid, "reason-missing", "why")
	}
	return FirmChange{Code: code, Name: w.Name, Person: w.Person, Natural: by.Natural}, nil
}

// Represent confirms the claim that waits: its person represents the firm from now on. Neither whoever made the claim confirms it nor whom it is about, by
// natural person. The mandates of the one before stay, for the new one to revoke.
func (f *Firm) Represent(by Hand, at int64) (FirmChange, error) {
	if err := f.waits(at); err != nil {
		return FirmChange{}, err
	}
	if by.For != "" || by.is(f.Asked.By.Person, f.Asked.By.Natural) || by.is(f.Asked.Person, "") {
		return FirmChange{}, fault.Refuse(fault.ErrDenied, "twofold-other-person", "")
	}
	return FirmChange{Code: f.Code, Name: f.Asked.Name, Person: f.Asked.Person}, nil
}

// Refuse decides that the claim that waits is not confirmed, or taken back.
func (f *Firm) Refuse(at int64, reason string) (FirmChange, error) {
	if err := f.waits(at); err != nil {
		return FirmChange{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return FirmChange{}, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	return FirmChange{}, nil
}

// Leave decides that its representative, who closes their account, represents the firm no longer. It refuses while somebody acts for the firm by a mandate, whom nobody could then
// stop. What is under way in the firm's name is for the caller to look at.
func (f *Firm) Leave(by Hand, at int64) error {
	switch {
	case f.Representative == "" || by.Person != f.Representative || by.For != "":
		return fault.Refuse(fault.ErrDenied, "firm-not-yours", "")
	case slices.ContainsFunc(f.Mandates, func(m Mandate) bool { return m.Ended == 0 && at < m.Until }):
		return fault.Refuse(fault.ErrConflict, "leave-mandates", "", "firm", f.Name)
	}
	return nil
}

func (f *Firm) waits(at int64) error {
	switch {
	case f.Asked.Person == "":
		return fault.Refuse(fault.ErrConflict, "twofold-state", "")
	case !f.Asked.Waits(at):
		return fault.Refuse(fault.ErrLate, "twofold-stale", "")
	}
	return nil
}

// Give reads Person, Mandate, Kinds, From and Until: the representative gives an agent a mandate.
func (f *Firm) Give(by Hand, at int64, reason string, w FirmChange) (FirmChange, error) {
	kinds := slices.Compact(slices.Sorted(slices.Values(w.Kinds)))
	switch {
	case by.Person != f.Representative || by.For != "" || f.Version == 0:
		return w, fault.Refuse(fault.ErrDenied, "firm-not-yours", "")
	case w.Person == "" || w.Mandate == "":
		return w, fault.Refuse(fault.ErrInvalid, "field-missing", "agent")
	case w.Person == f.Representative:
		return w, fault.Refuse(fault.ErrInvalid, "mandate-to-oneself", "agent")
	case len(kinds) == 0 || len(kinds) > maxKinds || slices.Contains(kinds, ""):
		return w, fault.Refuse(fault.ErrInvalid, "mandate-scope", "kinds")
	case w.From < at || w.Until <= w.From || w.Until > w.From+MaxMandate:
		return w, fault.Refuse(fault.ErrInvalid, "mandate-span", "until")
	case strings.TrimSpace(reason) == "":
		return w, fault.Refuse(fault.ErrInvalid, "reason-missing", "why")
	case len(f.Mandates) >= MaxMandates || slices.ContainsFunc(f.Mandates, func(m Mandate) bool { return m.ID == w.Mandate }):
		return w, fault.Refuse(fault.ErrConflict, "mandate-over", "")
	}
	return FirmChange{Person: w.Person, Mandate: w.Mandate, Kinds: kinds, From: w.From, Until: w.Until}, nil
}

// Revoke ends a mandate before its time: by the representative, or by the agent who no longer wants it. To anybody else there is
// none.
func (f *Firm) Revoke(by Hand, at int64, id string) (FirmChange, error) {
	i := slices.IndexFunc(f.Mandates, func(m Mandate) bool { return m.ID == id })
	switch {
	case i < 0 || by.Person != f.Representative && by.Person != f.Mandates[i].Agent:
		return FirmChange{}, fault.Refuse(fault.ErrNotFound, "not-found", "")
	case f.Mandates[i].Ended != 0 || at >= f.Mandates[i].Until:
		return FirmChange{}, fault.Refuse(fault.ErrConflict, "mandate-over", "")
	}
	return FirmChange{Mandate: id}, nil
}

// InForce reports whether a mandate holds at an instant.
func (m *Mandate) InForce(at int64) bool { return m.Ended == 0 && m.From <= at && at < m.Until }

// Covers reports whether a person may act for the firm in matters of a kind at an instant: the representative in all, an agent
// within a mandate.
func (f *Firm) Covers(p name.Person, kind string, at int64) bool {
	if f.Version == 0 || p == "" {
		return false
	}
	return p == f.Representative || slices.ContainsFunc(f.Mandates, func(m Mandate) bool {
		return m.Agent == p && m.InForce(at) && slices.Contains(m.Kinds, kind)
	})
}

// ActsFor reports whether a person may act for the firm in anything at an instant.
func (f *Firm) ActsFor(p name.Person, at int64) bool {
	return f.Version > 0 && p != "" && (p == f.Representative || slices.ContainsFunc(f.Mandates, func(m Mandate) bool { return m.Agent == p && m.InForce(at) }))
}

// ApplyFirm returns the firm after an event: total, and without changing f. It reports an error only for a body that is not JSON.
func ApplyFirm(f Firm, e *ledger.Event) (Firm, error) {
	f.Version++
	f.ID = e.Stream
	var w FirmChange
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return f, fmt.Errorf("body of event %d of firm %s: %w", e.Version, e.Stream, err)
	}
	switch e.Type {
	case TypeFirmAsked:
		f.Code, f.Asked = w.Code, Claim{w.Name, w.Person, Hand{e.Actor, w.Natural}, e.At, e.Reason}
	case TypeFirmRepresented:
		f.Code, f.Name, f.Representative, f.Since, f.Asked = w.Code, w.Name, w.Person, e.At, Claim{}
	case TypeFirmRefused:
		f.Asked = Claim{}
	case TypeFirmLeft:
		f.Representative, f.Since = "", e.At
	case TypeMandateGiven:
		f.Mandates = append(slices.Clone(f.Mandates), Mandate{ID: w.Mandate, Agent: w.Person, Kinds: w.Kinds, From: w.From, Until: w.Until, Why: e.Reason, By: e.Actor.Person})
	case TypeMandateRevoked:
		f.Mandates = slices.Clone(f.Mandates)
		for i := range f.Mandates {
			if f.Mandates[i].ID == w.Mandate {
				f.Mandates[i].Ended, f.Mandates[i].EndedBy = e.At, e.Actor.Person
			}
		}
	}
	return f, nil
}

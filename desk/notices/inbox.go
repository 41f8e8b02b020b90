package notices

import (
	"context"
	"fmt"
	"strings"

	"bihuan/desk"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/notice"
)

// Entry is one notice as its person reads it.
type Entry struct {
	notice.Notice
	Text   string // in the reader's language
	Title  string // of the matter or goal, empty if the reader may not read it
	Light  string
	Urgent bool
}

// Ask narrows an inbox.
type Ask struct {
	About  notice.About
	Unread bool
	Cursor string // from Inbox.Next
}

// Alike are notices that say the same of matters of one kind on one day, the latest first; at least one.
type Alike []Entry

// Fresh is how many of them are unread.
func (a Alike) Fresh() (n int) {
	for i := range a {
		if a[i].Read == 0 {
			n++
		}
	}
	return n
}

// alike is what notices have in common that stand together.
type alike struct {
	about       notice.About
	kind, state string // the state where there is no kind: what happened to an account
	day         calendar.Date
}

func likeness(n *notice.Notice) alike {
	a := alike{about: n.About, kind: n.Facts.Kind, day: calendar.Instant(n.At).Date()}
	if a.kind == "" {
		a.state = n.Facts.State
	}
	return a
}

// Inbox is one page of a person's notices.
type Inbox struct {
	Entries []Entry
	Next    string
	Unread  map[notice.About]int64
	Total   int64 // unread ones
}

// A page ends before whichever comes first: the notice that would stand alone as the row after the last, or so many notices.
const (
	rowsOnPage = 50
	onPage     = 300
)

// Alike puts the entries together that say the same of one kind on one day, in the order of the latest of each.
func (in *Inbox) Alike() (all []Alike) {
	at := map[alike]int{}
	for _, e := range in.Entries {
		k := likeness(&e.Notice)
		i, known := at[k]
		if !known {
			i = len(all)
			at[k], all = i, append(all, nil)
		}
		all[i] = append(all[i], e)
	}
	return all
}

// fits is how many of the notices stand on one page.
func fits(all []notice.Notice) int {
	rows := map[alike]bool{}
	for i := range all {
		rows[likeness(&all[i])] = true
		if i == onPage || len(rows) > rowsOnPage {
			return i
		}
	}
	return len(all)
}

// Inbox returns the caller's notices, the latest first: as many as make fifty rows of [Inbox.Alike], three hundred at most.
func (r *Room) Inbox(ctx context.Context, who desk.Caller, ask Ask) (in Inbox, err error) {
	if err := r.own(who); err != nil {
		return in, err
	}
	q := notice.Asked{Person: who.Person, Unread: ask.Unread, Limit: onPage + 1}
	if ask.About != "" {
		q.About = []notice.About{ask.About}
	}
	if at, id, ok := strings.Cut(ask.Cursor, "."); ok {
		if _, err := fmt.Sscan(at, &q.Before); err != nil {
			return in, fmt.Errorf("cursor of an inbox: %w", fault.ErrInvalid)
		}
		q.After = id
	}
	all, err := r.Store.Notices(ctx, r.Desk.District(), q)
	if err != nil {
		return in, err
	}
	if n := fits(all); n < len(all) {
		all = all[:n]
		in.Next = itoa(all[n-1].At) + "." + all[n-1].ID
	}
	if in.Unread, err = r.Store.Unread(ctx, r.Desk.District(), who.Person); err != nil {
		return in, err
	}
	for _, n := range in.Unread {
		in.Total += n
	}
	rows, err := r.rowsOf(ctx, who, all)
	if err != nil {
		return in, err
	}
	for i := range all {
		o, _ := all[i].About.Find()
		e := Entry{Notice: all[i], Text: r.Text(&all[i], who.Lang), Urgent: o.Urgent}
		if row, may := rows[all[i].Stream]; may {
			e.Title, e.Light = row.Title, row.LightAt(r.Desk.Now())
		} else if o.Goal {
			if g, err := r.Desk.Goal(ctx, who, all[i].Stream); err == nil { // one that the reader may not read has no title
				e.Title = g.Title
			}
		}
		in.Entries = append(in.Entries, e)
	}
	return in, nil
}

// rowsOf returns the rows of the matters of notices that the caller may read.
func (r *Room) rowsOf(ctx context.Context, who desk.Caller, all []notice.Notice) (map[name.ID]journal.Row, error) {
	var ids []name.ID
	for _, n := range all {
		if n.Stream != "" {
			ids = append(ids, n.Stream)
		}
	}
	rows := map[name.ID]journal.Row{}
	if len(ids) == 0 {
		return rows, nil
	}
	page, err := r.Desk.Worklist(ctx, who, journal.Query{Streams: ids, Limit: 500, Order: journal.ByOpened})
	for _, row := range page.Rows {
		rows[row.Stream] = row
	}
	return rows, err
}

// Unread counts the caller's unread notices: all, those of matters that they are to look after because they stand above whoever
// has it in hand, and those of decisions that are late with somebody else; 0 for nobody.
func (r *Room) Unread(ctx context.Context, who desk.Caller) (all, watched, undecided int64, err error) {
	if who.IsNobody() || r.own(who) != nil {
		return 0, 0, 0, nil
	}
	counts, err := r.Store.Unread(ctx, r.Desk.District(), who.Person)
	for _, n := range counts {
		all += n
	}
	return all, counts[notice.Watched], counts[notice.Undecided], err
}

// Mark marks notices of the caller as read or unread; without ids all are read. Those of somebody else are left alone.
func (r *Room) Mark(ctx context.Context, who desk.Caller, ids []string, read bool) error {
	if err := r.own(who); err != nil {
		return err
	}
	at := int64(0)
	if read {
		at = r.Desk.Now()
	} else if len(ids) == 0 {
		return fault.Refuse(fault.ErrInvalid, "nothing-chosen", "id")
	}
	return r.Store.SetRead(ctx, r.Desk.District(), who.Person, ids, at)
}

// Text is what a notice says, in the words of its pack or, where that has none, in the platform's.
func (r *Room) Text(n *notice.Notice, lang string) string {
	if n.About == notice.Account {
		return notice.Fill(words.Say(lang, "notice.account-"+n.Facts.State), r.values(n, lang))
	}
	key := "notice." + string(n.About)
	if (n.About == notice.ToDecide || n.About == notice.Undecided || n.About == notice.Decided) && n.Facts.Kind != "" {
		key += "-matter"
	}
	if n.About == notice.ToDecide && n.Facts.Clock != "" {
		key += "-still" // a rung of the clock on the decision
	}
	if (n.About == notice.ReviewDue || n.About == notice.Decided) && words.Has(key+"-"+n.Facts.State) {
		key += "-" + n.Facts.State
	}
	template := words.Say(lang, key)
	if t, ok := r.Desk.Packs().Notice(n.Facts.Kind, n.About); ok {
		template = t.In(lang)
	}
	return notice.Fill(template, r.values(n, lang))
}

// flat takes brackets out of words that come to stand in brackets: 立项督办（一般） is 立项督办·一般.
var flat = strings.NewReplacer("（", "·", "）", "", " (", ", ", ")", "")

// values puts words to facts. A rung without a clock is climbed by a goal that falls behind.
func (r *Room) values(n *notice.Notice, lang string) map[string]string {
	f := &n.Facts
	v := map[string]string{"number": f.Number, "unit": r.Desk.Directory().Unit(f.Unit).Short.In(lang)}
	if f.Clock == "" {
		v["clock"] = words.Say(lang, "notice.behind")
	}
	if f.Unit == "" {
		v["unit"] = ""
	}
	if f.Due != 0 {
		v["due"] = dayWords(lang, f.Due)
	}
	k, ok := r.Desk.Packs().Kind(f.Kind)
	if !ok {
		return v
	}
	v["kind"] = k.Words.In(lang)
	if a := k.Act(f.Act); a != nil {
		v["act"] = flat.Replace(a.Words.In(lang))
	}
	if s := k.State(f.State); s != nil {
		v["state"] = s.Words.In(lang)
	}
	for i := range k.Clocks {
		if k.Clocks[i].Key == f.Clock {
			v["clock"] = flat.Replace(k.Clocks[i].Words.In(lang))
		}
	}
	return v
}

// dayWords writes the day by whose end something is due: 10月20日, 20 Oct; with the time where it is not the end of a day.
func dayWords(lang string, due int64) string {
	t := calendar.Instant(due).Time()
	clock := ""
	if t.Hour() == 0 && t.Minute() == 0 {
		t = calendar.Instant(due - 1).Time()
	} else {
		clock = t.Format(" 15:04")
	}
	if lang == "en" {
		return t.Format("2 Jan") + clock
	}
	return fmt.Sprintf("%d月%d日", t.Month(), t.Day()) + clock
}

package matter_test

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

// TestRefusals has a row for every code that Decide knows; the last test holds the rows against its comment.
var refusals = []struct {
	name  string
	from  func(testing.TB, ...string) *trail
	act   string
	who   name.Actor
	with  []func(*Command)
	kind  error
	code  string
	field string
}{
	{"a stage that the clock is not in", fencing, "patched", luo, nil, fault.ErrConflict, "stage-differs", ""},
	{"a stage after which there is none", mendingOnly, "patched", luo, nil, fault.ErrConflict, "stage-last", ""},
	{"done is said before the last stage", fencing, "tell", luo, []func(*Command){photos(2)}, fault.ErrConflict, "stage-open", ""},
	{"an act that there is not", sent2, "fly", chen, nil, fault.ErrInvalid, "act-unknown", ""},
	{"an act that does not lead on from here", sent2, "see", qin, nil, fault.ErrConflict, "wrong-state", ""},
	{"an opening act on a matter that is open", sent2, "file", chen, nil, fault.ErrConflict, "wrong-state", ""},
	{"an act on what has not been opened", unopened, "take", lin, nil, fault.ErrConflict, "wrong-state", ""},
	{"another unit takes it", sent2, "take", wu, nil, fault.ErrDenied, "not-your-part", ""},
	{"the holder in another role than the act wants", unopened, "file", gao, nil, fault.ErrDenied, "not-your-part", ""},
	{"another handler than the one it is given to", doing, "step", mei, nil, fault.ErrDenied, "not-your-part", ""},
	{"who gave it is asked, and somebody else comes", sent2, "giver", lin, nil, fault.ErrDenied, "not-your-part", ""},
	{"only the supervision office supervises", sent2, "whip", chen, []func(*Command){because("late")}, fault.ErrDenied, "not-your-part", ""},
	{"a person does what only the platform may", unopened, "file", wu, nil, fault.ErrDenied, "not-your-part", ""},
	{"only the issuer's unit changes the task", doing, "alter", lin, []func(*Command){because("x")}, fault.ErrDenied, "not-issuer", ""},
	{"only the issuer's unit strikes off", seen2, "strike", su, nil, fault.ErrDenied, "not-issuer", ""},
	{"who did the work does not verify it", told2, "see", lin, nil, fault.ErrDenied, "did-the-work", ""},
	{"nor under another unit's name", told2, "see", name.Actor{Person: "lin", Unit: "checks", Role: "checker"}, nil, fault.ErrDenied, "did-the-work", ""},
	{"nor through somebody else", told2, "see", qin, []func(*Command){forWhom("lin")}, fault.ErrDenied, "did-the-work", ""},
	{"nor does a colleague where the kind asks for another unit", told2, "see", mei, nil, fault.ErrDenied, "same-unit", ""},
	{"who verified it does not strike it off", checkedByOffice, "strike", gao, nil, fault.ErrDenied, "did-the-check", ""},
	{"nor through somebody else of the office", checkedByOffice, "strike", chen, []func(*Command){forWhom("gao")}, fault.ErrDenied, "did-the-check", ""},
	{"who asked for more time does not grant it for somebody else", asked, "longer", name.Actor{Person: "mei", For: "gao", Unit: "office", Role: "head"}, []func(*Command){because("x"), clock("work"), moreUnits(1)}, fault.ErrDenied, "asked-for-it", ""},
	{"nor does whoever it was asked for", askedForGao, "longer", gao, []func(*Command){because("x"), clock("work"), moreUnits(1)}, fault.ErrDenied, "asked-for-it", ""},
	{"nor does whose it is", doing, "longer", name.Actor{Person: "lin", For: "gao", Unit: "office", Role: "head"}, []func(*Command){because("x"), clock("work"), moreUnits(1)}, fault.ErrDenied, "asked-for-it", ""},
	{"nor does whose it is say anything else from the other side", doing, "alter", name.Actor{Person: "lin", For: "chen", Unit: "office", Role: "issuer"}, []func(*Command){because("x")}, fault.ErrDenied, "asked-for-it", ""},
	{"nor who asked", asked, "giver", name.Actor{Person: "mei", For: "chen", Unit: "office", Role: "issuer"}, nil, fault.ErrDenied, "asked-for-it", ""},
	{"nor who worked on it before", handedOn, "alter", name.Actor{Person: "lin", For: "chen", Unit: "office", Role: "issuer"}, []func(*Command){because("x")}, fault.ErrDenied, "asked-for-it", ""},
	{"a leader changes what nobody asked them to", askable, "alter", liu, []func(*Command){because("x")}, fault.ErrConflict, "nothing-asked", ""},
	{"a change that changes nothing is asked for", askable, "ask-alter", chen, []func(*Command){because("x")}, fault.ErrInvalid, "nothing-changed", ""},
	{"something is asked for while something else waits", askedToAlter, "ask-drop", chen, []func(*Command){because("x")}, fault.ErrConflict, "asked-already", ""},
	{"a return without a reason", sent2, "back", lin, nil, fault.ErrInvalid, "reason-missing", "reason"},
	{"blanks are no reason", sent2, "back", lin, []func(*Command){because(" 　\n")}, fault.ErrInvalid, "reason-missing", "reason"},
	{"a reason without end", sent2, "back", lin, []func(*Command){because(strings.Repeat("x", ledger.MaxReason+1))}, fault.ErrInvalid, "too-long", "reason"},
	{"a required field is left out", unopened, "file", chen, []func(*Command){form("unit", "roads")}, fault.ErrInvalid, "field-missing", "title"},
	{"a required field is cleared", doing, "remark", lin, []func(*Command){form("note", " ")}, fault.ErrInvalid, "field-missing", "note"},
	{"a field that the form has not", doing, "step", lin, []func(*Command){form("title", "West bridge")}, fault.ErrInvalid, "field-not-asked", "title"},
	{"a personal value in the form", doing, "step", lin, []func(*Command){form("phone", "13800000000")}, fault.ErrInvalid, "field-not-asked", "phone"},
	{"a personal field that the form has not", sent2, "take", lin, []func(*Command){phone("aa")}, fault.ErrInvalid, "field-not-asked", "phone"},
	{"a value that does not fit its field", doing, "step", lin, []func(*Command){form("done", "-1")}, fault.ErrInvalid, "too-small", "done"},
	{"one photo where two are asked for", doing, "tell", lin, []func(*Command){photos(1)}, fault.ErrInvalid, "evidence-missing", "evidence"},
	{"the same photo twice", doing, "tell", lin, []func(*Command){photos(1), photos(1)}, fault.ErrInvalid, "evidence-missing", "evidence"},
	{"evidence of a kind that there is not", doing, "step", lin, []func(*Command){piece(Evidence{Kind: "rumour", File: strings.Repeat("a", 64)})}, fault.ErrInvalid, "evidence-unreadable", "evidence"},
	{"a photo without its upload", doing, "step", lin, []func(*Command){piece(Evidence{Kind: Photo})}, fault.ErrInvalid, "evidence-unreadable", "evidence"},
	{"a hash in capitals", doing, "step", lin, []func(*Command){piece(Evidence{Kind: Photo, File: strings.Repeat("A", 64)})}, fault.ErrInvalid, "evidence-unreadable", "evidence"},
	{"a statement of blanks", doing, "step", lin, []func(*Command){piece(Evidence{Kind: Statement, Text: "  "})}, fault.ErrInvalid, "evidence-unreadable", "evidence"},
	{"more evidence than anybody reads", doing, "step", lin, []func(*Command){photos(MaxEvidence)}, fault.ErrInvalid, "evidence-unreadable", "evidence"},
	{"nobody is named to send it to", returned, "again", chen, []func(*Command){form("unit", "")}, fault.ErrInvalid, "field-missing", "unit"},
	{"it goes back to a worker that it never had", neverWorked, "redo", qin, []func(*Command){because("x")}, fault.ErrInvalid, "target-missing", ""},
	{"a pause for a reason that there is not", doing, "wait", lin, []func(*Command){because("x"), code("rain")}, fault.ErrInvalid, "pause-reason-unknown", "code"},
	{"a pause of a clock that does not run", doing, "wait", lin, []func(*Command){because("x"), code("flood")}, fault.ErrConflict, "clock-not-running", ""},
	{"an extension of a clock that does not run", doing, "longer", gao, []func(*Command){because("x"), clock("due"), until("2023-06-01")}, fault.ErrConflict, "clock-not-running", ""},
	{"an extension of a clock that the act does not name", doing, "longer", gao, []func(*Command){because("x"), clock("ack"), moreUnits(1)}, fault.ErrConflict, "clock-not-running", "clock"},
	{"an extension by nothing", doing, "longer", gao, []func(*Command){because("x"), clock("work")}, fault.ErrInvalid, "extension-missing", "units"},
	{"an extension beyond the cap", doing, "longer", gao, []func(*Command){because("x"), clock("work"), moreUnits(6)}, fault.ErrInvalid, "extension-too-long", "units"},
	{"a second extension", extended, "longer", gao, []func(*Command){because("x"), clock("work"), moreUnits(1)}, fault.ErrConflict, "extension-used", ""},
	{"an extension by somebody who may not grant it", doing, "longer", chen, []func(*Command){because("x"), clock("work"), moreUnits(1)}, fault.ErrDenied, "not-your-part", ""},
	{"an extension to an earlier date", dated, "longer", gao, []func(*Command){because("x"), clock("due"), until("2023-04-30")}, fault.ErrInvalid, "extension-missing", "until"},
	{"an extension to no date", dated, "longer", gao, []func(*Command){because("x"), clock("due"), until("next year")}, fault.ErrInvalid, "extension-missing", "until"},
	{"an extension to a date beyond the cap", dated, "longer", gao, []func(*Command){because("x"), clock("due"), until("2023-07-01")}, fault.ErrInvalid, "extension-too-long", "until"},
	{"a link that there is not", unopened, "file", chen, []func(*Command){links(Link{Kind: "cousin-of", To: jobID})}, fault.ErrInvalid, "field-not-asked", "links"},
	{"a link to nothing", unopened, "file", chen, []func(*Command){links(Link{Kind: ChildOf})}, fault.ErrInvalid, "field-not-asked", "links"},
	{"a date that cannot be", sent2, "alter", chen, []func(*Command){because("x"), form("due", "2023-02-30")}, fault.ErrInvalid, "not-date", "due"},
	{"a third unit where it came back twice", returnedTwice, "again", chen, []func(*Command){form("unit", "parks")}, fault.ErrConflict, "arbitrate-first", ""},
	{"giving back what was arbitrated", arbitrated, "back", lin, []func(*Command){because("still not ours")}, fault.ErrConflict, "arbitrated", ""},
}

func unopened(t testing.TB, _ ...string) *trail { return begin(t) }
func sent2(t testing.TB, _ ...string) *trail    { return sent(t) }
func told2(t testing.TB, _ ...string) *trail    { return told(t) }
func seen2(t testing.TB, _ ...string) *trail    { return seen(t) }
func askable(t testing.TB, _ ...string) *trail  { return inTwo(t) }
func dated(t testing.TB, _ ...string) *trail    { return doing(t, "due", "2023-04-30") }

func askedToAlter(t testing.TB, _ ...string) *trail {
	tr := inTwo(t)
	tr.must("ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"), because("x"))
	return tr
}

func returned(t testing.TB, _ ...string) *trail {
	tr := sent(t)
	tr.must("back", lin, "2023-03-01T11:00", because("not ours"))
	return tr
}

// asked: a colleague of whoever has it has asked for more time.
func asked(t testing.TB, _ ...string) *trail {
	tr := doing(t)
	tr.must("remark", mei, "2023-03-02T09:00", form("note", "more time, please"))
	return tr
}

// askedForGao: in the name of a head who could grant it.
func askedForGao(t testing.TB, _ ...string) *trail {
	tr := doing(t)
	tr.must("remark", name.Actor{Person: "mei", For: "gao", Unit: "roads", Role: "head"}, "2023-03-02T09:00", form("note", "more time, please"))
	return tr
}

// handedOn: lin worked on it, and now it is somebody else's.
func handedOn(t testing.TB, _ ...string) *trail {
	tr := doing(t)
	tr.must("step", lin, "2023-03-02T09:00", form("done", "1"))
	tr.m.Holder = Hand{"roads", "mei"}
	return tr
}

// TestWhoHasItActsForOthersOfItsSide: a handler to whom the head of the unit has delegated does for the head what is that unit's to do, in this matter too.
func TestWhoHasItActsForOthersOfItsSide(t *testing.T) {
	tr := doing(t)
	d, err := tr.do("step", name.Actor{Person: "lin", For: "luo", Unit: "roads", Role: "head"}, "2023-03-02T09:00", form("done", "1"))
	if err != nil {
		t.Errorf("%v %v", d, err)
	}
}

// signed is a kind whose step is what the head of a unit puts its name to.
func signed(t testing.TB, _ ...string) *trail {
	tr := doing(t)
	tr.k = job()
	tr.k.Fields = append(tr.k.Fields, field.Field{Key: "signed-by", Kind: field.Person})
	tr.k.Acts = append(tr.k.Acts, Act{Key: "sign", Verb: Progress, From: []string{"doing"}, To: "doing", By: []Party{{Part: Holder, Role: "head"}}, Signs: "signed-by"})
	return tr
}

// TestNobodySignsInAnothersNameWhatTheyWrote: a head signs, and so does whoever acts for the head, unless the matter is theirs or they did some of it, by whichever account.
func TestNobodySignsInAnothersNameWhatTheyWrote(t *testing.T) {
	same := func(p name.Person) []name.Person {
		if p == "lin" || p == "lin-2" {
			return []name.Person{"lin", "lin-2"}
		}
		return []name.Person{p}
	}
	for who, want := range map[name.Actor]string{
		{Person: "bo", Unit: "roads", Role: "head"}:               "",
		{Person: "mei", For: "bo", Unit: "roads", Role: "head"}:   "",
		{Person: "lin", For: "bo", Unit: "roads", Role: "head"}:   "asked-for-it",
		{Person: "lin-2", For: "bo", Unit: "roads", Role: "head"}: "asked-for-it",
	} {
		tr := signed(t)
		tr.env.Same = same
		tr.must("step", lin, "2023-03-02T09:00", form("done", "1"))
		_, err := tr.do("sign", who, "2023-03-02T10:00")
		if code, _ := refusal(err); err != nil && code != want || err == nil && want != "" {
			t.Errorf("%s for %q: %v, want %q", who.Person, who.For, err, want)
		}
	}
}

// TestTwoAccountsAreOnePerson: who did the work, checked it or asked for something by one account is kept from what takes somebody else by every other,
// and so is whoever acts for them.
func TestTwoAccountsAreOnePerson(t *testing.T) {
	for _, c := range []struct {
		name string
		from func(testing.TB, ...string) *trail
		act  string
		who  name.Actor
		one  name.Person // the name under which the same person was there before
		code string
	}{
		{"the work is checked", told2, "see", qin, "lin", "did-the-work"},
		{"in the name of somebody who did it", told2, "see", name.Actor{Person: "qin", For: "tan", Unit: "checks", Role: "checker"}, "lin", "did-the-work"},
		{"what was checked is struck off", checkedByOffice, "strike", chen, "gao", "did-the-check"},
		{"more time is granted", asked, "longer", gao, "mei", "asked-for-it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, same := range []bool{true, false} {
				tr := c.from(t)
				other := cmp.Or(c.who.For, c.who.Person)
				tr.env.Same = func(p name.Person) []name.Person {
					if same && (p == c.one || p == other) {
						return []name.Person{c.one, other}
					}
					return []name.Person{p}
				}
				_, err := tr.do(c.act, c.who, "2023-03-06T09:00", because("x"), clock("work"), moreUnits(1))
				if code, _ := refusal(err); (code == c.code) != same {
					t.Errorf("one person: %t, %v", same, err)
				}
			}
		})
	}
}

// TestWhoAskedIsForgotten once it was granted, and once the matter has come to somebody else; and who said something from another unit has asked for nothing.
func TestWhoAskedIsForgotten(t *testing.T) {
	tr := asked(t)
	tr.must("remark", gao, "2023-03-02T10:00", form("note", "we shall see")) // from the office that is asked
	if !slices.Equal(tr.m.Asked, []name.Person{"mei"}) {
		t.Errorf("asked: %v", tr.m.Asked)
	}
	tr.must("longer", gao, "2023-03-02T11:00", because("material"), clock("work"), moreUnits(1))
	if tr.m.Asked != nil {
		t.Errorf("after it was granted: %v", tr.m.Asked)
	}
	tr = asked(t)
	tr.must("tell", lin, "2023-03-03T09:00", photos(2)) // it is the issuer's now
	if tr.m.Asked != nil {
		t.Errorf("after it was handed on: %v", tr.m.Asked)
	}
}

func extended(t testing.TB, _ ...string) *trail {
	tr := doing(t)
	tr.must("longer", gao, "2023-03-02T09:00", because("material"), clock("work"), moreUnits(5))
	return tr
}

// returnedTwice: two units have given it back, and there is somebody to arbitrate.
func returnedTwice(t testing.TB, _ ...string) *trail {
	tr := begin(t)
	tr.k = disputed()
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
	tr.must("back", lin, "2023-03-01T10:00", because("the bridge is the parks'"))
	tr.must("again", chen, "2023-03-01T11:00", form("unit", "parks"))
	tr.must("back", wu, "2023-03-01T12:00", because("it carries a road"))
	return tr
}

// arbitrated: and it was decided whose it is.
func arbitrated(t testing.TB, _ ...string) *trail {
	tr := returnedTwice(t)
	tr.must("rule", chen, "2023-03-01T14:00", form("unit", "roads"), because("the road's owner keeps the bridge"))
	return tr
}

// checkedByOffice: a head of the office that set the task has verified it.
func checkedByOffice(t testing.TB, _ ...string) *trail {
	tr := told(t)
	tr.must("see", gao, "2023-03-03T09:00")
	return tr
}

// neverWorked: a matter that came to be reported without anybody's work, as only a broken pack allows.
func neverWorked(t testing.TB, _ ...string) *trail {
	tr := doing(t)
	tr.m.State, tr.m.Phase = "told", Reported
	return tr
}

func phone(s string) func(*Command) {
	return func(c *Command) { c.Personal = map[string]ledger.Commitment{"phone": ledger.Commitment(s)} }
}

func piece(e Evidence) func(*Command) { return func(c *Command) { c.Evidence = append(c.Evidence, e) } }

func TestRefusals(t *testing.T) {
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			tr := c.from(t)
			before := tr.m
			_, err := tr.do(c.act, c.who, "2023-03-06T09:00", c.with...)
			code, field := refusal(err)
			if code != c.code || field != c.field || !errors.Is(err, c.kind) {
				t.Errorf("got %v on %q, want %s on %q (%v)", err, field, c.code, c.field, c.kind)
			}
			if !reflect.DeepEqual(before, tr.m) {
				t.Error("a refusal changed the matter")
			}
		})
	}
}

// TestRefusalsAreDocumented: the comment of Decide names every code that a row shows, and no row is missing.
func TestRefusalsAreDocumented(t *testing.T) {
	src, err := os.ReadFile("decide.go")
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(src), "// The codes of refusals: ")
	list, _, ok2 := strings.Cut(after, ", and the codes of")
	if !ok || !ok2 {
		t.Fatal("the comment of Decide does not list the codes")
	}
	documented := map[string]bool{}
	for _, c := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" ,/\n", r) }) {
		documented[c] = true
	}
	shown := map[string]bool{}
	for _, c := range refusals {
		if shown[c.code] = true; c.code != "too-small" && !documented[c.code] {
			t.Errorf("%s is not documented", c.code)
		}
	}
	for c := range documented {
		if !shown[c] {
			t.Errorf("no row shows %s", c)
		}
	}
}

func TestStraightPath(t *testing.T) {
	tr := seen(t)
	d := tr.must("strike", chen, "2023-03-06T09:00")
	if d.Type != "matter.strike-off" || tr.m.State != "done" || tr.m.Phase != Closed || tr.m.Closed != at("2023-03-06T09:00") || tr.m.IsOpen() {
		t.Errorf("struck off: %s %+v", d.Type, tr.m)
	}
	tr.must("keep", chen, "2023-03-07T09:00")
	m := tr.m
	want := Matter{ID: jobID, Kind: "test/job", Pack: "v1", Version: 6, State: "kept", Phase: Archived, Public: true,
		Issuer: Hand{"office", "chen"}, Giver: Hand{"roads", "lin"}, Holder: Hand{Unit: "office"}, Worker: Hand{"roads", "lin"},
		DidWork: []name.Person{"lin"}, WorkedBy: []name.Unit{"roads"}, Checked: []name.Person{"qin"},
		Fields: map[string]string{"title": "East bridge", "unit": "roads", "person": "lin"}, Evidence: m.Evidence, Clocks: m.Clocks,
		Opened: at("2023-03-01T09:00"), Closed: at("2023-03-06T09:00"), Changed: at("2023-03-07T09:00")}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("got  %+v\nwant %+v", m, want)
	}
	if len(m.Evidence) != 3 || len(m.Clocks) != 2 || len(m.Running()) != 0 {
		t.Errorf("%d pieces of evidence, %d clocks, %d running; want 3, 2, 0", len(m.Evidence), len(m.Clocks), len(m.Running()))
	}
}

// TestVerbs keeps what each verb means, as Breaches tells it, for people to read.
func TestVerbs(t *testing.T) {
	k := job()
	var out strings.Builder
	for _, v := range Verbs() {
		a := Act{Key: "a", Verb: v, From: []string{"doing"}, Holder: Handover{To: ToActor}}
		if v == Register {
			a.From = nil
		}
		words, _ := v.Words()
		out.WriteString(string(v) + " " + words.ZH + ":")
		for _, s := range k.States {
			if v == Register {
				break
			}
			b := a
			b.From, b.To = []string{s.Key}, "nowhere"
			if len(k.Breaches(&b)) == 0 {
				out.WriteString(" " + string(s.Phase))
			}
		}
		out.WriteString(" →")
		for _, s := range k.States {
			b := a
			if b.To = s.Key; !slices.ContainsFunc(k.Breaches(&b), func(b Breach) bool { return b.Code == "phase-to" }) {
				out.WriteString(" " + string(s.Phase))
			}
		}
		if v.NeedsReason() {
			out.WriteString("; reason")
		}
		if a.Holder.To = Stays; slices.ContainsFunc(k.Breaches(&a), func(b Breach) bool { return b.Code == "target-missing" }) {
			out.WriteString("; target")
		}
		out.WriteString("\n")
	}
	const file = "testdata/verbs.txt"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != out.String() {
		t.Errorf("%s (%v) differs; got\n%s", file, err, out.String())
	}
}

// TestEveryVerbIsDecided does an act of every verb from each phase that the verb allows.
func TestEveryVerbIsDecided(t *testing.T) {
	for _, v := range Verbs() {
		t.Run(string(v), func(t *testing.T) {
			k := job()
			k.OtherUnit = false
			act := Act{Key: "x", Verb: v, By: by(Anybody), Holder: Handover{To: ToUnit, Unit: "parks"}}
			for _, s := range k.States {
				b := act
				b.From, b.To = []string{s.Key}, ""
				if v != Register && !slices.ContainsFunc(k.Breaches(&b), func(b Breach) bool { return b.Code == "phase-from" }) {
					act.From = append(act.From, s.Key)
				}
				b.To = s.Key
				if act.To == "" && !slices.ContainsFunc(k.Breaches(&b), func(b Breach) bool { return b.Code == "phase-to" }) {
					act.To = s.Key
				}
			}
			if v == Pause {
				act.Clocks = effects(Hold, "work")
			}
			asks := v == Ask || v == Refuse || v == TakeBack
			if asks {
				act.Of = "y"
				k.Acts = append(k.Acts, Act{Key: "y", Verb: Withdraw, From: act.From, By: by(Anybody), Asked: by(Issuer)})
			}
			k.Acts = append(k.Acts, act)
			from := act.From
			if v == Register {
				from = []string{""}
			}
			for _, state := range from {
				tr := doing(t)
				if tr.k = k; state == "" {
					tr.m = Matter{}
				} else {
					tr.m.State = state
				}
				if asks && v != Ask {
					tr.m.Pending = &Asking{Act: "y", By: map[Verb]name.Actor{Refuse: chen, TakeBack: {Person: "zhou"}}[v]}
				}
				d := tr.must("x", name.Actor{Person: "zhou", Unit: "office", Role: "issuer"}, "2023-03-06T09:00", because("why"), code("frost"))
				if d.Type != "matter."+string(v) || tr.m.State != act.To || tr.m.Holder.Unit != "parks" || d.Change.Verb != v {
					t.Errorf("from %s: %s, state %s, holder %s", state, d.Type, tr.m.State, tr.m.Holder.Unit)
				}
				if c := d.Change.Count; c != "" && (tr.m.Counts[c] != 1 || !slices.Contains(Counted(), c)) {
					t.Errorf("counted %v, want one of %s", tr.m.Counts, c)
				}
			}
		})
	}
}

// TestBreaches: the physics of verbs that the compiler of packs asks for.
func TestBreaches(t *testing.T) {
	k := job()
	for _, c := range []struct {
		name string
		act  Act
		want []Breach
	}{
		{"a verb that there is not", Act{Verb: "fly"}, []Breach{{Code: "verb-unknown"}}},
		{"an opening act with states", Act{Verb: Register, From: []string{"sent"}, To: "sent"}, []Breach{{Code: "opens"}}},
		{"another act without", Act{Verb: Verify, To: "seen"}, []Breach{{Code: "does-not-open"}}},
		{"verifying what nobody reported", Act{Verb: Verify, From: []string{"doing"}, To: "seen"}, []Breach{{"phase-from", "doing", []Phase{Reported}}}},
		{"verifying into the end", Act{Verb: Verify, From: []string{"told"}, To: "done"}, []Breach{{"phase-to", "done", []Phase{Verified}}}},
		{"verifying without going on", Act{Verb: Verify, From: []string{"told"}}, []Breach{{"phase-stays", "told", []Phase{Verified}}}},
		{"a remark that moves the matter on", Act{Verb: Note, From: []string{"doing"}, To: "done"}, []Breach{{"phase-to", "done", []Phase{Handling}}}},
		{"a dispatch to nobody", Act{Verb: Dispatch, From: []string{"ours"}, To: "sent"}, []Breach{{Code: "target-missing"}}},
		{"a state that there is not is for others to say", Act{Verb: Verify, From: []string{"nowhere"}, To: "nowhere"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := k.Breaches(&c.act); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestTargets(t *testing.T) {
	type row struct {
		name   string
		h      Handover
		who    name.Actor
		want   Hand
		giver  Hand
		person string
	}
	rows := []row{
		{"it stays where it is", Handover{}, lin, Hand{"roads", "lin"}, Hand{"office", "chen"}, ""},
		{"to whoever set it", Handover{To: ToIssuer}, lin, Hand{Unit: "office"}, Hand{"roads", "lin"}, ""},
		{"to whoever gave it", Handover{To: ToGiver}, lin, Hand{Unit: "office"}, Hand{"roads", "lin"}, ""},
		{"to the unit of a field", Handover{To: ToField, Field: "unit"}, lin, Hand{Unit: "roads"}, Hand{"office", "chen"}, ""},
		{"to the person of a field, in the unit that has it", Handover{To: ToField, Field: "person"}, lin, Hand{"roads", "mei"}, Hand{"office", "chen"}, "mei"},
		{"to a unit of the pack", Handover{To: ToUnit, Unit: "parks"}, lin, Hand{Unit: "parks"}, Hand{"roads", "lin"}, ""},
		{"to whoever did the work", Handover{To: ToWorker}, su, Hand{"roads", "lin"}, Hand{"office", "chen"}, ""},
		{"to the supervision office", Handover{To: ToSupervision}, lin, Hand{Unit: "watch"}, Hand{"roads", "lin"}, ""},
		{"to whoever does it", Handover{To: ToActor}, su, Hand{"watch", "su"}, Hand{"watch", "su"}, ""},
	}
	for _, c := range rows {
		t.Run(c.name, func(t *testing.T) {
			tr := doing(t)
			tr.must("step", lin, "2023-03-01T11:00", form("done", "1"))
			tr.k.Acts = append(tr.k.Acts, Act{Key: "x", Verb: Join, From: []string{"doing"}, By: by(Anybody), Holder: c.h, Form: []Input{{Field: "person"}}})
			with := form()
			if c.person != "" {
				with = form("person", c.person)
			}
			tr.must("x", c.who, "2023-03-02T09:00", with)
			if tr.m.Holder != c.want || tr.m.Giver != c.giver {
				t.Errorf("holder %v, giver %v; want %v, %v", tr.m.Holder, tr.m.Giver, c.want, c.giver)
			}
		})
	}
	for _, to := range []Target{ToIssuer, ToGiver, ToField, ToUnit, ToWorker, ToSupervision, ToActor} {
		if !slices.ContainsFunc(rows, func(r row) bool { return r.h.To == to }) {
			t.Errorf("no row has target %s", to)
		}
	}
}

func TestOpening(t *testing.T) {
	t.Run("a person opens for their own unit", func(t *testing.T) {
		tr := sent(t)
		if tr.m.Issuer != (Hand{"office", "chen"}) || tr.m.Giver != tr.m.Issuer || tr.m.Holder != (Hand{Unit: "roads"}) || !tr.m.Public {
			t.Errorf("%+v", tr.m)
		}
	})
	t.Run("the platform opens for whoever raised it, who is the giver too", func(t *testing.T) {
		tr := begin(t)
		tr.must("file", name.System, "2023-03-01T09:00", form("title", "x", "unit", "roads"), func(c *Command) { c.Issuer = Hand{Unit: "watch"} })
		if tr.m.Issuer != (Hand{Unit: "watch"}) || tr.m.Giver != (Hand{Unit: "watch"}) {
			t.Errorf("issuer %v, giver %v", tr.m.Issuer, tr.m.Giver)
		}
	})
	t.Run("links are kept", func(t *testing.T) {
		tr := begin(t)
		tr.must("file", chen, "2023-03-01T09:00", form("title", "x", "unit", "roads"), links(Link{ChildOf, jobID}))
		if got := tr.m.Linked(ChildOf); !slices.Equal(got, []name.ID{jobID}) || tr.m.Linked(Fulfils) != nil {
			t.Errorf("%v", got)
		}
	})
}

func TestFields(t *testing.T) {
	tr := doing(t)
	d := tr.must("step", lin, "2023-03-02T09:00", form("done", "１.50", "note", "half"))
	if want := map[string]string{"done": "1.5", "note": "half"}; !maps.Equal(d.Change.Fields, want) {
		t.Errorf("the event holds %v, want %v", d.Change.Fields, want)
	}
	d = tr.must("step", lin, "2023-03-03T09:00", form("done", "1.5", "note", ""))
	if want := map[string]string{"note": ""}; !maps.Equal(d.Change.Fields, want) || d.Report == nil {
		t.Errorf("the event holds %v, want only what changed, %v; report %v", d.Change.Fields, want, d.Report)
	}
	if _, has := tr.m.Fields["note"]; has || tr.m.Fields["done"] != "1.5" {
		t.Errorf("fields %v: a cleared field is gone, one that is left out keeps its value", tr.m.Fields)
	}
}

func TestPersonalFields(t *testing.T) {
	tr := begin(t)
	tr.k.Acts[0].Form[4].Required = true // phone
	if _, err := tr.do("file", chen, "2023-03-01T09:00", form("title", "x", "unit", "roads")); !isRefused(err, "field-missing") {
		t.Errorf("without a commitment: %v", err)
	}
	first := ledger.Commit(ledger.SM3, [16]byte{1}, jobID, "phone", "13800000000")
	d := tr.must("file", chen, "2023-03-01T09:00", form("title", "x", "unit", "roads"), phone(string(first)))
	if tr.m.Personal["phone"] != first || tr.m.Fields["phone"] != "" || d.Change.Personal["phone"] != first {
		t.Errorf("personal %v, fields %v", tr.m.Personal, tr.m.Fields)
	}
	tr.must("take", lin, "2023-03-01T10:00")
	tr.must("step", lin, "2023-03-01T11:00", phone("second"))
	if tr.m.Personal["phone"] != "second" {
		t.Errorf("personal %v, want the later commitment", tr.m.Personal)
	}
}

func isRefused(err error, code string) bool {
	got, _ := refusal(err)
	return got == code
}

func TestReport(t *testing.T) {
	tr := doing(t)
	for _, c := range []struct {
		name string
		with []string
		want *Figure
	}{
		{"a value without a period is of the month of the act", []string{"done", "3"}, &Figure{Value: "3"}},
		{"a period may be named", []string{"done", "4", "period", "2023-02"}, &Figure{"4", "2023-02"}},
		{"the period of an earlier report is not taken for this one", []string{"done", "5"}, &Figure{Value: "5"}},
		{"no value reports nothing, whatever was reported before", []string{"note", "busy"}, nil},
		{"a cleared value reports nothing", []string{"done", ""}, nil},
		{"the same value again is a figure again", []string{"done", "0"}, &Figure{Value: "0"}},
		{"even unchanged", []string{"done", "0"}, &Figure{Value: "0"}},
	} {
		if d := tr.must("step", lin, "2023-03-02T09:00", form(c.with...)); !reflect.DeepEqual(d.Report, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, d.Report, c.want)
		}
	}
	tr.k.Act("step").Form = []Input{{Field: "done"}}
	if d := tr.must("step", lin, "2023-03-03T09:00", form("done", "6")); d.Report == nil || d.Report.Period != "2023-02" {
		t.Errorf("a period that the form does not ask for is the matter's: got %v", d.Report)
	}
}

func TestRaise(t *testing.T) {
	tr := doing(t, "due", "2023-04-30")
	d := tr.must("step", lin, "2023-03-02T09:00", form("parts", `[["bolts","parks"],["plates","checks"]]`))
	want := []Opening{
		{Kind: "test/job", Link: ChildOf, Issuer: Hand{"roads", "lin"}, Fields: map[string]string{"title": "bolts", "unit": "parks", "due": "2023-04-30"}},
		{Kind: "test/job", Link: ChildOf, Issuer: Hand{"roads", "lin"}, Fields: map[string]string{"title": "plates", "unit": "checks", "due": "2023-04-30"}},
	}
	if !reflect.DeepEqual(d.Raises, want) {
		t.Errorf("got %v, want %v", d.Raises, want)
	}
	if d := tr.must("step", lin, "2023-03-03T09:00", form("parts", `[["bolts","parks"],["plates","checks"]]`)); d.Raises != nil {
		t.Errorf("the same table again raises %v", d.Raises)
	}
	d = tr.must("step", lin, "2023-03-04T09:00", form("parts", `[["bolts","parks"],["bolts","parks"],["plates","checks"],["paint","roads"]]`))
	if len(d.Raises) != 2 || d.Raises[0].Fields["title"] != "bolts" || d.Raises[1].Fields["title"] != "paint" {
		t.Errorf("two rows more raise %v", d.Raises)
	}
	if d = tr.must("whip", su, "2023-03-05T09:00", because("late")); len(d.Raises) != 1 || d.Raises[0].Kind != "test/order" || d.Raises[0].Fields["unit"] != "roads" {
		t.Errorf("a single one: %v", d.Raises)
	}
}

func TestMayDo(t *testing.T) {
	tr := told(t)
	for _, c := range []struct {
		act  string
		who  name.Actor
		code string
	}{{"see", qin, ""}, {"see", lin, "did-the-work"}, {"see", mei, "same-unit"}, {"drop", lin, "not-your-part"}, {"alter", lin, "not-issuer"}} {
		got := ""
		if r := MayDo(tr.k, &tr.m, tr.k.Act(c.act), c.who, tr.env); r != nil {
			got = r.Code
		}
		if got != c.code {
			t.Errorf("%s may do %s: %q, want %q", c.who.Person, c.act, got, c.code)
		}
	}
	if !tr.m.Accepts(tr.k.Act("see")) || tr.m.Accepts(tr.k.Act("take")) {
		t.Error("a matter that is reported can be verified and not acknowledged")
	}
}

func TestParts(t *testing.T) {
	tr := doing(t, "assist", "parks water")
	for _, c := range []struct {
		name string
		part Part
		who  name.Actor
		want bool
	}{
		{"the named handler holds it", Holder, lin, true},
		{"another handler of the unit does not", Holder, mei, false},
		{"the head of the unit does", Holder, bo, true},
		{"the issuer's unit", Issuer, gao, true},
		{"not the holder's", Issuer, lin, false},
		{"the giver's unit", Giver, chen, true},
		{"a unit that assists", Involved, wu, true},
		{"one that does not", Involved, qin, false},
		{"the supervision office", Supervision, su, true},
		{"anybody", Anybody, wu, true},
		{"the platform is not anybody", Anybody, name.System, false},
		{"nor does it verify", Verifier, name.System, false},
		{"the platform", Platform, name.System, true},
		{"a person is not the platform", Platform, lin, false},
		{"a part that there is not", "owner", lin, false},
	} {
		if got := HasPart(&tr.m, c.part, c.who, "watch"); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if HasPart(&tr.m, Supervision, name.Actor{}, "") {
		t.Error("where no office supervises, nobody does")
	}
}

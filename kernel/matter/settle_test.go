package matter_test

import (
	"testing"

	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

// refused fails unless the step is refused with the code.
func (tr *trail) refused(code, act string, who name.Actor, when string, with ...func(*Command)) {
	tr.t.Helper()
	_, err := tr.do(act, who, when, with...)
	if got, _ := refusal(err); got != code {
		tr.t.Fatalf("%s by %s: %s, want %s", act, who.Person, got, code)
	}
}

// disputed is the job with somebody to arbitrate whose it is, and with the ways of putting it off.
func disputed() *Kind {
	k := job()
	k.Acts = append(k.Acts,
		Act{Key: "rule", Verb: Arbitrate, From: []string{"ours", "waiting"}, To: "sent", By: by(Issuer), Form: []Input{{Field: "unit", Required: true}},
			Clocks: effects(Restart, "ack", "work"), Holder: Handover{To: ToField, Field: "unit"}},
		Act{Key: "later", Verb: Postpone, From: []string{"doing"}, To: "waiting", By: by(Holder), Form: []Input{{Field: "due"}}, Clocks: effects(Hold, "work")},
		Act{Key: "shelf", Verb: Shelve, From: []string{"doing"}, To: "waiting", By: by(Holder), Clocks: effects(Hold, "work"), Holder: Handover{To: ToIssuer}},
		Act{Key: "ask", Verb: CallBack, From: []string{"told", "seen"}, By: by(Anybody)},
		Act{Key: "rate", Verb: Note, From: []string{"told"}, By: by(Anybody), Form: []Input{{Field: "note"}}, Instead: Instead{"note", []string{"bad", "worse"}, "object"}},
		Act{Key: "object", Verb: Contest, From: []string{"told", "seen"}, To: "doing", By: by(Anybody), Form: []Input{{Field: "note"}}, Clocks: starts("work"), Holder: Handover{To: ToWorker}})
	k.Clock("work").Pauses = append(k.Clock("work").Pauses, PauseReason{Code: string(Postpone), Words: text("postponed")})
	return k
}

// TestWhoseItIsGetsSettled: a matter does not go round and round between units.
func TestWhoseItIsGetsSettled(t *testing.T) {
	tr := arbitrated(t)
	if tr.m.Holder.Unit != "roads" || tr.m.Counts["arbitrations"] != 1 {
		t.Fatalf("holder %v, counts %v", tr.m.Holder, tr.m.Counts)
	}
	if r := MayDo(tr.k, &tr.m, tr.k.Act("back"), lin, tr.env); r == nil || r.Code != "arbitrated" {
		t.Errorf("the button says %v", r)
	}
	tr.must("take", lin, "2023-03-01T16:00")
}

// TestWithoutAnArbiterItIsSentOn: a kind that has nobody to arbitrate sends on what came back, however often.
func TestWithoutAnArbiterItIsSentOn(t *testing.T) {
	tr := begin(t)
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
	for range 3 {
		tr.must("back", lin, "2023-03-01T10:00", because("not ours"))
		tr.must("again", chen, "2023-03-01T11:00", form("unit", "roads"))
	}
}

// TestPuttingOffPausesForTheVerbItself: the reason is the verb, and a clock that does not know it is not paused by it.
func TestPuttingOffPausesForTheVerbItself(t *testing.T) {
	tr := doing(t)
	tr.k = disputed()
	tr.refused("pause-reason-unknown", "shelf", lin, "2023-03-03T09:00", because("nobody owns it"))
	tr.must("later", lin, "2023-03-03T09:00", because("in spring"), code("frost"))
	c := tr.m.Clock("work")
	if tr.m.Phase != Paused || !c.IsPaused() || c.Pauses[0].Reason != string(Postpone) || tr.m.Counts["postponements"] != 1 {
		t.Errorf("phase %s, clock %+v, counts %v", tr.m.Phase, c, tr.m.Counts)
	}
	tr.must("on", lin, "2023-03-13T09:00")
	if c := tr.m.Clock("work"); c.IsPaused() {
		t.Errorf("still paused: %+v", c)
	}
}

// TestCallingBackIsSomebodyElses, and a bad answer contests what was said to be done.
func TestCallingBackIsSomebodyElses(t *testing.T) {
	tr := doing(t)
	tr.k = disputed()
	tr.must("tell", lin, "2023-03-03T09:00", photos(2))
	tr.refused("did-the-work", "ask", lin, "2023-03-03T10:00")
	tr.must("ask", qin, "2023-03-03T10:00")
	tr.must("rate", qin, "2023-03-03T11:00", form("note", "fine"))
	if tr.m.Phase != Reported {
		t.Errorf("a good rating led to %s", tr.m.Phase)
	}
	tr.must("rate", qin, "2023-03-03T11:00", form("note", "bad"))
	if tr.m.Phase != Handling || tr.m.Holder.Unit != "roads" || tr.m.Counts["contests"] != 1 || tr.m.Counts["call-backs"] != 1 {
		t.Errorf("%s with %v, counts %v", tr.m.Phase, tr.m.Holder, tr.m.Counts)
	}
}

package matter_test

import (
	"fmt"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

// panics stands in for a test in examples.
type panics struct{}

func (panics) Helper()                   {}
func (panics) Fatal(v ...any)            { panic(fmt.Sprint(v...)) }
func (panics) Fatalf(f string, v ...any) { panic(fmt.Sprintf(f, v...)) }
func example() *trail                    { return &trail{t: panics{}, k: job(), env: world()} }

// show prints what came of a command: the event, or why not.
func (tr *trail) show(d Decision, err error) {
	if err != nil {
		fmt.Println("refused:", err)
		return
	}
	fmt.Println(d.Type, "→", tr.m.State, "of", tr.m.Holder.Unit)
}

// Coming in and being handed out: 登记, 签收, 退回, 派遣. A task that comes back is its setter's again.
func ExampleDecide_intake() {
	tr := example()
	tr.show(tr.do("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "parks")))
	tr.show(tr.do("back", wu, "2023-03-01T10:00"))
	tr.show(tr.do("back", wu, "2023-03-01T10:00", because("bridges are the road office's")))
	tr.show(tr.do("again", chen, "2023-03-01T11:00", form("unit", "roads")))
	tr.show(tr.do("take", lin, "2023-03-01T14:00", form("person", "lin")))
	// Output:
	// matter.register → sent of parks
	// refused: invalid: reason-missing (reason)
	// matter.return → ours of office
	// matter.dispatch → sent of roads
	// matter.acknowledge → doing of roads
}

// Doing the work: 推进, 反馈. A figure that an act reports goes to the goal that the matter fulfils.
func ExampleDecide_work() {
	tr := example()
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
	tr.must("take", lin, "2023-03-01T10:00")
	d, err := tr.do("step", lin, "2023-03-02T09:00", form("done", "１.5"))
	tr.show(d, err)
	fmt.Println("reported", d.Report.Value)
	tr.show(tr.do("tell", lin, "2023-03-03T09:00", photos(1)))
	tr.show(tr.do("tell", lin, "2023-03-03T09:00", photos(2)))
	// Output:
	// matter.progress → doing of roads
	// reported 1.5
	// refused: invalid: evidence-missing (evidence)
	// matter.feedback → told of office
}

// Checking and ending: 核查, 返工, 销号, by three different persons.
func ExampleDecide_check() {
	tr := example()
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
	tr.must("take", lin, "2023-03-01T10:00")
	tr.must("tell", lin, "2023-03-03T09:00", photos(2))
	tr.show(tr.do("see", lin, "2023-03-06T09:00"))
	tr.show(tr.do("redo", qin, "2023-03-06T09:00", because("a crack is left")))
	tr.must("tell", lin, "2023-03-07T09:00", photos(2))
	tr.show(tr.do("see", qin, "2023-03-08T09:00"))
	tr.show(tr.do("strike", su, "2023-03-09T09:00"))
	tr.show(tr.do("strike", chen, "2023-03-09T09:00"))
	// Output:
	// refused: denied: did-the-work
	// matter.rework → doing of roads
	// matter.verify → seen of office
	// refused: denied: not-issuer
	// matter.strike-off → done of office
}

// Time: 挂起, 恢复, 延期. What is left is kept, and an extension is granted once.
func ExampleDecide_clocks() {
	tr := example()
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
	tr.must("take", lin, "2023-03-01T10:00")
	due := func() {
		c := tr.m.Clock("work")
		fmt.Println("due", calendar.Instant(c.Due-1).Date(), c.Light(at("2023-03-08")))
	}
	due()
	tr.must("wait", lin, "2023-03-03T09:00", because("frost"), code("frost"))
	due()
	tr.must("on", lin, "2023-03-07T09:00")
	due()
	tr.must("longer", gao, "2023-03-08T09:00", because("steel is late"), clock("work"), moreUnits(5))
	due()
	tr.show(tr.do("longer", gao, "2023-03-09T09:00", because("again"), clock("work"), moreUnits(1)))
	// Output:
	// due 2023-03-15 green
	// due 2023-03-15 grey
	// due 2023-03-20 green
	// due 2023-03-27 green
	// refused: conflict: extension-used
}

// The ladder: 提醒, 催办, 督办, 通报, each once.
func ExampleTick() {
	tr := example()
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
	tr.must("take", lin, "2023-03-01T10:00")
	for _, when := range []string{"2023-03-13", "2023-03-15", "2023-03-15", "2023-03-31"} {
		fmt.Println(when, tr.tick(when))
	}
	// Output:
	// 2023-03-13 [work/remind]
	// 2023-03-15 [work/urge]
	// 2023-03-15 []
	// 2023-03-31 [work/supervise work/circulate]
}

func ExampleExplain() {
	tr := example()
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
	standing, _ := Explain(tr.k.Clock("work"), tr.m.Clock("work"), at("2023-03-10T09:00"), tr.env)
	fmt.Println(standing.ZH, "/", standing.EN)
	// Output: 剩余3个工作日 / 3 working days left
}

func ExampleMove() {
	tr := example()
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
	next := job()
	next.Version = "v2"
	next.States[2].Key = "handed-out"
	fmt.Println(Obstacles(tr.k, next, &tr.m))
	next.States[2].Key = "sent"
	d, _ := Move(tr.k, next, &tr.m, "new rules of 1 April")
	tr.take(name.System, at("2023-04-01"), &d)
	fmt.Println(d.Type, tr.m.Pack)
	// Output:
	// [{state sent}]
	// matter.moved v2
}

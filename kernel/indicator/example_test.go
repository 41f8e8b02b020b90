package indicator_test

import (
	"fmt"

	. "bihuan/kernel/indicator"
)

// Old estates: 21 by the end of the year, thirteen at the end of October.
func ExampleGoal_Read() {
	g := with(goal(Accumulate, "eq", "21", "个"), "2023-10", "13")
	r := g.Read(date("2023-11-06"), workdays(), DefaultThresholds())
	fmt.Printf("%s %s: %s%% done, %s points against plan, %s a working day needed in %d days\n", r.Light, r.Why, r.Progress, r.Gap, r.Required, r.DaysLeft)
	// Output: yellow behind: 61.9% done, -21.39 points against plan, 0.2 a working day needed in 40 days
}

// A second decline of 15 per cent is counted from last year's level, never from last year's rate.
func ExampleGoal_Read_decline() {
	g := with(goal(Ceiling, "decline", "15", "%", base("63", "点")), "2023-09", "60")
	r := g.Read(date("2023-10-16"), workdays(), DefaultThresholds())
	fmt.Println("at most", r.Planned, "it is", r.Actual, r.Light, r.Why)
	// Output: at most 53.55 it is 60 yellow over-limit
}

func ExampleGoal_Record() {
	g := *goal(Accumulate, "eq", "21", "个")
	_, err := g.Record(Figure{Period: "2023-10", Value: dec("13"), Standing: Corrected, Note: "counted twice"}, lin)
	fmt.Println(err)
	// Output: conflict: nothing-to-correct (standing)
}

func ExampleRank() {
	for _, p := range Rank([]Runner{runner("east", "streets", "80", 9), runner("west", "streets", "92", 9), runner("north", "streets", "80", 2)}, map[string]int{"east": 1, "west": 2}, 3) {
		fmt.Println(p.Rank, p.Key, p.Change, p.New, p.Few)
	}
	// Output:
	// 1 west 1 false false
	// 2 east -1 false false
	// 2 north 0 true true
}

func ExampleCurve() {
	for _, p := range Curve(BuildSeason, date("2023-03-01"), date("2023-12-31"), dec("0"), dec("21")) {
		fmt.Print(p.Month, " ", p.Value, "  ")
	}
	// Output: 2023-03 0  2023-04 3  2023-05 6  2023-06 9  2023-07 12  2023-08 15  2023-09 18  2023-10 21  2023-11 21  2023-12 21
}

func ExampleSheet_Score() {
	s := usual().Score(Record{Done: map[PieceKind]Share{Completion: share("19", "20"), Timeliness: share("8", "10")}, Count: map[string]int{"supervise": 1}, Bonus: 9})
	fmt.Println(s.Total)
	// Output: 96
}

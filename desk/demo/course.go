package demo

import (
	"fmt"
	"sync"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// move is one act in the course of a matter: so many working days after the act before it, at a time of the day.
type move struct {
	after  int
	minute int
	act    string
	who    desk.Caller
	with   map[string]string
	photos []journal.File
	reason string
}

// course plans a matter's life: it is opened by the first move and goes on by the others, as far as the demo's time has come.
func (b *Builder) course(kind string, day calendar.Date, moves []move) {
	var id name.ID
	for i, m := range moves {
		for range m.after {
			day = b.working(day + 1)
		}
		if int64(day.At(m.minute)) >= int64(Start) {
			return
		}
		do := desk.Do{Kind: kind, Act: m.act, With: m.with, Reason: m.reason, Evidence: evidenceOf(m.photos), Files: m.photos}
		b.plan(day, m.minute, func() error {
			if i > 0 {
				return b.act(m.who, id, m.act, do)
			}
			done, err := b.Desk.Start(b.ctx, m.who, do)
			if id = done.Matter; err != nil {
				return fmt.Errorf("%s %s by %s of %s: %w", kind, m.act, m.who.Person, m.who.Unit, err)
			}
			return nil
		})
	}
}

// around returns a point of a subdistrict near its middle, the n-th of a little spiral, as WGS-84 "longitude,latitude".
func around(s spot, n int) string {
	ring := float64(n%7+1) * 0.0006
	turn := [8][2]float64{{1, 0}, {0.7, 0.7}, {0, 1}, {-0.7, 0.7}, {-1, 0}, {-0.7, -0.7}, {0, -1}, {0.7, -0.7}}[n%8]
	return fmt.Sprintf("%.5f,%.5f", s.lon+ring*turn[0], s.lat+ring*0.72*turn[1])
}

// spot is a subdistrict or town with a point inside it and streets to be named in addresses.
type spot struct {
	code     string
	unit     name.Unit // the office
	own      name.Unit // its first community
	lon, lat float64
	roads    [2]string
}

// spots are where the demo's cases happen. The points lie in the schematic outlines of pack erdao; the roads' numbers are made up.
var spots = []spot{
	{"220105001", "dongsheng", "dongsheng-one", 125.3604, 43.8631, [2]string{"东盛大街", "岭东路"}},
	{"220105002", "jilin-street", "jilin-one", 125.3745, 43.8714, [2]string{"吉林大路", "和顺街"}},
	{"220105003", "rongguang", "rongguang-one", 125.3400, 43.8813, [2]string{"荣光路", "民丰大街"}},
	{"220105004", "dongzhan", "dongzhan-one", 125.3398, 43.8520, [2]string{"东站十条", "临河街"}},
	{"220105005", "yuanda", "yuanda-one", 125.3908, 43.8684, [2]string{"远达大街", "经纬路"}},
	{"220105006", "balipu", "balipu-one", 125.3675, 43.8867, [2]string{"八里堡街", "长新街"}},
	{"220105007", "changqing", "changqing-one", 125.3795, 43.8480, [2]string{"长青公路", "自由大路"}},
	{"220105010", "donghui", "donghui-one", 125.4027, 43.8820, [2]string{"东惠路", "福安街"}},
}

// matters of the demo's city are planned over so many days before its start.
const cityDays = 56

// theFiles are the pictures that the demo's cases show, drawn once.
var theFiles = sync.OnceValues(func() (before, after journal.File) {
	return picture("现场.png", false), picture("处置后.png", true)
})

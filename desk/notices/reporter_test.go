package notices_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/pack"
)

// TestWhoReportedIsToldThatItWasAnswered: by mail where there is an address, otherwise by SMS, by number and without a word of what
// they wrote; who left none is told nothing.
func TestWhoReportedIsToldThatItWasAnswered(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	room := doors.New(w.Desk)
	services, err := room.Services(ctx, pack.People)
	must(t, err)
	operator := w.As(t, "watch-centre", "operator", 0)
	for called, c := range map[string]struct{ mail, phone, want string }{
		"a mail address":     {"zhou@example.cn", "", "mail"},
		"a number":           {"", "13812345670", "sms"},
		"both":               {"zhou@example.cn", "13812345670", "mail"},
		"nothing of the two": {"", "", ""},
	} {
		t.Run(called, func(t *testing.T) {
			w.ways.sent = nil
			f := doors.Filing{Receipt: doors.NewReceipt(func(b []byte) { copy(b, called) }), Service: services[0].Code, Text: "我叫周桂芳，楼下路灯三天不亮", Place: "125.35,43.88", Address: "东盛大街128号门前", Name: "周桂芳", Email: c.mail, Phone: c.phone}
			filed, err := room.File(ctx, desk.Nobody, pack.People, f)
			must(t, err)
			w.act(operator, filed.Matter, "decline", func(d *desk.Do) { d.With = map[string]string{"answer": "已由电力公司处理。"} })
			w.tick()
			w.Clock.Forward(time.Hour)
			w.tick()
			if c.want == "" {
				if len(w.ways.sent) != 0 {
					t.Errorf("sent %+v", w.ways.sent)
				}
				return
			}
			if len(w.ways.sent) != 1 {
				t.Fatalf("sent %+v", w.ways.sent)
			}
			s := w.ways.sent[0]
			if s.channel != c.want || !strings.Contains(s.text, filed.Number) || strings.Contains(s.subject+s.text, "周") || strings.Contains(s.text, "路灯") || strings.Contains(s.text, "电力") {
				t.Errorf("%+v", s)
			}
		})
	}
}

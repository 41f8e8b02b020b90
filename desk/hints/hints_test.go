package hints_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"bihuan/desk/hints"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/internal/district"
)

var ctx = context.Background()

// TestHints asks one district, which takes longer to stand up than to answer.
func TestHints(t *testing.T) {
	r := hints.New(district.New(t, calendar.NewDate(2023, 10, 16)).Desk)
	for name, test := range map[string]func(*testing.T, *hints.Room){
		"classes are proposed for each kind":        classes,
		"a unit is proposed with its reason":        units,
		"a demand is shown its way":                 ways,
		"standard answers are found by their words": answers,
	} {
		t.Run(name, func(t *testing.T) { test(t, r) })
	}
}

func classes(t *testing.T, r *hints.Room) {
	for _, c := range []struct{ kind, text, want string }{
		{"hotline/call", "我们楼的暖气不热，屋里特别冷", "G04-05"},
		{"hotline/call", "路口的路灯不亮好几天了", "G01-04"},
		{"grid/event", "楼道堆物，杂物把路堵了", "G02-01"},
		{"urban/case", "东盛大街路灯不亮", "E06002"},
	} {
		all, err := r.Classes(ctx, c.kind, c.text, 3)
		if err != nil || len(all) == 0 || all[0].Code != c.want || all[0].Words.ZH == "" || len(all[0].Why) == 0 {
			t.Errorf("%s, %q: %+v, %v", c.kind, c.text, all, err)
		}
	}
	for _, c := range []struct{ text, why string }{
		{"我们楼的暖气不热，屋里特别冷", "暖气不热"}, // as people call it
		{"东盛大街路灯不亮", "路灯不亮"},
	} {
		all, err := r.Classes(ctx, "hotline/call", c.text, 1)
		if err != nil || len(all) == 0 || all[0].Why[0] != c.why {
			t.Errorf("%q is %+v because of its words, want %q: %v", c.text, all, c.why, err)
		}
	}
	if all, err := r.Classes(ctx, "hotline/call", "", 3); err != nil || len(all) != 0 {
		t.Errorf("nothing said: %v, %v", all, err)
	}
	if all, err := r.Classes(ctx, "promise/promise", "路灯", 3); err != nil || all != nil {
		t.Errorf("a kind without classes: %v, %v", all, err)
	}
	if _, err := r.Classes(ctx, "no/kind", "路灯", 3); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("no kind: %v", err)
	}
}

func units(t *testing.T, r *hints.Room) {
	for _, c := range []struct{ kind, class, street, unit, why string }{
		{"hotline/call", "G04-05", "", "heating-company", "规则R400"},
		{"hotline/call", "G03-01", "220105001", "dongsheng", "规则R410"},
		{"hotline/call", "G03-01", "", "", "选定街道后"},
		{"hotline/call", "G03-05", "", "enforcement", "规则R490"},
		{"urban/case", "E06002", "220105001", "road-maintenance", "规则R080"},
		{"urban/case", "E01002", "220105001", "dongsheng", "规则R200"},
		{"urban/case", "E01002", "", "sanitation", "规则R290"},
		{"hotline/call", "", "220105001", "", "选定类别后"},
		{"hotline/call", "G77-77", "220105001", "", ""},
	} {
		u, err := r.Unit(ctx, c.kind, c.class, c.street)
		if err != nil || string(u.Key) != c.unit || !strings.Contains(u.Why.ZH, c.why) {
			t.Errorf("%s %s in %s: %+v, %v", c.kind, c.class, c.street, u, err)
		}
	}
}

func ways(t *testing.T, r *hints.Room) {
	for class, want := range map[string]hints.Way{"G01-04": hints.ToUrban, "G03-01": hints.ToGrid, "G04-05": hints.ToUnit, "": hints.ToUnit} {
		if got, err := r.Way(ctx, "hotline/call", class); err != nil || got != want {
			t.Errorf("%q goes %s, %v; want %s", class, got, err, want)
		}
	}
}

func answers(t *testing.T, r *hints.Room) {
	for _, c := range []struct{ text, want string }{
		{"请问残疾证怎么办理", "K017"},
		{"家里暖气不热找谁", "K010"},
		{"我闻到燃气味", "K011"},
		{"停电", "K012"},
		{"你好", ""},
		{"", ""},
	} {
		all, err := r.Answers(ctx, c.text, 3)
		got := ""
		if len(all) > 0 {
			got = all[0].Code
		}
		if err != nil || got != c.want {
			t.Errorf("%q: %s (%+v), %v; want %s", c.text, got, all, err, c.want)
		}
	}
}

func TestTitlesNameNobody(t *testing.T) {
	for _, c := range []struct{ class, text, want string }{
		{"路灯不亮", "我叫周桂芳，东盛大街的路灯不亮。还有别的", "路灯不亮：我叫周**，东盛大街的路灯不亮"},
		{"", "停水两天了", "停水两天了"},
		{"停水", "", "停水"},
		{"", "", ""},
		{"", "请打13800000000找我，路灯坏了", "请打〔电话〕找我，路灯坏了"},
		{"", strings.Repeat("长", 60), strings.Repeat("长", 40) + "…"},
	} {
		if got := hints.Title(c.class, c.text); got != c.want {
			t.Errorf("%q %q: %q, want %q", c.class, c.text, got, c.want)
		}
	}
	got := hints.Demands("我要反映三件事。第一，楼下烧烤油烟太大，熏得开不了窗；第二，小区门口路灯不亮；另外停水两天没人管")
	for i, want := range []string{"楼下烧烤油烟太大，熏得开不了窗", "小区门口路灯不亮"} {
		if len(got) < 2 || got[i].Title != want {
			t.Errorf("piece %d of %+v is called otherwise than %q", i, got, want)
		}
	}
	if got := hints.Demands("1、路灯不亮；2、楼下烧烤油烟太大；3、停水两天没人管"); len(got) != 3 {
		t.Errorf("demands %q", got)
	}
	if got := hints.Demands(" "); len(got) != 0 {
		t.Errorf("demands of nothing: %q", got)
	}
}

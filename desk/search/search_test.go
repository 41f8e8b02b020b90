package search_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/search"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

var (
	ctx = context.Background()
	day = calendar.NewDate(2023, 10, 16)
)

type town struct {
	*district.District
	*search.Room
	t *testing.T
}

func stand(t *testing.T, more ...fs.FS) *town {
	t.Helper()
	x := district.New(t, day, more...)
	r, err := search.Open(ctx, x.Desk, x.Store)
	if err != nil {
		t.Fatal(err)
	}
	must(t, r.CatchUp(ctx)) // the records of the packs
	return &town{x, r, t}
}

// site files a site of works for a unit.
func (x *town) site(title string, unit name.Unit) name.ID {
	x.t.Helper()
	done, err := x.Desk.Start(ctx, x.As(x.t, "office", "issuer", 0), desk.Do{Kind: "works/site", Act: "file", With: map[string]string{"title": title,
		"category": "old-estate", "unit": string(unit), "due": "2023-11-20", "size": "1", "begin": "2023-10-20", "area": x.Desk.Directory().Streets[0].Code}})
	if err != nil {
		x.t.Fatal(err)
	}
	return done.Matter
}

func (x *town) titles(who desk.Caller, ask search.Ask) (titles []string, total int64) {
	x.t.Helper()
	res, err := x.Find(ctx, who, ask)
	if err != nil {
		x.t.Fatalf("find %q: %v", ask.Text, err)
	}
	for _, f := range res.Hits {
		titles = append(titles, f.Row.Title)
	}
	return titles, res.Total
}

func TestEachCallerFindsWhatTheyMayRead(t *testing.T) {
	x := stand(t)
	x.site("和顺小区供热管网改造", "housing")
	x.site("荣光小区供热管网改造", "education")
	for _, c := range []struct {
		name string
		who  desk.Caller
		want []string
	}{
		{"a leader finds everything", x.As(t, "office", "issuer", 0), []string{"荣光小区供热管网改造", "和顺小区供热管网改造"}},
		{"a handler finds what is of the unit", x.As(t, "housing", "handler", 0), []string{"和顺小区供热管网改造"}},
		{"another unit's handler finds the other", x.As(t, "education", "handler", 0), []string{"荣光小区供热管网改造"}},
		{"a unit without a part in it finds nothing", x.As(t, "landscape", "handler", 0), nil},
		{"nobody finds nothing", desk.Nobody, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, total := x.titles(c.who, search.Ask{Text: "供热"})
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) || int(total) != len(c.want) {
				t.Errorf("found %v, counted %d; want %v", got, total, c.want)
			}
		})
	}
}

// What somebody finds is what reading every row that they may see would find, through acts, restarts and merges.
func TestFindIsAReadingOfTheRowsThatOneMaySee(t *testing.T) {
	x := stand(t)
	units := []name.Unit{"housing", "education", "landscape"}
	for i := range 30 {
		id := x.site(fmt.Sprintf("%s%d号%s改造", []string{"和顺", "荣光", "东盛"}[i%3], i, []string{"泵房", "路灯"}[i%2]), units[i%3])
		if i%4 == 0 {
			handler := x.As(t, units[i%3], "handler", 0)
			if _, err := x.Desk.Act(ctx, handler, desk.Do{Matter: id, Act: "start", With: map[string]string{"begin": "2023-10-16", "person": string(handler.Person)}}); err != nil && !errors.Is(err, fault.ErrInvalid) {
				t.Fatal(err)
			}
		}
		switch i {
		case 10:
			must(t, x.Flush(ctx))
		case 20:
			must(t, x.CatchUp(ctx))
			must(t, x.Flush(ctx))
			again, err := search.Open(ctx, x.Desk, x.Store)
			must(t, err)
			x.Room = again
		case 25:
			must(t, x.Forget(ctx))
		}
	}
	for _, who := range []desk.Caller{x.As(t, "office", "issuer", 0), x.As(t, "housing", "handler", 0), x.As(t, "education", "head", 0)} {
		for _, text := range []string{"泵房", "荣光", "和顺 路灯", "2号"} {
			var want []name.ID
			page, err := x.Desk.Worklist(ctx, who, journal.Query{Kinds: []string{"works/site"}, Limit: 500})
			must(t, err)
			for _, r := range page.Rows {
				if !slices.ContainsFunc(strings.Fields(text), func(w string) bool { return !strings.Contains(r.Title, w) }) {
					want = append(want, r.Stream)
				}
			}
			res, err := x.Find(ctx, who, search.Ask{Text: text, Limit: 100})
			must(t, err)
			var got []name.ID
			for _, f := range res.Hits {
				got = append(got, f.Row.Stream)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) || int(res.Total) != len(want) || len(want) == 0 && who.Unit == "office" {
				t.Errorf("%s of %s finds %d of %q (counts %d), a reading %d", who.Person, who.Unit, len(got), text, res.Total, len(want))
			}
		}
	}
}

func TestFiltersAndPages(t *testing.T) {
	x := stand(t)
	for i := range 25 {
		x.site(fmt.Sprintf("和顺%d号泵房", i), []name.Unit{"housing", "education"}[i%2])
	}
	office := x.As(t, "office", "issuer", 0)
	if _, n := x.titles(office, search.Ask{Text: "泵房", Units: []name.Unit{"education"}}); n != 12 {
		t.Errorf("%d of a unit", n)
	}
	no := false
	if _, n := x.titles(office, search.Ask{Text: "泵房", Open: &no}); n != 0 {
		t.Errorf("%d are closed", n)
	}
	if _, n := x.titles(office, search.Ask{Text: "泵房", Opened: journal.Between{From: int64((day + 1).Start())}}); n != 0 {
		t.Errorf("%d from tomorrow on", n)
	}
	seen := map[name.ID]bool{}
	ask := search.Ask{Text: "泵房", Limit: 10}
	for {
		res, err := x.Find(ctx, office, ask)
		must(t, err)
		for _, f := range res.Hits {
			if seen[f.Row.Stream] {
				t.Errorf("%s stands on two pages", f.Row.Title)
			}
			seen[f.Row.Stream] = true
		}
		if res.Total != 25 || res.Units["housing"] != 13 || res.Kinds["works/site"] != 25 {
			t.Errorf("counts %d %v %v", res.Total, res.Units, res.Kinds)
		}
		if ask.Cursor = res.Next; ask.Cursor == "" {
			break
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d rows on all pages", len(seen))
	}
	res, _ := x.Find(ctx, office, search.Ask{Text: "泵房", Limit: 10})
	if _, err := x.Find(ctx, office, search.Ask{Text: "和顺", Limit: 10, Cursor: res.Next}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a cursor of another search: %v", err)
	}
}

// kiosk is the pack with doors that the language is tested with.
func kiosk(t *testing.T) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	base := os.DirFS("../../pack/testdata/base")
	must(t, fs.WalkDir(base, "kiosk", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(base, path)
		files[path] = &fstest.MapFile{Data: b}
		return err
	}))
	return files
}

func TestThePublicFindsOnlyWhatIsPublic(t *testing.T) {
	x := stand(t, kiosk(t))
	d := doors.New(x.Desk)
	_, err := d.File(ctx, desk.Nobody, pack.People, doors.Filing{Receipt: doors.NewReceipt(func(b []byte) { b[0] = 7 }), Service: "01-12",
		Text: "我叫周桂芳，楼下路灯三天不亮，电话13812345670", Address: "东盛大街128号门前", Name: "周桂芳", Phone: "13812345670"})
	must(t, err)
	for text, want := range map[string]int64{"路灯": 1, "东盛大街": 1, "三天不亮": 0, "周桂芳": 0, "13812345670": 0} {
		res, err := x.FindOpen(ctx, search.Ask{Text: text})
		must(t, err)
		if res.Total != want || len(res.Hits) != int(want) {
			t.Errorf("the public finds %d (%d shown) of %q, want %d", res.Total, len(res.Hits), text, want)
		}
	}
	office := x.As(t, "office", "issuer", 0)
	if _, n := x.titles(office, search.Ask{Text: "三天不亮"}); n != 1 {
		t.Errorf("the office finds %d by the description", n)
	}
	if _, n := x.titles(office, search.Ask{Text: "13812345670", Kinds: []string{"kiosk/call"}}); n > 1 {
		t.Errorf("a telephone of a personal field is found %d times", n)
	}
}

// TestThePublicAsksForNothingThatIsHidden: narrowing the public list tells nothing of what its rows leave out, neither by a single character of a
// title that is masked, too short for the index, nor by who has the matter.
func TestThePublicAsksForNothingThatIsHidden(t *testing.T) {
	x := stand(t, kiosk(t))
	x.Desk.FindBy(x.Room)
	door := x.Desk.DoorOf("kiosk/call", pack.People)
	done, err := x.Desk.Report(ctx, desk.Nobody, door, desk.Do{With: map[string]string{"title": "路灯不亮，我叫周桂芳", "service": "01-12", "text": "三天不亮", "address": "东盛大街128号门前"}})
	must(t, err)
	site, handler := x.site("和顺1号泵房", "housing"), x.As(t, "housing", "handler", 0)
	photo, err := desk.Upload("evidence", "开工.png", "image/png", corpus.PNG(0))
	must(t, err)
	_, err = x.Desk.Act(ctx, handler, desk.Do{Matter: site, Act: "start", With: map[string]string{"begun": x.Desk.Today().String(), "person": string(handler.Person)},
		Files: []journal.File{photo}, Evidence: []matter.Evidence{{Kind: matter.Photo, File: photo.Hash.String()}}})
	must(t, err)
	one := func(q journal.Query) (titles []string) {
		page, err := x.Desk.PublicMatters(ctx, q)
		must(t, err)
		for _, r := range page.Rows {
			titles = append(titles, r.Title)
		}
		return titles
	}
	if got := one(journal.Query{Streams: []name.ID{done.Matter}}); len(got) != 1 || strings.Contains(got[0], "桂芳") {
		t.Fatalf("the public reads %q", got)
	}
	for _, c := range []struct {
		q    journal.Query
		want int
	}{
		{journal.Query{Text: "路灯"}, 1},
		{journal.Query{Text: "芳"}, 0},
		{journal.Query{Text: "桂芳"}, 0},
		{journal.Query{Person: handler.Person}, 0},
		{journal.Query{Person: "nobody"}, 0},
		{journal.Query{Lights: []string{"green", "yellow", "red", "grey"}}, 0},
		{journal.Query{Due: journal.Between{Until: 1 << 60}}, 0},
		{journal.Query{Wake: journal.Between{Until: 1 << 60}}, 0},
	} {
		if got := one(c.q); len(got) != c.want {
			t.Errorf("the public finds %q by %q of %q, want %d", got, c.q.Text, c.q.Person, c.want)
		}
	}
}

func TestListsFindByEveryField(t *testing.T) {
	x := stand(t)
	x.Desk.FindBy(x.Room)
	x.site("和顺1号泵房", "housing")
	office := x.As(t, "office", "issuer", 0)
	l := &desk.PackList{Of: "works/site", Order: "due"}
	for text, want := range map[string]int{"泵房": 1, "老旧小区": 1, "路灯": 0, "泵": 1} {
		page, err := x.Desk.List(ctx, office, l, desk.ListAsk{Text: text})
		must(t, err)
		n, err := x.Desk.CountList(ctx, office, l, desk.ListAsk{Text: text})
		must(t, err)
		if len(page.Rows) != want || n != int64(want) {
			t.Errorf("the list finds %d (counts %d) of %q, want %d", len(page.Rows), n, text, want)
		}
	}
	page, err := x.Desk.Register(ctx, office, "erdao/unit", desk.RegisterAsk{Text: x.Desk.Directory().Unit("housing").Words.ZH})
	must(t, err)
	if len(page.Rows) == 0 {
		t.Error("the register of units does not find a unit by its name")
	}
}

// TestTheDeskFindsByEveryField: the filter of the worklist finds what its search finds, narrowed by what else is asked, and counts it.
func TestTheDeskFindsByEveryField(t *testing.T) {
	x := stand(t)
	x.Desk.FindBy(x.Room)
	x.site("和顺1号泵房", "housing")
	office, handler := x.As(t, "office", "issuer", 0), x.As(t, "housing", "handler", 0)
	no := false
	for name, c := range map[string]struct {
		q    journal.Query
		want int
	}{
		"by the title":                        {journal.Query{Text: "泵房"}, 1},
		"by another field":                    {journal.Query{Text: "老旧小区"}, 1},
		"by words that it has not":            {journal.Query{Text: "路灯"}, 0},
		"by its unit too":                     {journal.Query{Text: "老旧小区", Units: []name.Unit{"housing"}}, 1},
		"not by another unit":                 {journal.Query{Text: "老旧小区", Units: []name.Unit{"gardens"}}, 0},
		"not among what is closed":            {journal.Query{Text: "老旧小区", Open: &no}, 0},
		"one character is found in the title": {journal.Query{Text: "泵"}, 1},
	} {
		page, err := x.Desk.Work(ctx, office, desk.AllOpen, c.q)
		must(t, err)
		n, err := x.Desk.CountWork(ctx, office, desk.AllOpen, c.q)
		must(t, err)
		if len(page.Rows) != c.want || n != int64(c.want) || page.Found != 0 {
			t.Errorf("%s: %d rows (counted %d, found %d), want %d", name, len(page.Rows), n, page.Found, c.want)
		}
		x.theSame(office, c.q)
		x.theSame(handler, c.q)
	}
	for i := range 2 { // two hold it, the best one is asked for
		x.site("和顺"+string(rune('2'+i))+"号泵房", "housing")
	}
	if ids, total, err := x.Best(ctx, office, journal.Query{Text: "泵房"}, 2); err != nil || len(ids) != 2 || total != 3 {
		t.Errorf("the best 2 of 3: %d of %d, %v", len(ids), total, err)
	}
}

// counting is an index that counts how often it is asked.
type counting struct {
	*search.Room
	best, holding *atomic.Int64
}

func (c counting) Best(ctx context.Context, who desk.Caller, q journal.Query, n int) ([]name.ID, int, error) {
	c.best.Add(1)
	return c.Room.Best(ctx, who, q, n)
}

func (c counting) Holding(ctx context.Context, who desk.Caller, q journal.Query) (int, error) {
	c.holding.Add(1)
	return c.Room.Holding(ctx, who, q)
}

// TestAWorklistAsksTheIndexForWhatItNeeds: a text is looked for once in what is open, what waits in some units and states is among that, and where the page
// does not list what is closed too the best of it are not looked for.
func TestAWorklistAsksTheIndexForWhatItNeeds(t *testing.T) {
	x := stand(t)
	c := counting{x.Room, new(atomic.Int64), new(atomic.Int64)}
	x.Desk.FindBy(c)
	x.site("和顺1号泵房", "housing")
	handler := x.As(t, "housing", "handler", 0)
	for tab, want := range map[desk.Tab][2]int64{desk.Waiting: {1, 1}, desk.OfUnit: {1, 1}, desk.Overdue: {1, 1}, desk.AllOpen: {2, 0}} {
		c.best.Store(0)
		c.holding.Store(0)
		if _, err := x.Desk.Desktop(ctx, handler, tab, journal.Query{Text: "泵房"}); err != nil {
			t.Fatal(err)
		}
		if got := [2]int64{c.best.Load(), c.holding.Load()}; got != want {
			t.Errorf("%s: looked for the best and counted %v times, want %v", tab, got, want)
		}
	}
}

// theSame: a worklist's page and counts, asked side by side, are what is asked one by one.
func (x *town) theSame(who desk.Caller, q journal.Query) {
	x.t.Helper()
	for _, q.Limit = range []int{1, 50} {
		for _, tab := range desk.Tabs {
			got, err := x.Desk.Desktop(ctx, who, tab, q)
			must(x.t, err)
			page, err := x.Desk.Work(ctx, who, tab, q)
			must(x.t, err)
			if !reflect.DeepEqual(got.Page, page) {
				x.t.Errorf("%s of %+v: %d rows together, %d alone", tab, q, len(got.Page.Rows), len(page.Rows))
			}
			for i, other := range desk.Tabs {
				n, err := x.Desk.CountWork(ctx, who, other, journal.Query{Text: q.Text, Units: q.Units, Open: q.Open})
				must(x.t, err)
				if other == tab && q.Limit > len(page.Rows) && n != int64(len(page.Rows)) {
					x.t.Errorf("%s of %+v: counted %d, listed %d", tab, q, n, len(page.Rows))
				}
				if got.Counts[i] != n {
					x.t.Errorf("%s beside %s of %+v: counted %d together, %d alone", other, tab, q, got.Counts[i], n)
				}
			}
		}
	}
}

func TestAHitShowsWhereItStands(t *testing.T) {
	x := stand(t)
	x.site("和顺1号泵房", "housing")
	res, err := x.Find(ctx, x.As(t, "office", "issuer", 0), search.Ask{Text: "泵房"})
	must(t, err)
	if len(res.Hits) != 1 || len(res.Hits[0].Title.Spans) != 1 {
		t.Fatalf("hits %+v", res.Hits)
	}
	title := res.Hits[0].Title
	if s := title.Spans[0]; title.Text[s.Start:s.End] != "泵房" {
		t.Errorf("marked %q", title.Text[s.Start:s.End])
	}
}

func TestRunWritesDownWhatIsInMemory(t *testing.T) {
	x := stand(t)
	x.site("和顺1号泵房", "housing")
	run, end := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { x.Run(run, slog.New(slog.DiscardHandler)); close(done) }()
	x.titles(x.As(t, "office", "issuer", 0), search.Ask{Text: "泵房"})
	end()
	<-done
	again, err := search.Open(ctx, x.Desk, x.Store)
	must(t, err)
	x.Room = again
	if behind, err := x.Behind(ctx); err != nil || behind != 0 {
		t.Errorf("after a restart the index is %d events behind, %v", behind, err)
	}
	if _, n := x.titles(x.As(t, "office", "issuer", 0), search.Ask{Text: "泵房"}); n != 1 {
		t.Errorf("after a restart %d are found", n)
	}
}

// TestWhoIsFarBehindFindsEverythingAsItIsNow: of a log that is read in several steps each matter is found once, as its last event left it.
func TestWhoIsFarBehindFindsEverythingAsItIsNow(t *testing.T) {
	x := &town{district.New(t, day), nil, t}
	const n = 300
	var ids []name.ID
	for i := range n {
		ids = append(ids, x.site(fmt.Sprintf("和顺%d号泵房", i), "housing"))
	}
	head, leader := x.As(t, "office", "head", 0), x.As(t, "government", "leader", 0)
	for _, id := range ids[:n/2] {
		asked, err := x.Desk.Act(ctx, head, desk.Do{Matter: id, Act: "ask-cancel", Reason: "并入市级工程"})
		must(t, err)
		_, err = x.Desk.Act(ctx, leader, desk.Do{Matter: id, Act: "cancel", Version: asked.Version})
		must(t, err)
	}
	r, err := search.Open(ctx, x.Desk, x.Store)
	must(t, err)
	x.Room = r
	if behind, err := r.Behind(ctx); err != nil || behind < n*3/2 {
		t.Fatalf("%d events behind, %v", behind, err)
	}
	must(t, r.CatchUp(ctx))
	issuer := x.As(t, "office", "issuer", 0)
	states := map[string]int{}
	for _, id := range ids {
		row, err := x.Store.Row(ctx, id)
		must(t, err)
		states[row.State]++
	}
	if len(states) != 2 {
		t.Fatalf("the sites are in the states %v", states)
	}
	for state, want := range states {
		if _, got := x.titles(issuer, search.Ask{Text: "泵房", States: []string{state}}); int(got) != want {
			t.Errorf("%d sites are found in the state %s, want %d", got, state, want)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

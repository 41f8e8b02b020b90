package doors_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/pack"
)

var (
	ctx = context.Background()
	day = calendar.NewDate(2023, 10, 16)
)

// kiosk is the pack with doors that the language is tested with.
func kiosk(t *testing.T) fs.FS {
	t.Helper()
	files, err := fs.Sub(os.DirFS("../../pack/testdata"), "base")
	if err != nil {
		t.Fatal(err)
	}
	return only{files, "kiosk"}
}

// only shows one folder of a file system.
type only struct {
	fs.FS
	folder string
}

func (o only) Open(name string) (fs.File, error) {
	if name != "." && name != o.folder && !strings.HasPrefix(name, o.folder+"/") {
		return nil, fs.ErrNotExist
	}
	return o.FS.Open(name)
}

func (o only) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(o.FS, name)
	if name != "." {
		return all, err
	}
	var kept []fs.DirEntry
	for _, e := range all {
		if e.Name() == o.folder {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func room(t *testing.T) (*district.District, *doors.Room) {
	t.Helper()
	x := district.New(t, day, kiosk(t))
	return x, doors.New(x.Desk)
}

func receipt(n byte) string {
	return doors.NewReceipt(func(b []byte) {
		for i := range b {
			b[i] = n
		}
	})
}

var lamp = doors.Filing{Service: "01-12", Text: "我叫周桂芳，楼下路灯三天不亮，电话13812345670", Address: "东盛大街128号门前", Place: "125.35,43.88", Name: "周桂芳", Phone: "13812345670"}

func TestServicesAreTheRowsThatTheDoorShows(t *testing.T) {
	_, r := room(t)
	every, err := r.Services(ctx, pack.People)
	if err != nil {
		t.Fatal(err)
	}
	all := slices.DeleteFunc(slices.Clone(every), func(s doors.Service) bool { return s.Door.Of != "kiosk/call" })
	if len(all) != 2 || all[0].Code != "01-05" || all[1].Words.EN != "Street lamp" || all[1].Group.ZH != "公用设施" || len(all[1].Keywords) != 2 {
		t.Errorf("got %d services of %d", len(all), len(every))
	}
	for text, want := range map[string]string{"小区门口的灯不亮了": "01-12", "下水道井的盖子丢了": "01-05"} {
		got, err := r.Suggest(ctx, pack.People, "", text, 100)
		got = slices.DeleteFunc(got, func(s doors.Suggestion) bool { return s.Door.Of != "kiosk/call" })
		if err != nil || len(got) == 0 || got[0].Code != want || len(got[0].Why) == 0 {
			t.Errorf("%s: got %+v %v, want %s", text, got, err, want)
		}
	}
}

func TestAReportIsFiledOnceAndFollowedByItsReceipt(t *testing.T) {
	x, r := room(t)
	f := lamp
	f.Receipt = receipt(7)
	filed, err := r.File(ctx, desk.Nobody, pack.People, f)
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.File(ctx, desk.Nobody, pack.People, f)
	if err != nil || again != filed {
		t.Fatalf("the same form again: %+v %v, want %+v", again, err, filed)
	}
	typed := strings.ToUpper(filed.Receipt[:8]) + "-" + filed.Receipt[8:]
	p, err := r.Follow(ctx, desk.Nobody, typed)
	if err != nil {
		t.Fatal(err)
	}
	if p.Number != filed.Number || p.State.ZH != "待处理" || p.Text != f.Text || !p.Open || len(p.Steps) != 1 || p.Service.ZH != "路灯" {
		t.Errorf("got %+v", p)
	}
	if _, err := r.Follow(ctx, desk.Nobody, receipt(8)); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an unknown receipt: %v", err)
	}
	if _, err := r.Follow(ctx, desk.Nobody, "no receipt"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("no receipt: %v", err)
	}
	x.Verify(t)
}

func TestWhatIsPublicTellsNothingAboutPersons(t *testing.T) {
	_, r := room(t)
	f := lamp
	f.Receipt, f.Address = receipt(7), "和顺小区3栋2单元501室门前，找周女士13812345670"
	if _, err := r.File(ctx, desk.Nobody, pack.People, f); err != nil {
		t.Fatal(err)
	}
	page, err := r.Open(ctx, journal.Query{})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("%d rows, %v", len(page.Rows), err)
	}
	row := page.Rows[0]
	for _, secret := range []string{"周桂芳", "13812345670", "501", "3栋"} {
		if strings.Contains(row.Title+string(row.Body), secret) {
			t.Errorf("%s stands in %q %s", secret, row.Title, row.Body)
		}
	}
	if !strings.Contains(string(row.Body), "和顺小区") {
		t.Errorf("the place is lost: %s", row.Body)
	}
}

func TestWhatCannotBeReported(t *testing.T) {
	_, r := room(t)
	for name, c := range map[string]struct {
		change func(*doors.Filing)
		code   string
	}{
		"a service that is not offered":         {func(f *doors.Filing) { f.Service = "99-01" }, "service-unknown"},
		"no words":                              {func(f *doors.Filing) { f.Text = " \n" }, "report-empty"},
		"too many words":                        {func(f *doors.Filing) { f.Text = strings.Repeat("灯", doors.MaxText+1) }, "too-long"},
		"nowhere":                               {func(f *doors.Filing) { f.Place, f.Address = "", "" }, "where-missing"},
		"a place that is none":                  {func(f *doors.Filing) { f.Place = "here" }, "not-place"},
		"a receipt that nobody gave":            {func(f *doors.Filing) { f.Receipt = "1234" }, "receipt-unreadable"},
		"more photos than somebody sends":       {func(f *doors.Filing) { f.Photos = make([]journal.File, doors.MaxPhotos+1) }, "too-many-photos"},
		"an address that is longer than a line": {func(f *doors.Filing) { f.Address = strings.Repeat("东", 300) }, "too-long"},
	} {
		t.Run(name, func(t *testing.T) {
			f := lamp
			f.Receipt = receipt(9)
			c.change(&f)
			_, err := r.File(ctx, desk.Nobody, pack.People, f)
			var refusal *fault.Refusal
			if !errors.As(err, &refusal) || refusal.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
	if page, err := r.Open(ctx, journal.Query{}); err != nil || len(page.Rows) != 0 {
		t.Errorf("something was filed: %d, %v", len(page.Rows), err)
	}
}

// TestADoorTakesNoAddressThatItKeepsNowhere: a pack whose door has a field for the place alone is told the place; an address would have been lost.
func TestADoorTakesNoAddressThatItKeepsNowhere(t *testing.T) {
	x, r := room(t)
	for _, door := range x.Desk.Packs().Doors(pack.People) {
		door.Says.Address = ""
	}
	f := lamp
	f.Receipt, f.Place = receipt(8), ""
	_, err := r.File(ctx, desk.Nobody, pack.People, f)
	var refusal *fault.Refusal
	if !errors.As(err, &refusal) || refusal.Code != "place-missing" {
		t.Errorf("got %v, want place-missing", err)
	}
	f.Place = lamp.Place
	if _, err := r.File(ctx, desk.Nobody, pack.People, f); err != nil {
		t.Error(err)
	}
}

func TestNobodyComesInBesideTheDoor(t *testing.T) {
	x, _ := room(t)
	if _, err := x.Desk.Start(ctx, desk.Nobody, desk.Do{Kind: "kiosk/call", With: map[string]string{"title": "x"}}); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("start: %v", err)
	}
	f := lamp
	f.Receipt = receipt(7)
	filed, err := doors.New(x.Desk).File(ctx, desk.Nobody, pack.People, f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := doors.New(x.Desk).Act(ctx, desk.Nobody, filed.Receipt, desk.Do{Act: "answer", With: map[string]string{"answer": "自己办结"}}); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a reporter answers the own report: %v", err)
	}
	if v, err := x.Desk.Matter(ctx, desk.Nobody, filed.Matter); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("nobody reads the whole matter: %+v %v", v.Number, err)
	}
}

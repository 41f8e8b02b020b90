package desk_test

import (
	"encoding/json"
	"testing"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/calendar"
	"bihuan/ground/geo"
	"bihuan/internal/district"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// manhole is where a component of the urban pack stands, in 东盛街道.
var manhole = geo.Point{Lng: 125.35743, Lat: 43.86548}

func TestLocateClimbsFromCellToStreet(t *testing.T) {
	x := district.New(t, day)
	s, err := x.Desk.Locate(ctx, manhole, day)
	if err != nil {
		t.Fatal(err)
	}
	if s.By != desk.Cell || s.Code(desk.StreetIn) != "220105001" || len(s.Code(desk.Cell)) != 15 || s.Code(desk.Community)[:9] != "220105001" || s.Areas[desk.StreetIn].Unit != "dongsheng" {
		t.Errorf("got %v by %s", s.Codes(), s.By)
	}
	for name, p := range map[string]geo.Point{"far away": {Lng: 116.4, Lat: 39.9}, "beside the map": {Lng: 125.3249, Lat: 43.85}} {
		if s, err := x.Desk.Locate(ctx, p, day); err != nil || s.By != "" || len(s.Codes()) != 0 || s.Words().ZH == "" {
			t.Errorf("%s: %v %v", name, s.Codes(), err)
		}
	}
	if s, _ := x.Desk.Locate(ctx, manhole, calendar.NewDate(2021, 12, 31)); s.By != "" {
		t.Errorf("before any outline held it lies in %v", s.Codes())
	}
	all, err := x.Desk.Within(ctx, desk.Cell, geo.Around(manhole, 500), day)
	if err != nil || len(all) < 4 || len(all) > 30 {
		t.Errorf("%d cells within 500 m, %v", len(all), err)
	}
}

// TestAPinFillsThePlace: a report with a pin knows its cell and street, and the event says why; what somebody filled in stays.
func TestAPinFillsThePlace(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	filed, err := doors.New(x.Desk).File(ctx, desk.Nobody, pack.People, doors.Filing{Receipt: doors.NewReceipt(func(b []byte) { b[0] = 1 }), Service: "C01003", Text: "井盖松动", Place: manhole.String()})
	if err != nil {
		t.Fatal(err)
	}
	events, err := x.Store.Events(ctx, filed.Matter, 0)
	if err != nil || len(events) == 0 {
		t.Fatal(err)
	}
	var c matter.Change
	if err := json.Unmarshal(events[0].Body, &c); err != nil {
		t.Fatal(err)
	}
	if c.Fields["area"] != "220105001" || len(c.Fields["cell"]) != 15 || len(c.Reasons) != 2 || c.Reasons[0].Words.ZH == "" || c.Reasons[0].Words.EN == "" {
		t.Errorf("fields %v, reasons %+v", c.Fields, c.Reasons)
	}
	row, err := x.Store.Row(ctx, filed.Matter)
	if err != nil || row.Area != "220105001" {
		t.Errorf("the row's area is %q, %v", row.Area, err)
	}
	worker := x.As(t, "dongsheng", "handler", 0)
	done, err := x.Desk.Start(ctx, worker, desk.Do{Kind: "grid/event", Act: "register", With: map[string]string{"title": "楼道堆物", "class": "G01-01", "area": "220105002", "place": manhole.String()}})
	if err != nil {
		t.Fatal(err)
	}
	v, err := x.Desk.Matter(ctx, worker, done.Matter)
	if err != nil {
		t.Fatal(err)
	}
	if r := v.Reason("area"); v.Fields["area"] != "220105002" || r == nil || r.Value != "220105001" || v.Fields["street"] != "dongsheng" || v.Fields["grid"] == "" {
		t.Errorf("%v, reason %+v", v.Fields, r)
	}
	x.Verify(t)
}

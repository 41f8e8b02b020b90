package open311_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/keys"
	"bihuan/ground/calendar"
	"bihuan/internal/district"
	"bihuan/open311"
)

// BenchmarkAnswers measures what programs ask for over 1000 requests.
func BenchmarkAnswers(b *testing.B) {
	x := district.New(b, calendar.NewDate(2023, 10, 16))
	room := doors.New(x.Desk)
	handler := open311.New(open311.Config{Desk: x.Desk, Doors: room, Keys: keys.New(x.Desk, x.Store, func([]byte) {})})
	for i := range 1000 {
		f := doors.Filing{Receipt: doors.ReceiptOf("bench", fmt.Sprint(i)), Service: "E06002", Text: fmt.Sprintf("路灯%d不亮", i), Address: fmt.Sprintf("东盛大街%d号", i),
			Place: fmt.Sprintf("125.%06d,43.%06d", 300000+i*7, 860000+i*3)}
		if _, err := room.File(ctx, desk.Nobody, doors.Programs, f); err != nil {
			b.Fatal(err)
		}
	}
	for _, c := range []struct{ name, address string }{
		{"1000 requests as JSON", "/requests.json"},
		{"1000 requests as XML", "/requests.xml"},
		{"a page of 50", "/requests.json?page_size=50"},
		{"around a place", "/requests.json?lat=43.8615&long=125.3035&radius=100"},
		{"one request", "/requests/U2201052023101600500.json"},
		{"the updates of 1000 requests", "/servicerequestupdates.json"},
		{"services", "/services.json"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest("GET", open311.Base+c.address, nil))
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
				b.SetBytes(int64(w.Body.Len()))
			}
		})
	}
}

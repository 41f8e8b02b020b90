package export_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"bihuan/export"
)

var shanghai = time.FixedZone("", 8*3600)

// read has another program's library read a calendar back.
func read(t interface{ Fatal(...any) }, a export.Agenda) (*ical.Calendar, string) {
	var b bytes.Buffer
	if err := export.ICalendar(&b, a); err != nil {
		t.Fatal(err)
	}
	cal, err := ical.NewDecoder(bytes.NewReader(b.Bytes())).Decode()
	if err != nil {
		t.Fatal(err)
	}
	return cal, b.String()
}

func TestICalendar(t *testing.T) {
	changed := time.Date(2023, 3, 1, 9, 0, 0, 0, shanghai)
	cal, text := read(t, export.Agenda{Name: "林的期限", Events: []export.Event{
		{UID: "m-1@bihuan", Sequence: 2, Changed: changed, At: time.Date(2023, 12, 31, 23, 59, 59, 0, shanghai), Whole: true, Warn: time.Date(2023, 12, 20, 0, 0, 0, 0, shanghai),
			Title: "处置到期 U1 井盖；破损, 危险\\", Text: "一行\n二行", Link: "https://a.example/matters/1"},
		{UID: "m-2@bihuan", Changed: changed, At: time.Date(2023, 3, 2, 3, 31, 0, 0, shanghai), Title: "围护", Tentative: true},
	}})
	events := cal.Events()
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	first, second := events[0], events[1]
	for name, want := range map[string]string{"UID": "m-1@bihuan", "SUMMARY": "处置到期 U1 井盖；破损, 危险\\", "DESCRIPTION": "一行\n二行"} {
		if got, err := first.Props.Text(name); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", name, got, err, want)
		}
	}
	for name, want := range map[string]string{"DTSTART": "20231231", "DTEND": "20240101", "SEQUENCE": "2", "DTSTAMP": "20230301T010000Z", "STATUS": "CONFIRMED", "URL": "https://a.example/matters/1"} {
		if got := first.Props.Get(name).Value; got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if p := first.Props.Get("DTSTART"); p.ValueType() != ical.ValueDate {
		t.Errorf("a whole day is a %s", p.ValueType())
	}
	if at, err := second.DateTimeStart(time.UTC); err != nil || !at.Equal(time.Date(2023, 3, 1, 19, 31, 0, 0, time.UTC)) {
		t.Errorf("the moment is %v, %v", at, err)
	}
	if len(first.Children) != 1 || first.Children[0].Name != "VALARM" || len(second.Children) != 0 || second.Props.Get("STATUS").Value != "TENTATIVE" {
		t.Error("the reminder or the standing is not there")
	}
	if !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") {
		t.Errorf("it begins or ends otherwise: %q", text)
	}
}

// TestICalendarLines: whatever a title holds, no line has more than 75 octets, no character is torn, and the title is read back.
func TestICalendarLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune("，；,;:\\\n\"井盖🚧a ")), rapid.RuneFrom(nil, unicode.Han, unicode.Latin, unicode.Punct))).Draw(t, "title")
		cal, text := read(t, export.Agenda{Events: []export.Event{{UID: "x", Title: title, Text: title, At: time.Unix(0, 0)}}})
		for _, line := range strings.SplitAfter(text, "\r\n") {
			if len(strings.TrimSuffix(line, "\r\n")) > 75 || !utf8.ValidString(line) || strings.Contains(strings.TrimSuffix(line, "\r\n"), "\n") {
				t.Fatalf("line of %d octets: %q", len(line), line)
			}
		}
		if got, err := cal.Events()[0].Props.Text("SUMMARY"); err != nil || got != title {
			t.Fatalf("read back %q, %v; want %q", got, err, title)
		}
	})
}

// TestICalendarIsBounded: a program that cannot take more gets no more, and what the writer says is told.
func TestICalendarIsBounded(t *testing.T) {
	cal, _ := read(t, export.Agenda{Events: make([]export.Event, export.MaxEvents+5)})
	if n := len(cal.Events()); n != export.MaxEvents {
		t.Errorf("%d events", n)
	}
	if err := export.ICalendar(full{}, export.Agenda{}); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

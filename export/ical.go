package export

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Agenda is a calendar of deadlines.
type Agenda struct {
	Name   string // as the reader's program shows it
	Events []Event
}

// Event is one deadline in an [Agenda]: a whole day, or a moment.
type Event struct {
	UID       string    // the same for the same deadline however often it moves
	Sequence  int       // grows each time that it moves
	Changed   time.Time // when it was changed last
	At        time.Time // the moment, or a time of the civil day that At's own zone says
	Whole     bool      // a whole day
	Warn      time.Time // when to remind; zero for never
	Tentative bool      // it may still move by itself
	Title     string
	Text      string
	Link      string // an absolute address
}

// MaxEvents is how many events one calendar holds; programs give up on more.
const MaxEvents = 2000

// ICalendar writes an agenda as RFC 5545 (2009): lines of at most 75 octets ended by CRLF, folded between characters, texts
// escaped, moments in UTC, whole days as dates without a zone. Events beyond [MaxEvents] are left out. It returns the
// writer's error.
func ICalendar(w io.Writer, a Agenda) error {
	c := icalWriter{}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Bihuan//Deadlines//ZH")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", a.Name)
	c.text("NAME", a.Name)                            // RFC 7986 §5.1
	c.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H") // RFC 7986 §5.7
	c.line("X-PUBLISHED-TTL", "PT1H")
	for i := range a.Events[:min(len(a.Events), MaxEvents)] {
		c.event(&a.Events[i])
	}
	c.line("END", "VCALENDAR")
	if _, err := io.WriteString(w, c.String()); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

// icalWriter writes content lines.
type icalWriter struct{ strings.Builder }

func (c *icalWriter) event(e *Event) {
	c.line("BEGIN", "VEVENT")
	c.text("UID", e.UID)
	c.line("SEQUENCE", fmt.Sprint(e.Sequence))
	c.line("DTSTAMP", utc(e.Changed)) // with METHOD the time of this revision, RFC 5545 §3.8.7.2
	c.line("LAST-MODIFIED", utc(e.Changed))
	if e.Whole {
		y, m, d := e.At.Date()
		next := time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
		c.line("DTSTART;VALUE=DATE", e.At.Format("20060102"))
		c.line("DTEND;VALUE=DATE", next.Format("20060102")) // not included, §3.6.1
	} else {
		c.line("DTSTART", utc(e.At)) // without an end it is a moment, §3.6.1
	}
	c.text("SUMMARY", e.Title)
	if e.Text != "" {
		c.text("DESCRIPTION", e.Text)
	}
	if e.Link != "" {
		c.line("URL", strings.NewReplacer("\r", "", "\n", "").Replace(e.Link))
	}
	c.line("STATUS", map[bool]string{true: "TENTATIVE", false: "CONFIRMED"}[e.Tentative])
	c.line("CLASS", "PRIVATE")
	c.line("TRANSP", "TRANSPARENT") // a deadline takes nobody's time
	if !e.Warn.IsZero() {
		c.line("BEGIN", "VALARM")
		c.line("ACTION", "DISPLAY")
		c.line("TRIGGER;VALUE=DATE-TIME", utc(e.Warn))
		c.text("DESCRIPTION", e.Title)
		c.line("END", "VALARM")
	}
	c.line("END", "VEVENT")
}

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// icalEscapes are those of a text value, RFC 5545 §3.3.11.
var icalEscapes = strings.NewReplacer("\\", "\\\\", ";", "\\;", ",", "\\,", "\r\n", "\\n", "\n", "\\n", "\r", "\\n")

// text writes a property of type TEXT. Control characters, which a calendar cannot hold, are left out.
func (c *icalWriter) text(name, value string) {
	value = icalEscapes.Replace(strings.ToValidUTF8(value, "\uFFFD"))
	c.line(name, strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7F {
			return -1
		}
		return r
	}, value))
}

// maxOctets is the longest line without its end, RFC 5545 §3.1.
const maxOctets = 75

// line writes a content line, folded where it is too long and never inside of a character.
func (c *icalWriter) line(name, value string) {
	s, most := name+":"+value, maxOctets
	for len(s) > most {
		cut := most
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		c.WriteString(s[:cut] + "\r\n ")
		s, most = s[cut:], maxOctets-1 // the blank counts
	}
	c.WriteString(s + "\r\n")
}

package open311

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"bihuan/desk/doors"
	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// Limits of a question. The first two are GeoReport v2's, "a span of 90 days or first 1000 requests".
const (
	maxSpan    = 90 * 24 * time.Hour
	maxSize    = 1000
	maxNumbers = 500
	maxSkip    = 100_000 // requests before a page
	maxRadiusM = 50_000
)

// filter is what a question leaves.
type filter struct {
	numbers    []string
	services   []string
	open       *bool
	opened     journal.Between
	updated    journal.Between // zero where nobody asked for it
	near       *circle
	pageNumber int // from 1
	size       int
	extensions bool
}

// circle is a place and how far around it, in metres.
type circle struct{ lat, lng, radiusM float64 }

// filter reads the parameters of a question.
func (q *request) filter() (*filter, error) {
	f := &filter{numbers: q.asked.list("service_request_id"), services: q.asked.list("service_code"), extensions: q.asked.one("extensions") == "true"}
	if len(f.numbers) > maxNumbers {
		return nil, wrong(http.StatusBadRequest, "too-many", "service_request_id", "limit", strconv.Itoa(maxNumbers))
	}
	var all failures
	all.add(f.readStatus(q.asked.list("status")))
	all.add(f.readPage(&q.asked))
	if len(f.numbers) == 0 { // they go before all other arguments
		all.add(f.readSpan(&q.asked, q.s.Desk.Now()))
		all.add(f.readNear(&q.asked))
	}
	if len(all) > 0 {
		return nil, all
	}
	return f, nil
}

func (f *filter) readStatus(said []string) error {
	open, closed := false, false
	for _, s := range said {
		switch strings.ToLower(s) {
		case "open":
			open = true
		case "closed":
			closed = true
		default:
			return wrong(http.StatusBadRequest, "parameter-invalid", "status", "parameter", "status", "takes", "open, closed")
		}
	}
	if open != closed {
		f.open = &open
	}
	return nil
}

func (f *filter) readPage(asked *form) (err error) {
	if f.pageNumber, err = count(asked, "page", 1, maxSkip); err != nil {
		return err
	}
	if f.size, err = count(asked, "page_size", maxSize, maxSize); err != nil {
		return err
	}
	if f.skip() > maxSkip {
		return wrong(http.StatusBadRequest, "parameter-invalid", "page", "parameter", "page", "takes", "page × page_size ≤ "+strconv.Itoa(maxSkip))
	}
	return nil
}

// count reads a parameter that counts from 1.
func count(asked *form, parameter string, otherwise, most int) (int, error) {
	s := asked.one(parameter)
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, wrong(http.StatusBadRequest, "parameter-invalid", parameter, "parameter", parameter, "takes", "1–"+strconv.Itoa(most))
	}
	return n, nil
}

// readSpan reads the dates. One that is missing is at most 90 days from the other; without any it is the most recent 90 days.
func (f *filter) readSpan(asked *form, now int64) error {
	spans := []struct {
		from, until string
		to          *journal.Between
		always      bool
	}{{"start_date", "end_date", &f.opened, asked.one("updated_after") == "" && asked.one("updated_before") == ""}, {"updated_after", "updated_before", &f.updated, false}}
	for _, s := range spans {
		from, err := instant(asked, s.from)
		if err != nil {
			return err
		}
		until, err := instant(asked, s.until)
		if err != nil {
			return err
		}
		if from == 0 && until == 0 && !s.always {
			continue
		}
		if *s.to, err = between(from, until, now); err != nil {
			return wrong(http.StatusBadRequest, "span-wrong", s.from, "from", s.from, "until", s.until)
		}
	}
	return nil
}

// errSpan is a span that ends before it begins, or is longer than one may ask for.
var errSpan = wrong(http.StatusBadRequest, "span-wrong", "start_date")

// between completes a span. Its end is still in it: "latest datetime to include".
func between(from, until, now int64) (journal.Between, error) {
	most := maxSpan.Microseconds()
	second := time.Second.Microseconds()
	switch {
	case from == 0 && until == 0:
		from, until = now-most, now
	case from == 0:
		from = until - most
	case until == 0:
		until = min(max(now, from), from+most)
	}
	if until < from || until-from > most+second {
		return journal.Between{}, errSpan
	}
	return journal.Between{From: max(from, 1), Until: until + second}, nil
}

// layouts are the forms of the W3C's note on dates and times: to the day, to the minute, to the second and finer. The note gives a
// time its zone; programs that leave it out (Python's isoformat does) mean the time of the place, so it is read as the district's.
// Android writes GMT before the zone.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999-0700", "2006-01-02T15:04:05GMT-07:00",
	"2006-01-02T15:04:05.999999999", "2006-01-02T15:04"}

// instant reads a parameter that is a time, in µs; 0 if nobody said it. A plus sign that came as a blank is a plus sign. A day
// without a time begins in the district's own zone.
//
// Source: W3C NOTE-datetime (1998).
func instant(asked *form, parameter string) (int64, error) {
	s := asked.one(parameter)
	if s == "" {
		return 0, nil
	}
	typed := strings.Replace(s, " ", "+", 1)
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, typed, calendar.Instant(0).Time().Location()); err == nil && t.Year() >= 1970 && t.Year() < 2200 {
			return max(t.UnixMicro(), 1), nil
		}
	}
	if d, err := calendar.ParseDate(s); err == nil {
		return int64(d.Start()), nil
	}
	return 0, wrong(http.StatusBadRequest, "parameter-invalid", parameter, "parameter", parameter, "takes", "2010-01-01T00:00:00Z")
}

// readNear reads a place and a radius in metres, 500 if it is not said.
func (f *filter) readNear(asked *form) error {
	lat, lng, radius := asked.one("lat"), asked.one("long"), asked.one("radius")
	if lat == "" && lng == "" && radius == "" {
		return nil
	}
	c := circle{radiusM: 500}
	for _, p := range []struct {
		name, said string
		to         *float64
		least      float64
		most       float64
		may        bool
	}{{"lat", lat, &c.lat, -90, 90, false}, {"long", lng, &c.lng, -180, 180, false}, {"radius", radius, &c.radiusM, 0, maxRadiusM, true}} {
		if p.said == "" && p.may {
			continue
		}
		v, err := strconv.ParseFloat(p.said, 64)
		if err != nil || !(v >= p.least && v <= p.most) {
			return wrong(http.StatusBadRequest, "parameter-invalid", p.name, "parameter", p.name, "takes",
				strconv.FormatFloat(p.least, 'f', -1, 64)+"–"+strconv.FormatFloat(p.most, 'f', -1, 64))
		}
		*p.to = v
	}
	f.near = &c
	return nil
}

// query narrows a question to what an index knows of a filter.
func (f *filter) query() journal.Query {
	return journal.Query{Open: f.open, Opened: f.opened, Order: journal.ByOpened, Limit: min(f.size, 500)}
}

// takes reports whether a request is among what a filter leaves.
func (f *filter) takes(p *doors.Public) bool {
	if len(f.numbers) > 0 {
		return f.has(p.Number)
	}
	return (f.open == nil || *f.open == p.Open) && (len(f.services) == 0 || slices.Contains(f.services, p.Code)) &&
		within(f.opened, p.Opened) && within(f.updated, p.Changed) && (f.near == nil || f.near.holds(p.Place))
}

func (f *filter) has(number string) bool { return slices.Contains(f.numbers, number) }

func within(b journal.Between, at int64) bool {
	return (b.From == 0 || at >= b.From) && (b.Until == 0 || at < b.Until)
}

func (f *filter) skip() int { return (max(f.pageNumber, 1) - 1) * f.size }

// page returns the page of those in all that a filter leaves.
func (f *filter) page(all []doors.Public) (kept []doors.Public) {
	for i := range all {
		if f.takes(&all[i]) {
			kept = append(kept, all[i])
		}
	}
	kept = kept[min(f.skip(), len(kept)):]
	return kept[:min(f.size, len(kept))]
}

// earthRadiusM is the mean radius of WGS-84's ellipsoid, (2a+b)/3.
const earthRadiusM = 6_371_008.8

// holds reports whether a place, "lng,lat", lies within the circle. A request without a place does not.
func (c *circle) holds(place string) bool {
	x, y, ok := strings.Cut(place, ",")
	lng, errX := strconv.ParseFloat(x, 64)
	lat, errY := strconv.ParseFloat(y, 64)
	if !ok || errX != nil || errY != nil {
		return false
	}
	rad := math.Pi / 180
	// the haversine formula: exact enough at any distance for a sphere
	a := math.Pow(math.Sin((lat-c.lat)*rad/2), 2) + math.Cos(c.lat*rad)*math.Cos(lat*rad)*math.Pow(math.Sin((lng-c.lng)*rad/2), 2)
	return 2*earthRadiusM*math.Asin(math.Min(1, math.Sqrt(a))) <= c.radiusM
}

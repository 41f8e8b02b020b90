package open311

import (
	"encoding/xml"
	"fmt"
	"strings"

	"bihuan/desk/doors"
	"bihuan/desk/words"
)

// discovered is the document of service discovery.
//
// Source: Service Discovery of wiki.open311.org. Each changeset sorts and says when something changed last.
type discovered struct {
	XMLName    xml.Name         `json:"-" xml:"discovery"`
	Changeset  string           `json:"changeset" xml:"changeset"`
	Contact    string           `json:"contact" xml:"contact"`
	KeyService string           `json:"key_service" xml:"key_service"`
	Endpoints  listOf[endpoint] `json:"endpoints" xml:"endpoints"`
}

type endpoint struct {
	Specification string            `json:"specification" xml:"specification"`
	URL           string            `json:"url" xml:"url"`
	Changeset     string            `json:"changeset" xml:"changeset"`
	Type          string            `json:"type" xml:"type"`
	Formats       listOf[mediaType] `json:"formats" xml:"formats"`
}

// mediaType is a format as discovery names it.
type mediaType string

// specification is the token by which GeoReport v2 is known.
const specification = "http://wiki.open311.org/GeoReport_v2"

// discovery tells where the methods are, in which formats, and whom to ask.
func (s *server) discovery(q *request) (answer, error) {
	since, err := q.changedAt()
	if err != nil {
		return answer{}, err
	}
	at := moment(since)
	both := listOf[mediaType]{"text/xml", "application/json"}
	return answer{one: discovered{Changeset: at, Contact: words.Say(q.Lang, "open311.contact"), KeyService: words.Say(q.Lang, "open311.key-service"),
		Endpoints: listOf[endpoint]{
			{specification, q.origin() + Base, at, "production", both},
			{specification, q.origin() + Test, at, "test", both},
		}}}, nil
}

// changedAt is when what can be reported changed last.
func (q *request) changedAt() (int64, error) {
	installed, err := q.s.Desk.InstalledAt(q.Context())
	if err != nil {
		return 0, err
	}
	all, err := q.s.Doors.Services(q.Context(), doors.Programs)
	if err != nil {
		return 0, err
	}
	var what strings.Builder
	for _, v := range all {
		fmt.Fprintf(&what, "%q %q %q %q\n", v.Code, v.Words, v.Group, v.Keywords)
	}
	return q.s.changed.of(what.String(), installed, q.s.Desk.Now()), nil
}

// origin is where the platform is reached, as the caller named it. The gate lets through what a
// proxy says of the scheme only from a proxy that was named.
func (q *request) origin() string {
	if q.TLS != nil || q.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + q.Host
	}
	return "http://" + q.Host
}

// base is where the methods are that a request came to.
func (q *request) base() string {
	if q.test {
		return q.origin() + Test
	}
	return q.origin() + Base
}

func ext(f format) string {
	if f == asJSON {
		return ".json"
	}
	return ".xml"
}

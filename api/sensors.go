package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/keys"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// sensorReport is what a sensor noticed.
type sensorReport struct {
	Event   string           `json:"event" doc:"the sensor's own id of what it noticed: the same id with the same content is one report"`
	Sensor  string           `json:"sensor,omitempty" doc:"which of the sensors behind the key; ids of events are its own"`
	Service string           `json:"service" doc:"the code of what is reported, a row of the door's register"`
	Text    string           `json:"text,omitempty" doc:"what was noticed, in words"`
	At      string           `json:"at,omitempty" format:"date-time" doc:"when it was noticed"`
	Place   string           `json:"place,omitempty" doc:"lng,lat in WGS-84"`
	Address string           `json:"address,omitempty"`
	With    map[string]loose `json:"with,omitempty" doc:"further fields of the door's opening act"`
}

// sensorTaken tells what a sensor's report became. The same report again is answered with the same.
type sensorTaken struct {
	ID      name.ID `json:"id" doc:"of the matter"`
	Number  string  `json:"number"`
	Receipt string  `json:"receipt" doc:"leads whoever has it to the report, as residents follow theirs"`
}

// maxEvent is the longest id of an event or a sensor, in bytes.
const maxEvent = 200

// sense takes what a sensor noticed.
func (s *server) sense(q *request) (answer, error) {
	if err := s.Doors.Admit(doors.Entrance{Key: string(q.key.Person())}); err != nil {
		return answer{}, err
	}
	door := q.PathValue("door")
	if !s.Doors.Has(doors.Sensors, door) {
		return answer{}, fail(http.StatusNotFound, "door-unknown", "", "door", door)
	}
	var in sensorReport
	if err := q.decode(&in); err != nil {
		return answer{}, err
	}
	f, err := q.sensed(&in)
	if err != nil {
		return answer{}, err
	}
	f.Door, f.Receipt = door, doors.ReceiptOf(q.keySecret(), "sensor", door, in.Sensor, in.Event)
	seal, err := q.seal(hashOf([]byte(f.Receipt)).String()[:40], in)
	if err != nil {
		return answer{}, err
	}
	f.Seals = append(f.Seals, seal)
	filed, err := s.Doors.File(q.Context(), q.Who, doors.Sensors, f)
	if err != nil {
		return answer{}, belowWith(err, f.More)
	}
	if _, err := s.Past.File(q.Context(), seal.Hash); errors.Is(err, fault.ErrNotFound) {
		return answer{}, fail(http.StatusConflict, "event-reused", "/event", "event", in.Event)
	} else if err != nil {
		return answer{}, err
	}
	return answer{body: sensorTaken{filed.Matter, filed.Number, filed.Receipt}, location: Base + "/matters/" + string(filed.Matter)}, nil
}

// belowWith puts the place of a refusal of a further field below with.
func belowWith(err error, more map[string]string) error {
	r, ok := errors.AsType[*fault.Refusal](err)
	if !ok {
		return err
	}
	if _, ok := more[r.Field]; !ok {
		return err
	}
	moved := *r
	moved.Field = "/with/" + escape(r.Field)
	return &moved
}

// sensed reads what a sensor noticed into a report.
func (q *request) sensed(in *sensorReport) (doors.Filing, error) {
	f := doors.Filing{Service: in.Service, Text: strings.TrimSpace(in.Text), Place: in.Place, Address: strings.TrimSpace(in.Address), More: map[string]string{}}
	for _, id := range []struct{ at, said string }{{"/event", in.Event}, {"/sensor", in.Sensor}} {
		if len(id.said) > maxEvent {
			return f, fail(http.StatusUnprocessableEntity, "too-long", id.at, "limit", "200")
		}
	}
	if strings.TrimSpace(in.Event) == "" {
		return f, fail(http.StatusUnprocessableEntity, "event-missing", "/event")
	}
	for key, v := range in.With {
		f.More[key] = string(v)
	}
	noticed := ""
	if in.At != "" {
		at, err := time.Parse(time.RFC3339, in.At)
		if err != nil {
			return f, fail(http.StatusUnprocessableEntity, "not-instant", "/at")
		}
		noticed = calendar.FromTime(at).Time().Format("2006-01-02 15:04:05")
	}
	if f.Text == "" {
		f.Text = words.Say("zh", "sensor.noticed-something")
	}
	if in.Sensor != "" || noticed != "" {
		f.Text += "\n" + words.Say("zh", "sensor.noticed", "sensor", in.Sensor, "at", noticed)
	}
	return f, nil
}

// keySecret is the key of a sensor: in the header X-API-Key, or as a bearer token.
func (q *request) keySecret() string {
	if s := q.Header.Get("X-API-Key"); s != "" {
		return s
	}
	secret, bearer := q.secret()
	if !bearer {
		return ""
	}
	return secret
}

// keyed finds out whose key a request shows. One without a good key counts for its address, so that nobody guesses keys as
// fast as the machine answers.
func (q *request) keyed() (desk.Caller, keys.Key, error) {
	k, err := q.s.Keys.Check(q.Context(), q.keySecret(), doors.Sensors)
	if errors.Is(err, fault.ErrDenied) {
		if busy := q.s.Doors.Admit(doors.Entrance{Address: doors.Address(q.RemoteAddr)}); busy != nil {
			return desk.Nobody, k, busy
		}
		return desk.Nobody, k, fail(http.StatusUnauthorized, "key-invalid", "", "parameter", "X-API-Key")
	}
	who := k.Caller(doors.Sensors)
	who.Lang = q.Lang
	return who, k, err
}

// sensorServices are what can be reported at a door for sensors.
type sensorServices struct {
	Items []sensorService `json:"items"`
}

type sensorService struct {
	Code  string    `json:"code"`
	Name  name.Text `json:"name"`
	Group name.Text `json:"group"`
	With  []string  `json:"with" doc:"further fields that may be said"`
}

// senses lists what can be reported at a door for sensors.
func (s *server) senses(q *request) (answer, error) {
	door := q.PathValue("door")
	if !s.Doors.Has(doors.Sensors, door) {
		return answer{}, fail(http.StatusNotFound, "door-unknown", "", "door", door)
	}
	all, err := s.Doors.Services(q.Context(), doors.Sensors)
	if err != nil {
		return answer{}, err
	}
	list := sensorServices{Items: []sensorService{}}
	for _, v := range all {
		if v.Door.Key != door {
			continue
		}
		one := sensorService{v.Code, v.Words, v.Group, []string{}}
		for _, a := range s.Doors.Asks(v.Door) {
			one.With = append(one.With, a.Field.Key)
		}
		slices.Sort(one.With)
		list.Items = append(list.Items, one)
	}
	return answer{body: list}, nil
}

// seal is a small file that is kept with what an event of a sensor did: it stands for the report, so that the same event with another
// report can be told from the same report again.
func (q *request) seal(event string, report sensorReport) (journal.File, error) {
	what := struct {
		Command, Path string
		Body          any
		Files         []string
	}{event, q.URL.Path, report, nil}
	b, err := json.Marshal(what)
	h := hashOf(b)
	b = []byte("idempotency " + event + " " + h.String())
	return journal.File{Hash: hashOf(b), Name: "request", Media: "text/plain; charset=us-ascii", Bytes: b}, err
}

package open311

import (
	"crypto/rand"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"bihuan/desk/doors"
	"bihuan/desk/keys"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// key returns whose key a request shows, and counts that it came in. One without a good key counts for its address, so that
// nobody guesses keys as fast as the machine answers.
func (q *request) key() (keys.Key, error) {
	k, err := q.s.Keys.Check(q.Context(), q.secret(), doors.Programs)
	if err != nil {
		if busy := q.s.Doors.Admit(q.entrance()); busy != nil {
			return k, busy
		}
		return k, err
	}
	if err := q.s.Doors.Admit(doors.Entrance{Key: string(k.Person())}); err != nil {
		return k, err
	}
	return k, q.s.Pace.AdmitFiles(k.Person(), "", q.form.files)
}

// file takes a request. Everything that is wrong with it is told at once.
func (s *server) file(q *request) (answer, error) {
	k, err := q.key()
	if err != nil {
		return answer{}, err
	}
	f, err := q.filing()
	if err != nil {
		return answer{}, err
	}
	f.Receipt = q.receipt(f)
	landed, err := q.sealed(&f)
	if err != nil {
		return answer{}, err
	}
	defer landed()
	p, err := q.take(&k, f)
	if err != nil {
		return answer{}, err
	}
	if err := q.same(&f); err != nil {
		return answer{}, err
	}
	notice := words.Say(q.Lang, "open311.taken", "number", p.Number, "receipt", f.Receipt, "link", q.origin()+"/receipts/"+f.Receipt)
	if q.test {
		notice = words.Say(q.Lang, "open311.taken-test", "number", p.Number)
	} else if expected := q.notice(p); expected != "" && len(f.Seals) == 0 { // what comes again is answered to the letter, and this moves on
		notice = expected + notice
	}
	return answer{root: "service_requests", location: q.base() + "/requests/" + p.Number + ext(q.format),
		list: listOf[created]{{p.Number, text(notice), text(q.form.one("account_id"))}}}, nil
}

// take files what a request says, or in the sandbox only looks whether it would be taken.
func (q *request) take(k *keys.Key, f doors.Filing) (*doors.Public, error) {
	who := k.Caller(doors.Programs)
	if q.test {
		p, err := q.s.Doors.Try(q.Context(), who, doors.Programs, f)
		if err != nil {
			return nil, err
		}
		return q.s.box.take(p, f.Receipt), nil
	}
	filed, err := q.s.Doors.File(q.Context(), who, doors.Programs, f)
	if err != nil {
		return nil, err
	}
	return q.numbered(filed.Number)
}

// receipt makes the receipt of what is filed. A program that names the device or the account gets the same one when it sends
// the same again on the same day: a phone that lost its answer tries again; and so does one that names an Idempotency-Key, for
// ever. Anybody else files anew.
func (q *request) receipt(f doors.Filing) string {
	if key := q.Header.Get("Idempotency-Key"); key != "" {
		return doors.ReceiptOf(q.secret(), "open311-key", key)
	}
	device, account := q.form.one("device_id"), q.form.one("account_id")
	if device == "" && account == "" {
		return doors.NewReceipt(func(b []byte) { rand.Read(b) }) // cannot fail
	}
	parts := []string{"open311", q.s.Desk.Today().String(), device, account, f.Service, strings.TrimSpace(f.Text + "\n" + f.Below), f.Place, f.Address, f.Name, f.Phone, f.Email}
	for _, p := range f.Photos {
		parts = append(parts, p.Hash.String())
	}
	for _, key := range slices.Sorted(maps.Keys(f.More)) {
		parts = append(parts, key, f.More[key])
	}
	if q.test {
		parts = append(parts, "test")
	}
	return doors.ReceiptOf(q.secret(), parts...)
}

// filing reads what is reported.
func (q *request) filing() (doors.Filing, error) {
	var all failures
	in := &q.form
	f := doors.Filing{Service: q.said("service_code"), Address: in.one("address_string"), Email: in.one("email"), Phone: in.one("phone"),
		Name: fullName(in.one("first_name"), in.one("last_name")), Photos: in.files, More: map[string]string{}}
	var err error
	f.Place, err = place(in)
	all.add(err)
	f.Text, err = description(in)
	all.add(err)
	f.Below, err = links(in)
	all.add(err)
	s, err := q.service(f.Service)
	all.add(err)
	if err == nil {
		if f.Text == "" {
			f.Text = s.Words.In(q.Lang)
		}
		all = append(all, q.more(&f, &s)...)
	}
	if len(all) > 0 {
		return f, all
	}
	return f, nil
}

// service finds what is reported. GeoReport v2 tells one that was not said from one that does not exist.
func (q *request) service(code string) (doors.Service, error) {
	if code == "" {
		return doors.Service{}, wrong(http.StatusBadRequest, "service-not-said", "service")
	}
	s, err := q.s.Doors.Service(q.Context(), doors.Programs, code)
	if err != nil && statusOf(err) == http.StatusNotFound {
		return s, wrong(http.StatusNotFound, "service-unknown", "service", "value", code)
	}
	return s, err
}

// place reads lat and long, WGS-84 in degrees: both or neither.
func place(in *form) (string, error) {
	lat, lng := in.one("lat"), in.one("long")
	switch {
	case lat == "" && lng == "":
		return "", nil
	case lat == "":
		return "", wrong(http.StatusBadRequest, "place-half", "lat")
	case lng == "":
		return "", wrong(http.StatusBadRequest, "place-half", "long")
	}
	for _, p := range []struct {
		name, said string
		most       float64
	}{{"lat", lat, 90}, {"long", lng, 180}} {
		v, err := strconv.ParseFloat(p.said, 64)
		if err != nil || !(v >= -p.most && v <= p.most) {
			most := strconv.FormatFloat(p.most, 'f', -1, 64)
			return "", wrong(http.StatusBadRequest, "parameter-invalid", p.name, "parameter", p.name, "takes", "-"+most+"–"+most)
		}
	}
	return digits(lng) + "," + digits(lat), nil
}

// digits writes a number of degrees plainly, to a centimetre: clients send 17 digits and exponents too.
func digits(said string) string {
	v, err := strconv.ParseFloat(said, 64)
	if err != nil {
		return said
	}
	s := strconv.FormatFloat(v, 'f', 7, 64)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// maxLink is the longest address of a picture elsewhere, in bytes.
const maxLink = 2000

// description is what is said.
func description(in *form) (string, error) {
	said := in.one("description")
	if utf8.RuneCountInString(said) > doors.MaxText {
		return "", wrong(http.StatusBadRequest, "too-long", "text", "limit", strconv.Itoa(doors.MaxText))
	}
	return strings.TrimSpace(said), nil
}

// links are the addresses of pictures elsewhere, a line each. They are shown below the description to whoever works on the
// request and never fetched: what an address leads to is not the sender's to choose for our machine.
func links(in *form) (string, error) {
	var all []string
	for _, name := range []string{"media_url", "media_url[]"} {
		for _, link := range in.values[name] {
			if link = strings.TrimSpace(link); link == "" {
				continue
			}
			u, err := url.Parse(link)
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(link) > maxLink {
				return "", wrong(http.StatusBadRequest, "not-link", "media_url")
			}
			all = append(all, u.String())
		}
	}
	return strings.Join(all, "\n"), nil
}

// fullName puts a name together as it is written: the family name first in Chinese, last elsewhere.
func fullName(first, last string) string {
	if strings.ContainsFunc(first+last, name.IsHan) {
		return last + first
	}
	return strings.TrimSpace(first + " " + last)
}

// more reads the attributes of a service and a code of the place. What is said of an attribute that the service does not have, or has
// no longer, is not lost: it stands below the description.
func (q *request) more(f *doors.Filing, s *doors.Service) (all failures) {
	asks := q.s.Doors.Asks(s.Door)
	said := q.form.attributes()
	for _, code := range slices.Sorted(maps.Keys(said)) {
		i := slices.IndexFunc(asks, func(a doors.Ask) bool { return a.Field.Key == code })
		switch {
		case i < 0:
			f.Below = strings.TrimSpace(f.Below + "\n" + code + ": " + strings.Join(said[code], ", "))
		case asks[i].Field.Kind == field.Text || asks[i].Field.Kind == field.LongText:
			f.More[code] = strings.Join(said[code], ", ")
		case len(said[code]) > 1:
			all.add(wrong(http.StatusBadRequest, "attribute-twice", code))
		default:
			f.More[code] = stored(asks[i].Field, said[code][0])
		}
	}
	for _, a := range asks {
		if a.Required && f.More[a.Field.Key] == "" {
			all.add(wrong(http.StatusBadRequest, "attribute-missing", "attribute["+a.Field.Key+"]"))
		}
	}
	if utf8.RuneCountInString(f.Below) > doors.MaxBelow {
		all.add(wrong(http.StatusBadRequest, "too-long", "text", "limit", strconv.Itoa(doors.MaxBelow)))
	}
	all.add(q.spot(f, s))
	if f.Place == "" && f.Address == "" && len(all) == 0 {
		all.add(wrong(http.StatusBadRequest, "location-missing", ""))
	}
	return all
}

// stored writes what a program said as fields take it: a time in the district's zone, yes and no.
func stored(f *field.Field, v string) string {
	switch f.Kind {
	case field.YesNo:
		if to, ok := map[string]string{"true": "yes", "1": "yes", "false": "no", "0": "no"}[strings.ToLower(v)]; ok {
			return to
		}
	case field.Date, field.Instant:
		at, err := instant(&form{values: map[string][]string{"x": {v}}}, "x")
		switch {
		case err != nil || at == 0:
		case f.Kind == field.Date:
			return calendar.Instant(at).Date().String()
		default:
			return moment(at)
		}
	}
	return v
}

// spot finds the place of an address_id: the code of something that the district has in a register.
func (q *request) spot(f *doors.Filing, s *doors.Service) error {
	code := q.form.one("address_id")
	if code == "" {
		return nil
	}
	at, err := q.s.Doors.Spot(q.Context(), s, code)
	if err != nil {
		return err
	}
	if f.More[at.Field] == "" {
		f.More[at.Field] = at.Key
	}
	if f.Place == "" {
		f.Place = at.Place
	}
	if f.Address == "" {
		f.Address = at.Words.In(q.Lang)
	}
	return nil
}

// update adds something to a request: the extension of mySociety's proposal. Whether a request is closed is not for its
// reporter to say: an update that says CLOSED adds that the reporter holds it for done.
func (s *server) update(q *request) (answer, error) {
	k, err := q.key()
	if err != nil {
		return answer{}, err
	}
	number, id := q.said("service_request_id"), q.form.one("update_id")
	var all failures
	said, err := description(&q.form)
	all.add(err)
	pictures, err := links(&q.form)
	all.add(err)
	said = strings.TrimSpace(said + "\n" + pictures)
	for parameter, v := range map[string]string{"service_request_id": number, "update_id": id, "updated_datetime": q.form.one("updated_datetime"), "status": q.form.one("status")} {
		if v == "" {
			all.add(wrong(http.StatusBadRequest, "parameter-missing", parameter))
		}
	}
	slices.SortFunc(all, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	if _, err := instant(&q.form, "updated_datetime"); err != nil {
		all.add(err)
	}
	if strings.EqualFold(q.form.one("status"), "closed") || strings.EqualFold(q.form.one("status"), "fixed") {
		said = strings.TrimSpace(words.Say("zh", "open311.said-done") + "\n" + said)
	}
	if said == "" && err == nil {
		all.add(wrong(http.StatusBadRequest, "report-empty", "text"))
	}
	if len(all) > 0 {
		return answer{}, all
	}
	u, err := q.supplement(&k, number, id, said)
	if err != nil {
		return answer{}, err
	}
	return answer{root: "service_request_updates", list: listOf[updateTaken]{{u.ID}}}, nil
}

func (q *request) supplement(k *keys.Key, number, id, said string) (doors.Update, error) {
	if q.test {
		return q.s.box.add(number, id, q.s.Desk.Now())
	}
	return q.s.Doors.Supplement(q.Context(), doors.Programs, k.Person(), q.form.one("token"), number, id, said)
}

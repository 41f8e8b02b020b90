//go:build !race

package api_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	issued "bihuan/desk/keys"
	"bihuan/ground/name"
	"bihuan/pack"
)

const alarm = `{"event":"e-1","sensor":"盖-07","service":"C01003","text":"倾角超过阈值，巡检员王建国电话13812345670","at":"2023-10-16T08:59:30+08:00","place":"125.358,43.865","with":{"area":"220105001"}}`

// secret issues a key to sensors, or to programs.
func (x *district) secret(t *testing.T, a pack.Audience) string {
	t.Helper()
	_, secret, err := x.keys.IssueAs(context.Background(), name.System, issued.Order{Name: t.Name(), For: []pack.Audience{a}})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestASensorReportsOnceForEachOfItsEvents(t *testing.T) {
	x, key := shared, shared.secret(t, pack.Sensors)
	if r := x.call(t, "", "GET", "/api/v1/sensors/sensor", "").want(t, 200); r.text("items.0.code") == "" || r.text("items.0.with.0") != "area" {
		t.Errorf("%.300s", r.bytes)
	}
	r := x.call(t, "", "POST", "/api/v1/sensors/sensor", alarm, "X-API-Key", key).want(t, 201)
	again := x.call(t, key, "POST", "/api/v1/sensors/sensor", strings.Replace(alarm, `"e-1"`, ` "e-1"`, 1)).want(t, 201)
	if !bytes.Equal(r.bytes, again.bytes) {
		t.Errorf("first %s then %s", r.bytes, again.bytes)
	}
	x.call(t, "", "POST", "/api/v1/sensors/sensor", strings.Replace(alarm, "倾角", "水位", 1), "X-API-Key", key).problem(t, 409, "event-reused", "/event")
	other := x.call(t, "", "POST", "/api/v1/sensors/sensor", strings.Replace(alarm, "盖-07", "盖-08", 1), "X-API-Key", key).want(t, 201)
	if other.text("id") == r.text("id") {
		t.Error("the same id of another sensor is the same event")
	}
	if next := x.call(t, "", "POST", "/api/v1/sensors/sensor", alarm, "X-API-Key", x.secret(t, pack.Sensors)).want(t, 201); next.text("id") == r.text("id") {
		t.Error("the same id behind another key is the same event")
	}
	public := x.call(t, "", "GET", r.header.Get("Location"), "").want(t, 200)
	if public.text("state.key") == "" && !strings.Contains(string(public.bytes), "to-confirm") || !strings.Contains(string(public.bytes), `"sensor"`) {
		t.Errorf("%.600s", public.bytes)
	}
	for _, secret := range []string{"王建国", "13812345670"} {
		if strings.Contains(string(public.bytes), secret) {
			t.Errorf("%s is public: %s", secret, public.bytes)
		}
	}
}

func TestWhatASensorCannotReport(t *testing.T) {
	x, key := shared, shared.secret(t, pack.Sensors)
	send := func(body string) reply {
		return x.call(t, "", "POST", "/api/v1/sensors/sensor", body, "X-API-Key", key)
	}
	send(strings.Replace(alarm, `"event":"e-1",`, "", 1)).problem(t, 422, "event-missing", "/event")
	send(strings.Replace(alarm, "C01003", "C99999", 1)).problem(t, 422, "service-unknown", "/service")
	send(strings.Replace(alarm, "125.358,43.865", "here", 1)).problem(t, 422, "not-place", "/place")
	send(strings.Replace(alarm, "2023-10-16T08:59:30+08:00", "yesterday", 1)).problem(t, 422, "not-instant", "/at")
	send(strings.Replace(alarm, `"area":"220105001"`, `"area":"000"`, 1)).problem(t, 422, "no-such-option", "/with/area")
	send(strings.Replace(alarm, `"area":"220105001"`, `"phone":"1"`, 1)).problem(t, 422, "field-not-asked", "/with/phone")
	send(strings.Replace(alarm, `"e-1"`, `"`+strings.Repeat("e", 201)+`"`, 1)).problem(t, 422, "too-long", "/event")
	send(`{"event":"x"`).want(t, 400)
	x.call(t, "", "POST", "/api/v1/sensors/window", alarm, "X-API-Key", key).want(t, 404)
	x.call(t, "", "GET", "/api/v1/sensors/window", "").want(t, 404)
	x.call(t, "", "POST", "/api/v1/sensors/report", alarm, "X-API-Key", key).want(t, 404)
	x.call(t, "", "POST", "/api/v1/sensors/sensor", alarm).problem(t, 401, "key-invalid", "X-API-Key")
	x.call(t, "", "POST", "/api/v1/sensors/sensor", alarm, "X-API-Key", x.secret(t, pack.Programs)).problem(t, 401, "key-invalid", "X-API-Key")
}

// A sensor that floods its key waits; one with a wrong key waits for its address.
func TestAFloodOfAlarmsWaits(t *testing.T) {
	x, key := shared, shared.secret(t, pack.Sensors)
	for range 300 {
		w := x.raw("POST", "/api/v1/sensors/sensor", map[string]string{"X-API-Key": key}, "")
		if w.Code == 429 {
			if w.Header().Get("Retry-After") != "1" {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
			x.call(t, "", "POST", "/api/v1/sensors/sensor", alarm, "X-API-Key", key).problem(t, 429, "too-often", "")
			return
		}
	}
	t.Error("300 at once came in")
}

func TestTheAdministratorIssuesAndRevokesKeys(t *testing.T) {
	x, admin := shared, shared.as(t, "services", "sysadmin", 0)
	k := x.call(t, admin, "POST", "/api/v1/keys", `{"name":"井盖传感","for":["sensors"]}`).want(t, 201)
	report := func() reply {
		return x.call(t, "", "POST", "/api/v1/sensors/sensor", strings.Replace(alarm, "e-1", "keys", 1), "X-API-Key", k.text("secret"))
	}
	report().want(t, 201)
	listed := x.call(t, admin, "GET", "/api/v1/keys", "").want(t, 200)
	if !strings.Contains(string(listed.bytes), k.text("key.id")) || strings.Contains(string(listed.bytes), k.text("secret")) {
		t.Errorf("%.500s", listed.bytes)
	}
	revoke := "/api/v1/keys/" + k.text("key.id") + "/revoke"
	x.call(t, admin, "POST", revoke, `{"reason":" "}`).problem(t, 422, "reason-missing", "/reason")
	if r := x.call(t, admin, "POST", revoke, `{"reason":"设备更换"}`).want(t, 200); r.text("revoked") == "" || r.text("reason") != "设备更换" {
		t.Errorf("%s", r.bytes)
	}
	report().want(t, 401)
	x.call(t, admin, "POST", "/api/v1/keys", `{"name":"x","for":["people"]}`).problem(t, 422, "key-for", "/for")
	x.call(t, admin, "POST", "/api/v1/keys/220105-00000000-0000-7000-8000-000000000000/revoke", `{"reason":"x"}`).want(t, 404)
	supervisor := x.as(t, "supervision", "supervisor", 0)
	x.call(t, supervisor, "GET", "/api/v1/keys", "").want(t, 403)
	x.call(t, supervisor, "POST", "/api/v1/keys", `{"name":"x","for":["sensors"]}`).want(t, 403)
	x.call(t, "", "POST", revoke, `{"reason":"x"}`).want(t, 401)
}

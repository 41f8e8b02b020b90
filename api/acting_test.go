package api_test

import (
	"context"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
)

// A person acts for another through the API by naming them with each request, in the roles that were delegated, and the log has
// both names. Who was not asked is refused, and nothing is done in their own name instead.
func TestSomebodyActsForAnother(t *testing.T) {
	x := shared
	ctx := context.Background()
	head, deputy := x.desk.Directory().Of("office", "issuer")[0].Key, x.desk.Directory().Of("education", "handler")[0].Key
	token := x.as(t, "education", "handler", 0)
	const path = "/api/v1/me"
	x.call(t, token, "GET", path, "", "Bihuan-For", string(head)).problem(t, 403, "acting-not-yours", "")
	x.call(t, token, "GET", path, "", "Bihuan-For", "nobody").problem(t, 403, "acting-not-yours", "")
	x.call(t, "", "GET", path, "", "Bihuan-For", string(head)).want(t, 200) // a visitor acts for nobody
	who := func(p name.Person) desk.Caller {
		c, _ := x.desk.Directory().Caller(p, "zh")
		return x.desk.Entitled(c, "")
	}
	today := x.desk.Today()
	given, err := x.rights.Give(ctx, who(head), deputy, []name.Role{"issuer"}, today, today, "出差")
	if err != nil {
		t.Fatal(err)
	}
	r := x.call(t, token, "GET", path, "", "Bihuan-For", string(head)).want(t, 200)
	if r.text("for.id") != string(head) || r.text("unit.id") != "office" || r.text("person.id") != string(deputy) {
		t.Errorf("me: %s", r.body)
	}
	done := x.call(t, token, "POST", "/api/v1/matters", `{"kind":"promise/promise","with":{"title":"改造小区","unit":"housing","due":"2023-12-31"}}`, "Bihuan-For", string(head), "Idempotency-Key", "acting-1")
	if done.status == 201 {
		id := name.ID(done.text("id"))
		v, err := x.desk.Matter(ctx, who(head), id)
		if err != nil {
			t.Fatal(err)
		}
		if by := v.History[0].Event.Actor; by.Person != deputy || by.For != head || by.Unit != "office" {
			t.Errorf("the log says %+v", by)
		}
	} else {
		t.Errorf("opening for another: %s", done.body)
	}
	if err := x.rights.EndDelegation(ctx, who(head), given.ID, "已返回"); err != nil {
		t.Fatal(err)
	}
	x.call(t, token, "GET", path, "", "Bihuan-For", string(head)).problem(t, 403, "acting-not-yours", "")
}

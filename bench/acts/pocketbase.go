package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// servePocketBase is PocketBase with its own settings, a collection of cases and one of audit records, both with typed
// and required fields and the rule that somebody is signed in.
func servePocketBase(_ context.Context, addr, dir string, ready func(...string)) error {
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dir, HideStartBanner: true})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	settings := app.Settings()
	settings.Batch.Enabled, settings.Batch.MaxRequests, settings.Batch.Timeout = true, 50, 30
	settings.RateLimits.Enabled = false
	if err := app.Save(settings); err != nil {
		return err
	}
	signedIn := types.Pointer(`@request.auth.id != ""`)
	cases := core.NewBaseCollection("cases")
	cases.Fields.Add(&core.TextField{Name: "title", Required: true, Max: 300}, &core.SelectField{Name: "state", Required: true, MaxSelect: 1, Values: states},
		&core.TextField{Name: "unit", Required: true, Max: 100}, &core.NumberField{Name: "due"}, &core.NumberField{Name: "version"})
	cases.AddIndex("cases_due", false, "due", "")
	audits := core.NewBaseCollection("audits")
	audits.Fields.Add(&core.TextField{Name: "matter", Required: true, Max: 50}, &core.NumberField{Name: "version"}, &core.TextField{Name: "act", Required: true, Max: 100},
		&core.JSONField{Name: "body"})
	audits.AddIndex("audits_matter", false, "matter", "")
	for _, c := range []*core.Collection{cases, audits} {
		c.CreateRule, c.UpdateRule, c.ViewRule = signedIn, signedIn, signedIn
		if err := app.Save(c); err != nil {
			return err
		}
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	user := core.NewRecord(users)
	user.SetEmail("handler@example.org")
	user.SetPassword("not-a-secret-1")
	if err := app.Save(user); err != nil {
		return err
	}
	token, err := user.NewAuthToken()
	if err != nil {
		return err
	}
	ready(token)
	return apis.Serve(app, apis.ServeConfig{HttpAddr: addr})
}

var states = []string{"registered", "accepted", "dispatched", "signed", "handled", "reported", "verified", "closed"}

type batchRequest struct {
	Method string         `json:"method"`
	URL    string         `json:"url"`
	Body   map[string]any `json:"body"`
}

// pocketBaseLifecycle creates a case and takes it through seven transitions: the case and its audit record in one batch, which is one transaction.
func pocketBaseLifecycle(c *client, tokens []string) error {
	id := strings.ToLower(rand.Text()[:15])
	for v := range steps {
		method, url := "PATCH", "/api/collections/cases/records/"+id
		matter := map[string]any{"state": states[v], "due": 1_000_000 + v, "version": v}
		if v == 0 {
			method, url = "POST", "/api/collections/cases/records"
			matter["id"], matter["title"], matter["unit"] = id, "改造老旧小区", "housing"
		}
		body, err := json.Marshal(map[string]any{"requests": []batchRequest{
			{method, url, matter},
			{"POST", "/api/collections/audits/records", map[string]any{"matter": id, "version": v, "act": states[v], "body": map[string]string{"note": note}}},
		}})
		if err != nil {
			return err
		}
		var out []struct{ Status int }
		if _, err := c.send("POST", "/api/batch", tokens[0], "", body, &out); err != nil {
			return err
		}
		if len(out) != 2 || out[0].Status >= 300 || out[1].Status >= 300 {
			return fmt.Errorf("a batch was answered with %v", out)
		}
	}
	return nil
}

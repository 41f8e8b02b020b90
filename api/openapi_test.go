//go:build !race

package api_test

import (
	"context"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"bihuan/ground/access"
)

// TestDescriptionIsOpenAPI31 holds the description against the specification with a reader that is not ours.
func TestDescriptionIsOpenAPI31(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(shared.raw("GET", "/api/openapi.json", nil, "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if !doc.IsOpenAPI31OrLater() || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %s", doc.OpenAPI)
	}
}

// TestEveryMethodDeclaresItsPermission: an action that is declared, on an object that it is done to, and none that
// only reads for what changes something.
func TestEveryMethodDeclaresItsPermission(t *testing.T) {
	methods, ids := 0, map[any]bool{}
	for path, item := range shared.document["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			methods++
			o := op.(map[string]any)
			action, ok := access.Lookup(access.Action(o["x-action"].(string)))
			if !ok {
				t.Errorf("%s %s declares %v, which is no action", method, path, o["x-action"])
			}
			if action.Reads && method != "get" && !strings.HasSuffix(path, "/acts/{act}") {
				t.Errorf("%s %s changes something with %s, which reads", method, path, action.Action)
			}
			if ids[o["operationId"]] {
				t.Errorf("%v names two methods", o["operationId"])
			}
			ids[o["operationId"]] = true
			open := len(o["security"].([]any)) == 3
			if token := shared.raw(strings.ToUpper(method), filled(path), nil, "").Code; (token == 401) == open {
				t.Errorf("%s %s answers %d without a token, but is described as open: %t", method, path, token, open)
			}
		}
	}
	if methods < 20 {
		t.Errorf("%d methods: the test has looked at too little", methods)
	}
}

// filled puts something that could be an id in each place of a path.
func filled(path string) string {
	return strings.NewReplacer("{id}", "220105-00000000-0000-7000-8000-000000000000", "{act}", "accept", "{pack}", "works", "{code}", "denied", "{door}", "sensor").Replace(path)
}

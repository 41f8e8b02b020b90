package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bihuan/ground/access"
)

// describe returns the OpenAPI 3.1 description of routes, generated from their table and the types of their bodies and answers.
//
// Source: OpenAPI Specification 3.1.1 (2024); schemas are JSON Schema 2020-12.
func describe(all []route, version string) ([]byte, error) {
	s := &schemas{components: map[string]any{}}
	s.of(reflect.TypeFor[problem](), false)
	paths := object{}
	for _, r := range all {
		at := r.pattern()
		if paths[at] == nil {
			paths[at] = object{}
		}
		paths[at].(object)[strings.ToLower(r.method)] = s.operation(&r)
	}
	if version == "" {
		version = "0"
	}
	return json.MarshalIndent(object{
		"openapi": "3.1.1",
		"info": object{"title": "闭环 Bihuan", "version": version, "license": object{"name": "Apache-2.0", "identifier": "Apache-2.0"},
			"description": "从政府工作报告到有人负责的目标，从事项到数据。The desk over JSON: from a work report to goals that somebody owns, from matters to figures. " +
				"Without a token a method answers what is public. Numbers are exact decimals: read them as such. Words are in the language of Accept-Language (zh, en)."},
		"servers": []object{{"url": "/"}},
		"paths":   paths,
		"components": object{"schemas": s.components, "securitySchemes": object{
			"bearer":  object{"type": "http", "scheme": "bearer", "description": "the secret of a session; in the demo see /demo/persons.json"},
			"key":     object{"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "a sensor's key, issued with bihuan key new; also as a bearer token"},
			"session": object{"type": "apiKey", "in": "cookie", "name": cookieName, "description": "the session of the pages; writes only from the same origin"},
		}},
	}, "", " ")
}

// operation describes one method.
func (s *schemas) operation(r *route) object {
	declared, _ := access.Lookup(r.action)
	op := object{
		"operationId": operationID(r),
		"summary":     r.title.EN,
		"description": r.title.ZH + "。权限 permission: `" + string(r.action) + "`（" + declared.Words.ZH + "）",
		"tags":        []string{tagOf(r)},
		"parameters":  parametersOf(r),
		"responses":   s.responses(r),
		"x-action":    r.action,
		"security":    securityOf(r),
	}
	if content := s.content(r); len(content) > 0 {
		op["requestBody"] = object{"required": !r.optional, "content": content}
	}
	return op
}

// securityOf says who may ask: with a token, with a session, or for what is public with neither.
func securityOf(r *route) []object {
	if r.keyed {
		return []object{{"key": []string{}}, {"bearer": []string{}}}
	}
	ways := []object{{"bearer": []string{}}, {"session": []string{}}}
	if r.open {
		ways = append(ways, object{})
	}
	return ways
}

var inPath = regexp.MustCompile(`\{(\w+)\}`)

// operationID names a method after its verb and path: getGoalsIdFigures.
func operationID(r *route) string {
	id := strings.ToLower(r.method)
	for _, part := range strings.FieldsFunc(strings.TrimPrefix(r.pattern(), Base), func(c rune) bool { return strings.ContainsRune("/{}._", c) }) {
		id += exported(part)
	}
	return id
}

// tagOf groups methods by the first word of their path.
func tagOf(r *route) string {
	first, _, _ := strings.Cut(strings.TrimLeft(r.path, "/"), "/")
	return first
}

func parametersOf(r *route) []object {
	all := []object{}
	for _, m := range inPath.FindAllStringSubmatch(r.path, -1) {
		s := object{"type": "string", "maxLength": 200}
		if m[1] == "hash" {
			s = object{"type": "string", "pattern": `^[0-9a-fA-F]{64}$`}
		}
		if m[1] == "id" {
			s = object{"type": "string", "pattern": idPattern}
		}
		all = append(all, object{"name": m[1], "in": "path", "required": true, "schema": s})
	}
	for _, p := range r.query {
		described := object{"name": p.name, "in": "query", "description": p.title.ZH + " " + p.title.EN, "schema": p.schema()}
		if p.many {
			described["style"], described["explode"] = "form", false
		}
		all = append(all, described)
	}
	if !r.keyed {
		all = append(all, object{"name": forHeader, "in": "header", "schema": object{"type": "string", "maxLength": 200},
			"description": "whom the caller acts for, by key: with the roles that this one has delegated to the caller, and refused without any; the log has both names"})
	}
	if r.key != noKey {
		all = append(all, object{"name": "Idempotency-Key", "in": "header", "required": r.key == mustKey, "schema": object{"type": "string", "minLength": 1, "maxLength": maxKey},
			"description": "the same key with the same request is answered as the first time, and nothing is done again"})
	}
	if r.match {
		all = append(all, object{"name": "If-Match", "in": "header", "required": true, "schema": object{"type": "string", "pattern": `^(\*|"?[0-9]+"?)$`},
			"description": `the version that the caller has seen, as the ETag has it: "7"; * for any`})
	}
	return all
}

// content describes what a method takes.
func (s *schemas) content(r *route) object {
	content := object{}
	if r.body == nil {
		return content
	}
	body := s.of(reflect.TypeOf(r.body), true)
	content["application/json"] = object{"schema": body}
	binary := object{"type": "string", "contentMediaType": "application/octet-stream"}
	switch r.files {
	case formFiles:
		content["multipart/form-data"] = object{"schema": object{"type": "object", "properties": object{"request": body},
			"additionalProperties": true, "description": "request is the JSON; each other part is a file: photo and document are evidence of that kind, a part named after a file field is its value, any other is named by evidence; with a figure every file is a part evidence"}}
	case oneFile:
		content["multipart/form-data"] = object{"schema": object{"type": "object", "additionalProperties": false, "properties": object{"file": binary,
			"text": object{"type": "string"}, "title": object{"type": "string"}, "name": object{"type": "string"}, "year": object{"type": "integer"}}}}
		content["application/x-www-form-urlencoded"] = object{"schema": object{"type": "object", "properties": object{"text": object{"type": "string"}, "title": object{"type": "string"}}}}
		for _, media := range reportMedia {
			content[media] = object{"schema": object{}}
		}
	}
	return content
}

// sent describes what a method answers with: JSON, or a file of whatever kind it is.
func (s *schemas) sent(r *route) object {
	if r.answer == nil {
		return object{"*/*": object{"schema": object{}}}
	}
	return object{"application/json": object{"schema": s.of(reflect.TypeOf(r.answer), false)}}
}

// always are the problems that every method may answer with.
var always = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}

func (s *schemas) responses(r *route) object {
	status := r.status
	if status == 0 {
		status = http.StatusOK
	}
	good := object{"description": r.title.EN, "content": s.sent(r)}
	headers := object{}
	if r.etag {
		headers["ETag"] = object{"description": "the version, for If-Match", "schema": object{"type": "string"}}
	}
	if status == http.StatusCreated {
		headers["Location"] = object{"description": "where it is", "schema": object{"type": "string"}}
	}
	if len(headers) > 0 {
		good["headers"] = headers
	}
	all := object{strconv.Itoa(status): good}
	bad := append(slices.Clone(always), r.refuses...)
	if len(r.query) == 0 && !slices.Contains(bad, http.StatusBadRequest) {
		bad = append(bad, http.StatusBadRequest) // a parameter that is not declared
	}
	for _, status := range bad {
		all[strconv.Itoa(status)] = object{"description": http.StatusText(status),
			"content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}}}
	}
	return all
}

// Package api is the same desk as the pages', over JSON under [Base].
//
// [New] returns the handler of everything below /api/ and, in the demo, of /demo/persons.json. Each method is one line
// in the table of routes: what is asked, the permission that it asks for, what it takes and what it answers.
// The OpenAPI 3.1 description at /api/openapi.json is generated from that table and from the types of bodies and
// answers, so that neither can say something that the other does not do.
//
// A method reads the request, asks [desk.Desk], and answers; it computes nothing and keeps nothing. Whoever has no
// token sees what is public. Errors are problem documents (RFC 9457, 2023) in the caller's language. Numbers are
// exact: they leave as the digits that were recorded, never through floating point.
//
// Limits: 1 MB of JSON, 32 deep, no key twice, no key that is not asked for; 32 MB of upload, at most 20 files;
// pages of at most 500. There is no CORS: a browser of another origin gets nothing.
package api

//go:build long

package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bihuan/internal/bar"
)

// climbs are ways to write a path that leads out, %s is the file: every separator, dot and encoding that some server has taken for one.
func climbs() (all []string) {
	dots := []string{"..", "%2e%2e", ".%2e", "%2e.", "%252e%252e", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "..%00", "....", ". .", "..;", "%u002e%u002e", "．．", "..%01", "%uff0e%uff0e"}
	seps := []string{"/", "%2f", "%252f", `\`, "%5c", "%255c", "%c0%af", "%c1%9c", "%e0%80%af", "//", "/./", "%u2215", "%ef%bc%8f", "／", "%2f%2f", `\\`}
	for _, d := range dots {
		for _, s := range seps {
			all = append(all, strings.Repeat(d+s, 8)+"%s", d+s+d+s+"%s", "x"+s+strings.Repeat(d+s, 9)+"%s", strings.Repeat(d+s, 6)+"%s%%00.css")
		}
	}
	for _, root := range []string{"/", "//", "C:/", `C:\`, "file:///", `\\?\C:\`, `\\host\share\`, "~/", "/proc/self/root/", "%00/", "/dev/fd/", "c:%5c", "%2f", "%5c%5c"} {
		all = append(all, root+"%s", "x/../"+root+"%s")
	}
	return all
}

// TestBar_I07_NoPathLeadsOut asks, in every way of writing it, for a file beside the server's own on every route that takes a name.
func TestBar_I07_NoPathLeadsOut(t *testing.T) {
	c := newCrawler(t, "issuer")
	r := &c.roles[slices.IndexFunc(c.roles, func(r role) bool { return r.name == "issuer" })]
	const secret = "the secret that lies beside"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "canary"), []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	routes := []string{"/assets/", "/packs/", "/packs/promise/template/", "/registers/erdao/", "/matters/" + string(r.own["matter"]) + "/files/", "/reports/", "/calendar/", "/receipts/", "/api/v1/packs/",
		"/api/v1/problems/", "/open311/v2/requests/", "/tiles/", "/export/goals/", "/boards/urban/", "/"}
	tries := 0
	ways := climbs()
	for i, way := range ways {
		for _, target := range []string{"canary", strings.TrimPrefix(dir, "/") + "/canary"} {
			route := routes[(i+len(target))%len(routes)]
			path := route + fmt.Sprintf(way, target)
			for _, raw := range []bool{true, false} {
				q := request("GET", "/", nil)
				q.RequestURI = path
				if u, err := url.ParseRequestURI(path); raw && err == nil {
					q.URL = u
				} else {
					q.URL = &url.URL{Path: path}
				}
				q.AddCookie(&http.Cookie{Name: "bihuan", Value: r.secret})
				w := httptest.NewRecorder()
				c.handler.ServeHTTP(w, q)
				tries++
				if strings.Contains(w.Body.String(), secret) || strings.Contains(w.Body.String(), "root:") || w.Code >= 500 {
					t.Errorf("%s: %d %.200s", path, w.Code, w.Body)
				}
				if to := w.Header().Get("Location"); to != "" && (to[0] != '/' || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`)) {
					t.Errorf("%s leads to %q", path, to)
				}
			}
		}
	}
	if tries < 1000 {
		t.Errorf("only %d tries", tries)
	}
	bar.Report(t, "I-07", "%d paths that lead out, written in %d ways, on %d routes: 0 escapes, 0 redirects away", tries, len(ways), len(routes))
}

// TestBar_I16_NoLineOfTheLogIsForged: whatever a request brings, the log has one line for each thing that happened, without control characters.
func TestBar_I16_NoLineOfTheLogIsForged(t *testing.T) {
	forged := []string{"\r\ntime=2026-01-01 level=INFO msg=request route=/admin", "\nlevel=ERROR msg=forged", "\x1b[2J\x1b[31m", `" msg="forged`, "\x00", "\u2028msg=forged", "\u0085msg=forged", `\n`, "%0d%0amsg=forged", "a=b c=d", "\u202egnol",
		"{\"level\":\"ERROR\"}", strings.Repeat("x", 9000)}
	var b bytes.Buffer
	log := logger(&b, "info")
	for _, f := range forged {
		b.Reset()
		log.Info("request", "route", f, "error", fmt.Errorf("wrap %s", f))
		log.Info(f)
		log.With(f, f).Warn("x", slog.String(f, f))
		if got := strings.Count(b.String(), "\n"); got != 3 || strings.ContainsFunc(strings.ReplaceAll(b.String(), "\n", ""), func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x202e }) {
			t.Errorf("%q writes %d lines: %q", f, got, b.String())
		}
	}
	c := newCrawler(t, "issuer")
	tries := 0
	for _, f := range forged {
		for _, where := range []string{"X-Forwarded-For", "User-Agent", "Referer", "Idempotency-Key", "If-Match", "Accept-Language", "Cookie", "Authorization"} {
			q := request("GET", "/search", nil)
			q.URL.RawQuery, q.URL.Path = url.Values{"q": {f}}.Encode(), "/receipts/"+f
			q.Header[where] = []string{f}
			w := httptest.NewRecorder()
			c.handler.ServeHTTP(w, q)
			tries++
			for k, values := range w.Header() {
				for _, v := range values {
					if strings.ContainsAny(k+v, "\r\n\x00") {
						t.Errorf("%s is answered with the header %s: %q", where, k, v)
					}
				}
			}
		}
	}
	bar.Report(t, "I-16", "%d forged values in log lines and %d in requests: 0 forged lines, 0 forged headers", 3*len(forged), tries)
}

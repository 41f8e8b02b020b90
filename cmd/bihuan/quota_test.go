//go:build long

package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bihuan/desk/keys"
	"bihuan/desk/pace"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/pack"
)

// TestFilesHaveAQuotaAtEveryDoor sends a file and another one at each way by which files come in, with a quota of one: the second is refused and told when to come again, programs by 429
// and people on their form, which keeps what they typed.
func TestFilesHaveAQuotaAtEveryDoor(t *testing.T) {
	c := newCrawler(t, "issuer")
	account, many := pace.FilesOfAccount, pace.FilesOfMany
	t.Cleanup(func() { pace.FilesOfAccount, pace.FilesOfMany = account, many })
	pace.FilesOfAccount, pace.FilesOfMany = pace.Quota{Files: 1, KB: 1 << 20}, pace.Quota{Files: 1, KB: 1 << 20}
	_, secret, err := c.h.keys.IssueAs(t.Context(), name.System, keys.Order{Name: "App", For: []pack.Audience{pack.Programs}})
	if err != nil {
		t.Fatal(err)
	}
	issuer := c.roles[1]
	for _, door := range []struct {
		name, path, field string
		values            []string
		session, token    string
		bytes             []byte
		status            int
	}{
		{"a visitor's report", "/report", "photos", []string{"service", "E06002"}, "", "", corpus.PNG(1), 422},
		{"a program's", "/open311/v2/requests.json", "media", []string{"api_key", secret}, "", "", corpus.PNG(1), 429},
		{"a form of staff", "/reports", "file", []string{"title", "x"}, issuer.secret, "", []byte("到年底新建3个口袋公园。"), 422},
		{"a program of staff", "/api/v1/reports", "file", []string{"title", "x"}, "", issuer.secret, []byte("到年底新建3个口袋公园。"), 429},
	} {
		c.h.pace = pace.New(systemTime) // the same person comes by two ways
		handler, err := c.h.faces(nil)
		if err != nil {
			t.Fatal(err)
		}
		for sent := range 2 {
			var b bytes.Buffer
			w := multipart.NewWriter(&b)
			for i := 0; i+1 < len(door.values); i += 2 {
				w.WriteField(door.values[i], door.values[i+1])
			}
			part, err := w.CreateFormFile(door.field, "现场.png")
			if err == nil {
				_, err = part.Write(door.bytes)
			}
			if err != nil {
				t.Fatal(err)
			}
			w.Close()
			r := request("POST", "https://example.com"+door.path, &b)
			r.Header.Set("Content-Type", w.FormDataContentType())
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			if door.session != "" {
				r.AddCookie(&http.Cookie{Name: "__Host-bihuan", Value: door.session})
			}
			if door.token != "" {
				r.Header.Set("Authorization", "Bearer "+door.token)
			}
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, r)
			told := strings.Contains(answer.Body.String(), "已达到一天的限额") || strings.Contains(answer.Body.String(), "Try again in")
			if sent == 0 && told || sent == 1 && (!told || answer.Code != door.status || (door.status == 429) != (answer.Header().Get("Retry-After") != "")) {
				t.Errorf("%s: file %d is answered %d: %.400s", door.name, sent+1, answer.Code, answer.Body)
			}
		}
	}
}

//go:build !race

// What is examined here are other people's programs.

package egress

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTheExamplesForReceiversHold runs the programs of docs/webhooks.md against what is sent, and against what was changed on the way.
func TestTheExamplesForReceiversHold(t *testing.T) {
	secret := []byte("0123456789abcdef0123456789abcdef")
	body := []byte(`{"type":"matter.close","timestamp":"2023-10-16T01:00:00.000000Z","data":{"district":"220105","seq":7}}`)
	now := time.Now()
	cases := map[string]struct {
		header http.Header
		body   []byte
		want   string
	}{
		"what was sent is accepted":           {Signed("220105-7", now, body, secret), body, "accepted"},
		"while the secret is being changed":   {Signed("220105-7", now, body, []byte("the new one"), secret), body, "accepted"},
		"a changed body is refused":           {Signed("220105-7", now, body, secret), []byte(strings.Replace(string(body), "close", "open!", 1)), "refused"},
		"another secret is refused":           {Signed("220105-7", now, body, []byte("another")), body, "refused"},
		"an old call is refused":              {Signed("220105-7", now.Add(-10*time.Minute), body, secret), body, "refused"},
		"a call from the future is refused":   {Signed("220105-7", now.Add(10*time.Minute), body, secret), body, "refused"},
		"a call without signature is refused": {http.Header{"Webhook-Id": {"220105-7"}, "Webhook-Timestamp": {"1"}}, body, "refused"},
	}
	dir := t.TempDir()
	for _, program := range []struct {
		language, file string
		run            []string
	}{{"go", "verify.go", []string{"go", "run"}}, {"python", "verify.py", []string{"python3"}}} {
		path := filepath.Join(dir, program.file)
		must(t, os.WriteFile(path, []byte(example(t, program.language)), 0o600))
		command := program.run
		if program.language == "go" { // built once
			bin := filepath.Join(dir, "verify")
			build := exec.Command("go", "build", "-o", bin, path)
			build.Env = append(os.Environ(), "GO111MODULE=off", "GOFLAGS=")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			command = []string{bin}
		} else if _, err := exec.LookPath(program.run[0]); err != nil {
			t.Logf("NOT SHOWN: no %s on this machine", program.run[0])
			continue
		} else {
			command = append(command, path)
		}
		for called, c := range cases {
			t.Run(program.language+"/"+called, func(t *testing.T) {
				cmd := exec.Command(command[0], command[1:]...)
				cmd.Stdin = strings.NewReader(string(c.body))
				cmd.Env = append(os.Environ(), "WEBHOOK_SECRET="+SecretText(secret), "WEBHOOK_ID="+c.header.Get("Webhook-Id"), "WEBHOOK_TIMESTAMP="+c.header.Get("Webhook-Timestamp"), "WEBHOOK_SIGNATURE="+c.header.Get("Webhook-Signature"))
				out, err := cmd.CombinedOutput()
				if got := strings.TrimSpace(string(out)); got != c.want || (err == nil) != (c.want == "accepted") {
					t.Errorf("got %q, %v", got, err)
				}
			})
		}
	}
}

//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bihuan/desk/keys"
	"bihuan/egress"
	"bihuan/kernel/journal"
)

// put writes a file that its owner alone reads.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSecretsAreReadAtEachUse: a secret is what its file says at that moment, in the folder that is set or that systemd hands over, and what the environment says
// only where there is no file. What others can read, is empty or is no secret is refused, and never quoted.
func TestSecretsAreReadAtEachUse(t *testing.T) {
	t.Setenv("CREDENTIALS_DIRECTORY", "")
	t.Setenv("BIHUAN_TRIAL", "")
	dir := t.TempDir()
	c := config{Secrets: dir}
	read := c.secret("trial", "BIHUAN_TRIAL")
	if s, err := read(); err == nil || !strings.Contains(err.Error(), "trial") || !strings.Contains(err.Error(), "BIHUAN_TRIAL") {
		t.Errorf("%q, %v where there is none", s, err)
	}
	t.Setenv("BIHUAN_TRIAL", "of the environment")
	at := filepath.Join(dir, "trial")
	for _, step := range []struct {
		name string
		do   func()
		want string // empty: refused
	}{
		{"without a file the environment holds", func() {}, "of the environment"},
		{"a file goes before it", func() { put(t, at, "first\n") }, "first"},
		{"the file is replaced", func() { put(t, at, "second secret") }, "second secret"},
		{"a group may read it", func() { os.Chmod(at, 0o440) }, "second secret"},
		{"everybody can read it", func() { os.Chmod(at, 0o644) }, ""},
		{"a group can change it", func() { os.Chmod(at, 0o620) }, ""},
		{"it is empty", func() { os.Chmod(at, 0o600); put(t, at, " \n") }, ""},
		{"it has two lines", func() { put(t, at, "second secret\nthird\n") }, ""},
		{"it is a whole file of something else", func() { put(t, at, strings.Repeat("second secret", 1000)) }, ""},
		{"it is a link, as Kubernetes mounts them", func() {
			os.Remove(at)
			put(t, filepath.Join(dir, "..data"), "mounted")
			os.Symlink("..data", at)
		}, "mounted"},
		{"it is gone", func() { os.Remove(at) }, "of the environment"},
	} {
		step.do()
		s, err := read()
		if s != step.want || (err != nil) != (step.want == "") {
			t.Errorf("%s: %q, %v", step.name, s, err)
		}
		if err != nil && strings.Contains(err.Error(), "second secret") {
			t.Errorf("%s: the error quotes it: %v", step.name, err)
		}
	}
	put(t, at, "handed over")
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	if s, err := (config{}).secret("trial", "BIHUAN_TRIAL")(); err != nil || s != "handed over" {
		t.Errorf("from systemd: %q, %v", s, err)
	}
}

// given is a house with every secret that others can give, in a folder.
func given(t *testing.T, log io.Writer) (h *house, folder string) {
	t.Helper()
	t.Setenv("CREDENTIALS_DIRECTORY", "")
	dir := t.TempDir()
	put(t, filepath.Join(dir, "mail-password"), "canary-of-mail")
	put(t, filepath.Join(dir, "sms-secret"), egress.SecretText([]byte("canary-of-sms")))
	put(t, filepath.Join(dir, "robots.yaml"), `- {unit: housing, style: wecom, url: "https://qyapi.weixin.qq.com/send?key=canary-of-robots"}`)
	put(t, filepath.Join(dir, "province.secret"), "canary-of-province")
	put(t, filepath.Join(dir, "providers.json"), `{"providers":[{"key":"province","words":{"zh":"省","en":"Province"},"for":"residents","issuer":"https://id.example.cn","client":"b","secret_file":"province.secret"}]}`)
	c := defaults()
	c.Secrets, c.Database = dir, filepath.Join(t.TempDir(), "d.db")
	c.Mail, c.From, c.SMS = "smtp://bihuan@mail.example.cn:587", "notice@example.cn", "https://sms.example.cn/send"
	c.Robots, c.Providers = "robots.yaml", filepath.Join(dir, "providers.json")
	h, err := build(t.Context(), c, systemTime, systemChance, logger(log, "info"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h, dir
}

// states are how everything that is held stands at an instant.
func states(t *testing.T, h *house, at int64) map[string]keys.State {
	t.Helper()
	all, err := h.held(at, true)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]keys.State{}
	for i := range all {
		m[all[i].What+all[i].Name] = all[i].At(at)
	}
	return m
}

// TestAgesOfSecretsAreTold looks at every key and secret of a house through three years: which of them has to be changed, when one was, and who is told. A
// secret that was changed is young again, also after a new start.
func TestAgesOfSecretsAreTold(t *testing.T) {
	var log bytes.Buffer
	h, dir := given(t, &log)
	start, day := systemTime(), 24*time.Hour.Microseconds()
	young := states(t, h, start)
	for _, what := range []string{"values", "accounts", "log", "blind", "mail", "sms", "robots", "providerprovince"} {
		if young[what] != keys.Fresh {
			t.Errorf("%s is %q at first", what, young[what])
		}
	}
	if later := states(t, h, start+340*day); later["mail"] != keys.Soon || later["values"] != keys.Soon || later["log"] != keys.Fresh {
		t.Errorf("after eleven months: %v", later)
	}
	put(t, filepath.Join(dir, "mail-password"), "canary-of-mail-2")
	if _, err := h.rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	year := states(t, h, start+366*day)
	if year["mail"] != keys.Fresh || year["values"] != keys.Fresh || year["sms"] != keys.Over || year["providerprovince"] != keys.Over || year["accounts"] != keys.Over || year["log"] != keys.Fresh {
		t.Errorf("after a year: %v", year)
	}
	if err := os.Remove(filepath.Join(dir, "sms-secret")); err != nil {
		t.Fatal(err)
	}
	if now := states(t, h, start+800*day); now["sms"] != keys.Absent || now["log"] != keys.Over || now["mail"] != keys.Over {
		t.Errorf("after more than two: %v", now)
	}
	if !strings.Contains(log.String(), "a secret was changed") {
		t.Error("the log was not told of the change")
	}
	if err := h.guard.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, err := h.store.SecurityLines(t.Context(), journal.SecurityAsk{Log: h.desk.District(), Kind: "key", Limit: 10})
	told := 0
	for _, l := range lines {
		if l.Code == "secret.changed" {
			told++
		}
	}
	if err != nil || told != 1 {
		t.Errorf("the security log has %v, %v", lines, err)
	}
	all, err := h.held(start+800*day, false)
	if err != nil {
		t.Fatal(err)
	}
	bad := 0
	for _, p := range heldProbes(all, start+800*day) {
		if p.err != nil {
			bad++
		}
	}
	if bad != len(all) {
		t.Errorf("the doctor finds %d of %d", bad, len(all))
	}
	log.Reset()
	if err := h.remindHeld(); err != nil || !strings.Contains(log.String(), "cannot be read") {
		t.Errorf("the daily log says %q, %v", log.String(), err)
	}
}

// TestNoSecretOfOthersIsKept looks for the secrets of a house, byte by byte, in every file that it writes, in its log and in what it prints of its configuration.
func TestNoSecretOfOthersIsKept(t *testing.T) {
	var log bytes.Buffer
	h, _ := given(t, &log)
	states(t, h, systemTime())
	folder, looked := filepath.Dir(h.config.Database), 0
	if err := h.store.Backup(t.Context(), filepath.Join(folder, "copy.db")); err != nil {
		t.Fatal(err)
	}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(folder, path))
		for _, form := range []string{"canary-of-", "Y2FuYXJ5LW9m"} { // as it is, and in base64
			if bytes.Contains(b, []byte(form)) {
				t.Errorf("%s holds a secret", path)
			}
		}
		looked++
		return err
	})
	if err != nil || looked < 6 {
		t.Errorf("%d files, %v", looked, err)
	}
	var out bytes.Buffer
	runConfig([]string{"--secrets", h.config.Secrets}, streams{out: &out, err: &out})
	if said := out.String() + log.String(); strings.Contains(said, "canary") || !strings.Contains(said, h.config.Secrets) {
		t.Errorf("told: %s", said)
	}
}

// TestASecretInTheEnvironmentIsTold: each day the log says which secret stands in the environment, by the names of variable and file and not by itself; one in a file is not told.
func TestASecretInTheEnvironmentIsTold(t *testing.T) {
	var log bytes.Buffer
	h, dir := given(t, &log)
	if err := h.remindHeld(); err != nil || strings.Contains(log.String(), "environment") {
		t.Errorf("with files: %v\n%s", err, &log)
	}
	if err := os.Remove(filepath.Join(dir, "mail-password")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BIHUAN_MAIL_PASSWORD", "canary-of-mail")
	if err := h.remindHeld(); err != nil || strings.Count(log.String(), "environment") != 1 || !strings.Contains(log.String(), "BIHUAN_MAIL_PASSWORD") || strings.Contains(log.String(), "canary") {
		t.Errorf("with a variable: %v\n%s", err, &log)
	}
}

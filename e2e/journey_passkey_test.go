package e2e

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	bytes "encoding/binary"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"bihuan/e2e/browser"
)

// TestJourneyPasskey is the first day of an administrator in a house of its own, by the pages alone: the invitation is taken up,
// a passkey is made, and from then on it opens the door and proves anew who its owner is.
func TestJourneyPasskey(t *testing.T) {
	knows(t, "serve")
	base, invite := ownHouse(t)
	p := open(t, base, browser.Options{})
	p.must(p.Passkeys())
	seed, recovery := p.activate(invite)

	p.visit("/signin?to=/me/ways")
	p.fill("#login", "zhaoning")
	p.fill("#password", strongWords)
	p.fill("#code", codeOf(t, seed, time.Now().Add(30*time.Second))) // the one of now was used to activate
	p.follow("form.door button")
	p.must(p.WaitURL(base + "/me/ways"))
	p.fill("#label", "值班手机")
	p.looksRight("passkey-ways")
	p.click("form[data-passkey=create] button")
	p.waitText("[role=status].done", "已")
	p.waitText("main", "值班手机")

	p.follow(".who form[action='/signout'] button")
	p.visit("/signin/other?to=/me")
	p.looksRight("passkey-signin")
	p.click("form[data-passkey=get] button")
	p.waitText("h1", "我的账号")

	before := p.session()
	p.visit("/prove?to=/me/data")
	p.looksRight("passkey-prove")
	p.click("form[data-passkey=get] button")
	p.must(p.WaitURL(base + "/me/data"))
	if after := p.session(); before == "" || after == before {
		t.Errorf("a fresh proof gives no new session token: %q, then %q", before, after)
	}

	// a browser without script has the other factors
	plain := open(t, base, browser.Options{NoScript: true})
	plain.visit("/signin")
	plain.fill("#login", "zhaoning")
	plain.fill("#password", strongWords)
	plain.fill("#code", recovery[0])
	plain.follow("form.door button")
	plain.visit("/prove?to=/me")
	if n := plain.count("form[data-passkey] button:not([hidden])"); n != 0 {
		t.Error("without script a button is shown that does nothing")
	}
	plain.waitText("main", "脚本")
	plain.fill("#code", recovery[1])
	plain.follow("form[action='/prove'] button")
	plain.waitText("h1", "我的账号")
}

// strongWords is long enough for either profile of passwords.
const strongWords = "Vq8-tundra-Km2-harbour"

// ownHouse starts a house without any data that takes passkeys, and returns its address and the system administrator's invitation.
func ownHouse(t *testing.T) (base, invite string) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(t.TempDir(), "own.db")
	said, err := exec.Command(path, "init", "--db", db).Output()
	if err != nil {
		t.Fatal(err)
	}
	invite = regexp.MustCompile(`[0-9a-z]{5}(-[0-9a-z]{5}){4}-[0-9a-z]`).FindString(string(said))
	base, _ = start(t, "serve", "--db", db, "--addr", freeAddr(t), "--passwords", "asvs")
	return strings.Replace(base, "127.0.0.1", "localhost", 1), invite // passkeys are made for a name
}

// activate takes an invitation up and returns the seed of the authenticator and the recovery codes.
func (p *page) activate(invite string) (seed string, recovery []string) {
	p.t.Helper()
	p.visit("/activate")
	p.fill("#invite", invite)
	p.follow("form.door button")
	seed = p.text("code.code")
	p.fill("#login", "zhaoning")
	p.fill("#id-number", "220105199003070020")
	p.fill("#password", strongWords)
	p.fill("#again", strongWords)
	p.fill("#code", codeOf(p.t, seed, time.Now()))
	p.follow("button[value=activate]")
	return seed, strings.Fields(p.text("ul.codes"))
}

// session is the secret in the browser's cookie.
func (p *page) session() string {
	p.t.Helper()
	all, err := p.Cookies()
	p.must(err)
	return all["bihuan"]
}

// codeOf is the code that an authenticator shows at an instant (RFC 6238, SHA-1, six digits, thirty seconds).
func codeOf(t *testing.T, seed string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.ReplaceAll(seed, " ", "")))
	if err != nil {
		t.Fatalf("seed %q: %v", seed, err)
	}
	mac := hmac.New(sha1.New, key)
	step := bytes.BigEndian.AppendUint64(nil, uint64(at.Unix()/30))
	mac.Write(step)
	sum := mac.Sum(nil)
	n := bytes.BigEndian.Uint32(sum[sum[19]&15:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1_000_000)
}

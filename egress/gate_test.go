package egress

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/ground/fault"
	"bihuan/internal/bar"
	"bihuan/internal/needs"
)

// canaryEnv tells the test that it runs in a network of its own.
const canaryEnv = "BIHUAN_TEST_CANARIES"

// canaries are addresses at which somebody listens in a network of the test's own: those that an attacker wants to reach.
var canaries = []string{"127.0.0.1", "127.1.2.3", "10.1.2.3", "172.16.9.9", "192.168.1.1", "100.64.0.7", "100.100.100.200", "169.254.169.254", "198.18.0.1", "203.0.113.9",
	"::1", "fc00::7", "fd00:ec2::254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::1", "2001:db8::5", "fec0::1"}

// The places of the test: one on the public Internet, one that may lie in one private network only. Both are addresses of
// the test's own network, like the canaries.
const (
	approvedIP = "93.184.215.14"
	insideIP   = "10.20.30.40"
	otherIP    = "93.184.215.99" // public, and nobody's
)

// TestBar_I08_NothingIsDialledThatWasNotApproved runs itself again in a network namespace in which canaries listen on the addresses
// that forged requests go for, and calls every address that we know of to get there.
func TestBar_I08_NothingIsDialledThatWasNotApproved(t *testing.T) {
	if os.Getenv(canaryEnv) != "" {
		amongCanaries(t)
		return
	}
	self, err := os.Executable()
	must(t, err)
	script := "ip link set lo up"
	for _, a := range append([]string{approvedIP, insideIP, otherIP}, canaries...) {
		if a == "127.0.0.1" || a == "::1" || a == "127.1.2.3" {
			continue
		}
		mask := "/32"
		if strings.Contains(a, ":") {
			mask = "/128 nodad"
		}
		script += " && ip addr add " + strings.Replace(a+mask, " nodad", " dev lo nodad", 1)
		if !strings.Contains(a, ":") {
			script += " dev lo"
		}
	}
	cmd := exec.Command("unshare", "-Urn", "sh", "-c", script+` && exec "$0" -test.run '^TestBar_I08_NothingIsDialledThatWasNotApproved$' -test.v`, self)
	cmd.Env = append(os.Environ(), canaryEnv+"=1")
	out, err := cmd.CombinedOutput()
	if !strings.Contains(string(out), "RUN") {
		needs.Missing(t, "this machine gives no network namespace (%v: %s)", err, out)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var r outcome
	_, line, _ := strings.Cut(string(out), "OUTCOME ")
	line, _, _ = strings.Cut(line, "\n")
	must(t, json.Unmarshal([]byte(line), &r))
	if r.Hits != 0 || r.Addresses < 500 || r.Approved == 0 || r.Rebinds < 50 {
		t.Errorf("%+v", r)
	}
	bar.Report(t, "I-08", "%d addresses and %d rebindings against %d canaries: %d connections to what was not approved, %d calls of approved places answered, %d redirects offered, 0 followed", r.Addresses, r.Rebinds, r.Canaries, r.Hits, r.Approved, r.Redirects)
}

type outcome struct{ Addresses, Rebinds, Canaries, Hits, Approved, Redirects int }

// scene is the network of the test.
type scene struct {
	t      *testing.T
	hits   atomic.Int64
	served atomic.Int64
	port   uint16
	names  *names
	client *Client
	ca     []byte
	where  sync.Map
}

func amongCanaries(t *testing.T) {
	s := &scene{t: t, names: &names{answers: map[string][][]netip.Addr{}}}
	cert, ca := certificate(t, "hooks.example.cn", "inside.example.cn", approvedIP)
	s.ca = ca
	s.listen(cert)
	r := outcome{Canaries: len(canaries) + 1}
	approved := places{
		{Host: "hooks.example.cn", Port: s.port, CA: ca},
		{Host: approvedIP, Port: s.port, CA: ca},
		{Host: "inside.example.cn", Port: s.port, CA: ca, Networks: []netip.Prefix{netip.MustParsePrefix("10.20.30.0/24")}},
		{Host: "open.example.cn", Port: s.port, CA: ca, Networks: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}}, // somebody approved far too much
	}
	s.names.answers["hooks.example.cn"] = [][]netip.Addr{{netip.MustParseAddr(approvedIP)}}
	s.names.answers["inside.example.cn"] = [][]netip.Addr{{netip.MustParseAddr(insideIP)}}
	s.client = NewClient(NewGate(approved, s.names, time.Now))
	for _, u := range s.right() {
		a, err := s.client.Post(context.Background(), u, nil, []byte("{}"))
		if err != nil || a.Status != 200 {
			t.Errorf("%s: %v, %v", u, a.Status, err)
		}
		r.Approved++
	}
	for _, u := range s.addresses() {
		r.Addresses++
		if _, err := s.client.Post(context.Background(), u, nil, []byte("{}")); err == nil {
			t.Errorf("%s was answered", u)
		} else if !errors.Is(err, fault.ErrDenied) && !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s was tried: %v", u, err)
		}
	}
	r.Rebinds = s.rebind()
	r.Redirects = s.redirects()
	r.Hits = int(s.hits.Load())
	s.where.Range(func(k, v any) bool { t.Logf("canary %v was reached", k); return true })
	b, _ := json.Marshal(r)
	fmt.Printf("OUTCOME %s\n", b)
}

// listen opens the approved places and every canary, on the same port and on the ports of the protocols that are attacked.
func (s *scene) listen(cert tls.Certificate) {
	l, err := net.Listen("tcp", net.JoinHostPort(approvedIP, "0"))
	must(s.t, err)
	s.port = portOf(s.t, l)
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.served.Add(1)
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		}
	})
	inside, err := net.Listen("tcp", net.JoinHostPort(insideIP, fmt.Sprint(s.port)))
	must(s.t, err)
	for _, l := range []net.Listener{l, inside} {
		srv := &http.Server{Handler: serve}
		go srv.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}}))
		s.t.Cleanup(func() { srv.Close() })
	}
	for _, a := range append([]string{otherIP}, canaries...) {
		for _, port := range []uint16{s.port, 443, 80, 6379} {
			c, err := net.Listen("tcp", net.JoinHostPort(a, fmt.Sprint(port)))
			must(s.t, err)
			s.t.Cleanup(func() { c.Close() })
			go func() {
				for {
					conn, err := c.Accept()
					if err != nil {
						return
					}
					s.hits.Add(1)
					s.where.Store(c.Addr().String(), true)
					conn.Close()
				}
			}()
		}
	}
	// The canaries can be reached by whoever dials them: without that the count of 0 would say nothing.
	for _, a := range append([]string{otherIP}, canaries...) {
		conn, err := net.Dial("tcp", net.JoinHostPort(a, "443"))
		for until := time.Now().Add(5 * time.Second); err != nil && time.Now().Before(until); { // an address that was added just now may not be there yet
			time.Sleep(time.Millisecond)
			conn, err = net.Dial("tcp", net.JoinHostPort(a, "443"))
		}
		must(s.t, err)
		conn.Close()
	}
	for deadline := time.Now().Add(5 * time.Second); s.hits.Load() < int64(len(canaries)+1) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if n := s.hits.Swap(0); n != int64(len(canaries)+1) {
		s.t.Fatalf("%d of %d canaries heard us", n, len(canaries)+1)
	}
	s.where.Clear()
}

// right are the calls that must go through.
func (s *scene) right() (all []string) {
	for _, h := range []string{"hooks.example.cn", approvedIP, "inside.example.cn"} {
		for _, path := range []string{"", "/", "/in?x=1", "/in/%2e%2e/x"} {
			all = append(all, fmt.Sprintf("https://%s:%d%s", h, s.port, path))
		}
	}
	return all
}

// writings are ways to write the address of a canary so that a filter of texts does not know it.
func writings(a string) (all []string) {
	ip := netip.MustParseAddr(a)
	if ip.Is6() {
		full := ip.StringExpanded()
		return []string{"[" + a + "]", "[" + full + "]", "[" + strings.ToUpper(a) + "]", "[" + a + "%25lo]", "[" + a + "%lo]"}
	}
	b := ip.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	return []string{a, fmt.Sprint(n), fmt.Sprintf("0x%x", n), fmt.Sprintf("0%o", n), fmt.Sprintf("0x%x.0x%x.0x%x.0x%x", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]), fmt.Sprintf("%d.%d", b[0], n&0xffffff), fmt.Sprintf("%d.%d.%d", b[0], b[1], n&0xffff), fmt.Sprintf("00%d.%d.%d.%d", b[0], b[1], b[2], b[3]),
		"[::ffff:" + a + "]", fmt.Sprintf("[::ffff:%x:%x]", n>>16, n&0xffff), "[::" + a + "]", fmt.Sprintf("[64:ff9b::%x:%x]", n>>16, n&0xffff), fmt.Sprintf("[2002:%x:%x::]", n>>16, n&0xffff),
		a + ".", a + "%2e", strings.ReplaceAll(a, ".", "。"), "①" + a[1:], a + ".nip.io", fmt.Sprint(uint64(n) + 1<<32)}
}

// addresses are the addresses to call: every writing of every canary in several frames, and tricks with the approved name.
func (s *scene) addresses() (all []string) {
	for _, c := range canaries {
		for _, h := range writings(c) {
			for _, f := range []string{"https://%s/", "https://%s:%d/", "http://%s/", "https://hooks.example.cn@%s/", "https://%s:6379/"} {
				if strings.Contains(f, "%d") {
					all = append(all, fmt.Sprintf(f, h, s.port))
				} else {
					all = append(all, fmt.Sprintf(f, h))
				}
			}
		}
	}
	good := fmt.Sprintf("hooks.example.cn:%d", s.port)
	for _, f := range []string{"https://user:pass@%s/", "https://@%s/", "https://%s@169.254.169.254/", "https://%s#@127.0.0.1/", "https://127.0.0.1#%s", "https://127.0.0.1\\@%s/", "https://%s\\@127.0.0.1/",
		"https:\\\\%s/", "https:%s", "//%s/", "HTTPS://%s/\r\nHost: x", "https://%s/ HTTP/1.1", "ftp://%s/", "gopher://%s/_x", "file:///etc/passwd?%s", "dict://%s/", "http://%s/", "https://HOOKS.example.cn@%s/", "https://%s/\x00",
		"https://%s/#frag", "javascript:%s", "data:text/html,%s", "unix:///var/run/docker.sock?%s", "https://%s,127.0.0.1/", "https://%s%%00.127.0.0.1/", "https://127.0.0.1%%09@%s/", "https://%s;@127.0.0.1/"} {
		all = append(all, fmt.Sprintf(f, good))
	}
	for _, h := range []string{"hooks.example.cn.", "HOOKS.example.cn", "hooks.example.cn.evil.example", "evil-hooks.example.cn", "hooks。example.cn", "hooks.example.cn%00", "ｈooks.example.cn", "hooks.example.cn%2f@127.0.0.1",
		"localhost", "localhost.", "ip6-localhost", "metadata.google.internal", "metadata", "instance-data", "kubernetes.default.svc", otherIP, "0", "0.0.0.0", "[::]", "[::0]", "255.255.255.255", "224.0.0.1", "[ff02::1]", "[fe80::1]", "[fe80::1%25lo]", "", "-", ".", "[", "]", "[]", "[::1", "::1"} {
		all = append(all, fmt.Sprintf("https://%s:%d/", h, s.port), "https://"+h+"/")
	}
	for _, p := range []string{"22", "25", "80", "443", "6379", "0", "65536", "-1", "0443", "+443", "4 43", "https", "1e3"} {
		all = append(all, "https://hooks.example.cn:"+p+"/", "https://"+approvedIP+":"+p+"/")
	}
	return all
}

// rebind has a name server answer with canaries: at once, beside the right address, and rightly at first.
func (s *scene) rebind() (tried int) {
	right := netip.MustParseAddr(approvedIP)
	for _, host := range []string{"hooks.example.cn", "inside.example.cn", "open.example.cn"} {
		for _, c := range append([]string{"::ffff:127.0.0.1", "::ffff:169.254.169.254", "0.0.0.0", "::"}, canaries...) {
			bad := netip.MustParseAddr(c)
			if host == "open.example.cn" && within(bad, special) && !within(bad, never) || host == "open.example.cn" && bad.Is4In6() && !within(bad.Unmap(), never) {
				continue // whoever approves all networks has approved these
			}
			for _, answers := range [][][]netip.Addr{{{bad}}, {{right, bad}}, {{bad, right}}, {{right}, {bad}}} {
				s.client.Forget()
				s.names.mu.Lock()
				s.names.answers[host], s.names.asked = answers, nil
				s.names.mu.Unlock()
				for range len(answers) {
					s.client.Forget()
					s.client.Post(context.Background(), fmt.Sprintf("https://%s:%d/", host, s.port), nil, nil)
				}
				tried++
			}
		}
	}
	s.names.mu.Lock()
	s.names.answers["hooks.example.cn"], s.names.asked = [][]netip.Addr{{right}}, nil
	s.names.mu.Unlock()
	return tried
}

// redirects has the approved place send us on.
func (s *scene) redirects() (offered int) {
	for _, c := range canaries {
		for _, scheme := range []string{"http", "https"} {
			to := scheme + "://" + net.JoinHostPort(c, "443") + "/"
			a, err := s.client.Post(context.Background(), fmt.Sprintf("https://hooks.example.cn:%d/?to=%s", s.port, to), nil, nil)
			if err != nil || a.Status != http.StatusTemporaryRedirect {
				s.t.Errorf("redirect to %s: %v, %v", to, a.Status, err)
			}
			offered++
		}
	}
	return offered
}

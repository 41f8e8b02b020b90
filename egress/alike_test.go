package egress

import (
	"flag"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file anew")

// odd are parts of addresses that one reader of addresses takes for something else than the next.
var odd = struct{ schemes, users, hosts, ports, tails []string }{
	[]string{"https://", "HTTPS://", "https:/", "https:///", "https:\\\\", "https:", "//", "http://", " https://", "https://\t"},
	[]string{"", "user@", "user:pw@", "@", "a.example.cn@", "a.example.cn%40", "a.example.cn\\@", "a.example.cn#@", "a.example.cn?@", "a.example.cn/@"},
	[]string{"b.example.cn", "B.example.cn", "b.example.cn.", "b..example.cn", ".b.example.cn", "b_c.example.cn", "b-.example.cn", "xn--fiqs8s.cn", "例.cn", "b%2eexample.cn", "b%00.cn", "b。cn",
		"127.0.0.1", "127.1", "127.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "017700000001", "127.0.0.1.", "1.2.3.4.5", "256.0.0.1", "b.0x1", "b.1", "b.1a", "0", "1", "a.0xg",
		"[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[fe80::1%25eth0]", "[::1", "::1", "[2001:db8::A]", "[v1.a]", "localhost", "b", ""},
	[]string{"", ":443", ":0443", ":8443", ":0", ":65535", ":65536", ":", ":+1", ":4 43", ":１"},
	[]string{"", "/", "/in", "/a/../b", "/%2e%2e/b", "//c.example.cn/x", "/\\c.example.cn", "\\c.example.cn", "/;x", "?a=b", "?@c.example.cn", "/x?u=https://c.example.cn/", "#", "/x#@c.example.cn", "/x y", "/例", ":x", "@c.example.cn", "/@c.example.cn:1"},
}

// appendixB is the regular expression by which RFC 3986 (2005), appendix B, takes an address apart.
var appendixB = regexp.MustCompile(`^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?`)

// byRFC reads an address by appendix B, then host and port as 3.2 has them.
func byRFC(address string) string {
	m := appendixB.FindStringSubmatch(address)
	authority := m[4][strings.LastIndex(m[4], "@")+1:]
	host, port := authority, "443"
	if i := strings.LastIndex(authority, ":"); i >= 0 && !strings.Contains(authority[i:], "]") {
		host, port = authority[:i], authority[i+1:]
	}
	return strings.ToLower(m[2]) + " " + strings.Trim(strings.ToLower(host), "[]") + " " + port
}

// byBrowser reads an https address as browsers do, whatever is wrong with it: tabs and line ends go, a backslash is a slash, slashes more or less
// are the same, and a host that ends in a number is an IPv4 address in any of its spellings.
//
// Source: WHATWG URL, 4.4, the states from scheme to port of special schemes, and the IPv4 parser, as read about. e2e asks a real browser.
func byBrowser(address string) string {
	s := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.Trim(address, " "))
	scheme, rest, _ := strings.Cut(s, ":")
	rest = strings.TrimLeft(rest, "/")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	rest = rest[strings.LastIndex(rest, "@")+1:]
	host, port := rest, "443"
	if i := strings.LastIndex(rest, ":"); i >= 0 && !strings.Contains(rest[i:], "]") {
		if host = rest[:i]; rest[i+1:] != "" {
			n, _ := strconv.ParseUint(rest[i+1:], 10, 16)
			port = strconv.FormatUint(n, 10)
		}
	}
	host = strings.ToLower(host)
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && strings.HasPrefix(host, "[") {
		host = a.String()
	} else if last := host[strings.LastIndex(host, ".")+1:]; strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		host = ipv4(host)
	}
	return strings.ToLower(scheme) + " " + host + " " + port
}

// ipv4 reads one to four numbers, decimal, octal or hexadecimal, of which the last fills what is left.
func ipv4(host string) string {
	parts := strings.Split(host, ".")
	var n uint64
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 0, 64)
		if err != nil || len(parts) > 4 {
			return "no address"
		}
		if i == len(parts)-1 {
			n = n<<(8*(5-len(parts))) + v
		} else {
			n = n<<8 + v
		}
	}
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}).String()
}

// TestReadersOfAddressesAgree makes every address of odd parts and holds those that may be called against three other readers: RFC 3986, what browsers do, and net/http, which
// dials. Each sees the same host and port. A sample lies in testdata/addresses.txt, which a real browser reads in e2e.
func TestReadersOfAddressesAgree(t *testing.T) {
	var sample []string
	tried, taken := 0, 0
	for _, scheme := range odd.schemes {
		for _, user := range odd.users {
			for _, host := range odd.hosts {
				for _, port := range odd.ports {
					for _, tail := range odd.tails {
						address := scheme + user + host + port + tail
						tried++
						h, p, err := Target(address)
						if err != nil {
							continue
						}
						want := fmt.Sprintf("https %s %d", h, p)
						r, err := http.NewRequest("POST", address, nil)
						if err != nil {
							t.Fatalf("%q may be called and cannot be", address)
						}
						dialled := "https " + r.URL.Hostname() + " " + r.URL.Port()
						if r.URL.Port() == "" {
							dialled += "443"
						}
						for who, got := range map[string]string{"RFC 3986": byRFC(address), "a browser": byBrowser(address), "net/http": dialled} {
							if got != want {
								t.Errorf("%q: we see %q, %s sees %q", address, want, who, got)
							}
						}
						if taken++; user == "" || host == "b.example.cn" && port == "" {
							sample = append(sample, address+"\t"+want)
						}
					}
				}
			}
		}
	}
	if taken < 10_000 || tried < 500_000 {
		t.Errorf("%d of %d addresses were taken: does this test still try something?", taken, tried)
	}
	t.Logf("%d addresses, %d may be called, all read alike", tried, taken)
	golden(t, "testdata/addresses.txt", strings.Join(sample, "\n")+"\n")
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s differs from what is read (%v): look at the difference, then -update", path, err)
	}
}

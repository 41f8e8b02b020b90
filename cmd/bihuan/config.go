package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"bihuan/desk/accounts"
	"bihuan/ground/access"
	"bihuan/pack"
	"bihuan/packs"
)

// config is everything that can be set. Each field is usable when absent: a flag goes before its variable
// BIHUAN_NAME, that before the file named by BIHUAN_CONFIG or --config, that before the default.
type config struct {
	Database    string `yaml:"db"       help:"the database file"`
	Addr        string `yaml:"addr"     help:"where to listen; beyond loopback only over TLS and with the three administrators in place"`
	District    string `yaml:"district" help:"the district's six digits by GB/T 2260"`
	Packs       string `yaml:"packs"    help:"a folder of packs instead of the embedded ones"`
	Holder      string `yaml:"holder"   help:"the name of this process on the scheduler's lease"`
	Proxies     string `yaml:"proxies"  help:"addresses or prefixes of proxies whose X-Forwarded-For is believed"`
	Keys        string `yaml:"keys"     help:"the file of the district's keys for personal values; beside the database if not said"`
	Signing     string `yaml:"signing"   help:"how the log is signed: sm (SM2, SM3) or intl (Ed25519, SHA-256)"`
	Witnesses   string `yaml:"witnesses" help:"who cosigns the log: address, blank, key; several with commas"`
	Passwords   string `yaml:"passwords" help:"which passwords are accepted: dengbao3 or asvs"`
	Breached    string `yaml:"breached" help:"a file of stolen passwords that nobody may choose: sorted SHA-1 in hexadecimal, a line each, see docs/accounts.md"`
	TLSCert     string `yaml:"tls-cert" help:"the file of the server's certificates, PEM, its own first; with it only TLS is served"`
	TLSKey      string `yaml:"tls-key"  help:"the file of the certificate's key, PEM"`
	TLSWord     string `yaml:"tls-ocsp" help:"a file with the authority's word that the certificate is not revoked (OCSP, DER), handed to browsers; read anew when it changes, as the other two are"`
	Scanner     string `yaml:"scanner"  help:"a clamd on this machine that looks at every upload: tcp://127.0.0.1:PORT or unix:PATH"`
	Providers   string `yaml:"providers" help:"a JSON file of OpenID providers, see docs/identity.md"`
	Authorities string `yaml:"authorities" help:"a PEM file of certificates: whose SM2 certificates may sign in"`
	Revoked     string `yaml:"revoked" help:"a PEM file of their lists of revoked certificates, read anew at each sign-in"`
	Public      string `yaml:"public"   help:"the address at which people reach the pages, such as https://bihuan.example.cn: for links in messages"`
	Mail        string `yaml:"mail"     help:"where mail is handed to: smtp://USER@HOST:587 (STARTTLS) or smtps://USER@HOST:465; the password is mail-password among the secrets, or stands in BIHUAN_MAIL_PASSWORD"`
	From        string `yaml:"from"     help:"the address that mail comes from"`
	SMS         string `yaml:"sms"      help:"https address of the district's adapter for SMS, see docs/notices.md; its secret is sms-secret among the secrets, or stands in BIHUAN_SMS_SECRET"`
	Robots      string `yaml:"robots"   help:"a YAML file of robots in groups of an enterprise chat, see docs/notices.md"`
	Codes       string `yaml:"codes"    help:"where codes by which residents sign in are sent: any (mobile number or mailbox), phone or none"`
	Secrets     string `yaml:"secrets"  help:"a folder with a file for each secret that others gave, read anew at each use, see docs/cryptography.md; the credentials of systemd if not said"`
	Logs        string `yaml:"logs"     help:"a folder for the log, a file each day, kept as packs/retention.yaml says; without one it goes to the terminal only"`
	Collector   string `yaml:"collector" help:"tls://HOST:PORT of a collector that takes the security log, as syslog over TLS (RFC 5424, RFC 5425)"`
	CollectorCA string `yaml:"collector-ca" help:"a PEM file of certificates that the collector is believed by; the system's if not said"`
	SecurityLog string `yaml:"security-log" help:"a file to which the security log is appended as JSON lines"`
	Pace        string `yaml:"pace"     help:"how fast accounts and networks may ask: usual, or off for measurements"`
	Log         string `yaml:"log"      help:"what is logged: debug, info, warn or error"`

	tray    bool            // of the demo: messages stay in the house
	passing bool            // of a demo that is forgotten at its end: its database is not synced
	people  accounts.Config `yaml:"-"` // what accounts do differently than usual: in the demo
}

func defaults() config {
	return config{Database: "bihuan.db", Addr: "127.0.0.1:8080", District: "220105", Holder: "one", Signing: "sm", Passwords: "dengbao3", Codes: "any", Proxies: "127.0.0.0/8 ::1", Pace: "usual", Log: "info"}
}

// isSecure reports whether only TLS is served.
func (c config) isSecure() bool { return c.TLSCert != "" }

// readConfig reads flags, environment and file into one configuration. More flags of a command's own are added
// to set before. It writes what is wrong to errs and returns false.
func readConfig(set *flag.FlagSet, args []string, errs io.Writer) (config, bool) {
	c := defaults()
	set.SetOutput(errs)
	set.Usage = usageOf(set)
	file := set.String("config", os.Getenv("BIHUAN_CONFIG"), "a YAML file with these settings")
	given := map[string]*string{}
	each(&c, func(key, help string, v *string) { given[key] = set.String(key, "", help+" (default "+quote(*v)+")") })
	if set.Parse(args) != nil {
		return c, false
	}
	if err := c.readFile(*file); err != nil {
		fmt.Fprintln(errs, "bihuan:", err)
		return c, false
	}
	each(&c, func(key, _ string, v *string) {
		if env, ok := os.LookupEnv("BIHUAN_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))); ok {
			*v = env
		}
		set.Visit(func(f *flag.Flag) {
			if f.Name == key {
				*v = *given[key]
			}
		})
	})
	return c, true
}

// readAlone is [readConfig] for a command that takes no arguments: it says which one is too many.
func readAlone(set *flag.FlagSet, args []string, errs io.Writer) (config, bool) {
	c, ok := readConfig(set, args, errs)
	if ok && set.NArg() != 0 {
		fmt.Fprintf(errs, "%s: unexpected argument %q; every value stands behind its flag\n", set.Name(), set.Arg(0))
		return c, false
	}
	return c, ok
}

// usageOf tells of a command what it does, then the flags that it has now, as its own, and last the settings that others share.
func usageOf(set *flag.FlagSet) func() {
	own := flag.NewFlagSet("", flag.ContinueOnError)
	set.VisitAll(func(f *flag.Flag) { own.Var(f.Value, f.Name, f.Usage) })
	return func() {
		w := set.Output()
		fmt.Fprintf(w, "usage: %s [flags]\n\n", set.Name())
		for _, c := range commands() {
			if "bihuan "+c.name == set.Name() {
				fmt.Fprintf(w, "  %s\n\n", c.help)
			}
		}
		own.SetOutput(w)
		own.PrintDefaults()
		fmt.Fprintln(w, "\nsettings, which may also stand in the file of -config or in the environment, such as BIHUAN_DB; bihuan config prints them:")
		rest := flag.NewFlagSet("", flag.ContinueOnError)
		rest.SetOutput(w)
		set.VisitAll(func(f *flag.Flag) {
			if own.Lookup(f.Name) == nil {
				rest.Var(f.Value, f.Name, f.Usage)
			}
		})
		rest.PrintDefaults()
	}
}

func quote(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// each calls f for every setting in order.
func each(c *config, f func(key, help string, v *string)) {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		if key := tag.Get("yaml"); key != "" && key != "-" {
			f(key, tag.Get("help"), v.Field(i).Addr().Interface().(*string))
		}
	}
}

// readFile reads settings from a YAML file; an unknown key is a fault.
func (c *config) readFile(path string) error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	defer f.Close()
	err = yaml.NewDecoder(io.LimitReader(f, 1<<20), yaml.Strict()).Decode(c)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("configuration %s: %s", path, yaml.FormatError(err, false, true))
	}
	return nil
}

// packFiles are the packs that the configuration names.
func (c config) packFiles() fs.FS {
	if c.Packs != "" {
		return os.DirFS(c.Packs)
	}
	return packs.FS
}

// packs are the packs that the configuration names, compiled.
func (c config) packs() (*pack.Set, error) {
	if c.Packs != "" {
		return pack.Load(c.packFiles())
	}
	return brought()
}

// brought are the packs that the binary brings, compiled once.
var brought = sync.OnceValues(func() (*pack.Set, error) { return pack.LoadToRun(packs.FS) })

// policy is who may do what, beside the packs that the configuration names.
func (c config) policy() (*access.Policy, error) {
	if c.Packs != "" {
		p, err := pack.ReadPolicy(c.packFiles())
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("folder %s has no %s: it takes the place of all packs that the binary carries, policy and rules of retention with them; to add a pack to those, install it (bihuan pack install)", c.Packs, pack.PolicyFile)
		}
		return p, err
	}
	return broughtPolicy()
}

// broughtPolicy is that of the binary, compiled once.
var broughtPolicy = sync.OnceValues(func() (*access.Policy, error) { return pack.ReadPolicy(packs.FS) })

// runConfig prints the configuration as it would be used.
func runConfig(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan config", flag.ContinueOnError)
	c, ok := readAlone(set, args, std.err)
	if !ok {
		return exitUsage
	}
	each(&c, func(key, help string, v *string) { fmt.Fprintf(std.out, "%-9s %-16s # %s\n", key+":", *v, help) })
	return exitFine
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"bihuan/desk/firms"
	"bihuan/desk/identity"
	"bihuan/desk/security"
	"bihuan/ground/name"
	sm2cert "bihuan/identity/certificate"
	"bihuan/identity/passkey"
	"bihuan/identity/provider"
)

// origin is the address at which people reach the pages, without a slash at the end: what was set, or this very machine.
func (c config) origin() string {
	if c.Public != "" {
		return strings.TrimRight(c.Public, "/")
	}
	_, port, _ := net.SplitHostPort(c.Addr)
	scheme := "http"
	if c.isSecure() {
		scheme = "https"
	}
	return scheme + "://localhost:" + port
}

// enter wires the other ways in, and who acts for firms.
func (h *house) enter() (err error) {
	c := identity.Config{Accounts: h.people, Store: h.store, House: h.config.origin()}
	switch h.config.Codes {
	case "any", "phone":
		if h.config.Mail != "" && h.config.Codes != "phone" || h.config.SMS != "" || h.config.tray { // a code that goes nowhere is not offered
			c.Sender = h.out.sender
			c.ByPhone = h.config.Codes == "phone" || h.config.Mail == "" && !h.config.tray
			c.ByMail = h.config.SMS == "" && !h.config.tray
		}
	case "none":
	default:
		return fmt.Errorf("codes %q is none of any, phone and none", h.config.Codes)
	}
	if c.Providers, err = h.config.providers(h.world.Now, h.out.client.HTTP()); err != nil {
		return err
	}
	if h.config.Authorities != "" {
		c.Trust = h.trust
		if _, err := c.Trust(); err != nil {
			return err
		}
	}
	u, err := url.Parse(h.config.origin())
	if err != nil {
		return fmt.Errorf("the public address %q: %w", h.config.Public, err)
	}
	if c.Passkeys, err = passkey.New(u.Hostname(), "闭环 Bihuan", h.config.origin()); err != nil {
		return err
	}
	h.enters = identity.New(c)
	if h.enters.HasCodes() && !h.config.tray && !h.enters.HasStronger() {
		h.log.Warn("residents sign in by codes that were sent, and nothing stronger is set up: name a provider or authorities, or choose passwords asvs for passkeys")
	}
	h.firms = firms.New(h.desk, h.store, func(ctx context.Context, p name.Person) error {
		_, err := h.people.ByPerson(ctx, p)
		return err
	})
	h.desk.Mandated(h.firms)
	h.people.Leaving = h.firms.Leave
	return nil
}

// providers reads the list of providers that the configuration names. They are reached by client: at approved places only.
func (c config) providers(now func() int64, client *http.Client) (all []identity.Provider, err error) {
	entries, err := c.providerFile()
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		secret := c.providerSecret(&e)
		if secret != nil {
			if _, err := secret(); err != nil {
				return nil, fmt.Errorf("secret of provider %s: %w", e.Key, err)
			}
		}
		p, err := provider.New(provider.Config{Key: e.Key, Issuer: e.Issuer, Client: e.Client, Secret: secret, Scopes: e.Scopes, Strong: e.Strong,
			Redirect: c.origin() + "/signin/with/" + e.Key + "/back", HTTP: client, Now: func() time.Time { return time.UnixMicro(now()) }})
		if err != nil {
			return nil, err
		}
		all = append(all, identity.Provider{Provider: p, Words: name.Text{ZH: e.Words["zh"], EN: e.Words["en"]}, Residents: e.For == "residents"})
	}
	return all, nil
}

// providerFile reads the file of providers, none without one.
func (c config) providerFile() ([]provider.Entry, error) {
	if c.Providers == "" {
		return nil, nil
	}
	b, err := os.ReadFile(c.Providers)
	if err != nil {
		return nil, fmt.Errorf("list of providers: %w", err)
	}
	f, err := provider.ReadFile(b)
	return f.Providers, err
}

// providerSecret reads the secret of a provider each time it is needed; it is nil for one without.
func (c config) providerSecret(e *provider.Entry) func() (string, error) {
	switch {
	case e.Path != "":
		return func() (string, error) { return readSecret(c.secretPath(e.Path)) }
	case e.Secret != "":
		return func() (string, error) { return e.Secret, nil }
	}
	return nil
}

// trust reads which certificates are believed, and which are revoked. Whose certificates are believed decides who gets in: others may not change these files, and when they are changed the logs
// are told.
//
// Source: OWASP ASVS 5.0.0, 6.7.1, as read.
func (h *house) trust() (*sm2cert.Trust, error) {
	authorities, err := readTrusted(h.config.Authorities)
	if err != nil {
		return nil, fmt.Errorf("certificates of authorities: %w", err)
	}
	var lists []byte
	if h.config.Revoked != "" {
		if lists, err = readTrusted(h.config.Revoked); err != nil {
			return nil, fmt.Errorf("lists of revoked certificates: %w", err)
		}
	}
	t, err := sm2cert.ReadTrust(authorities, lists)
	if err != nil {
		return nil, err
	}
	if was := h.believed.Swap(&authorities); was != nil && !bytes.Equal(*was, authorities) {
		h.log.Warn("other certificates of authorities are believed from now on", "file", h.config.Authorities)
		h.guard.Tell(security.Event{Kind: security.Key, Code: "authorities.changed", Where: "files"})
	}
	return t, nil
}

// readTrusted reads a file that nobody but its owner can change, nor put another one in its place.
func readTrusted(path string) ([]byte, error) {
	for _, at := range []string{path, filepath.Dir(path)} {
		f, err := os.Stat(at)
		if err != nil {
			return nil, err
		}
		if runtime.GOOS != "windows" && f.Mode().Perm()&0o022 != 0 && f.Mode()&fs.ModeSticky == 0 {
			return nil, fmt.Errorf("others on this machine can change %s (%s): chmod go-w it", at, f.Mode())
		}
	}
	return os.ReadFile(path)
}

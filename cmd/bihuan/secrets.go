package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"

	"bihuan/egress"
)

// maxSecret is how many bytes the file of one secret has at most.
const maxSecret = 4 << 10

// secretsFolder is where the secrets lie that others gave to the house, a file each: the folder that was set, or the one that systemd hands to a service
// (systemd.exec(5), CREDENTIALS_DIRECTORY). Empty: there is none.
func (c config) secretsFolder() string {
	if c.Secrets != "" {
		return c.Secrets
	}
	return os.Getenv("CREDENTIALS_DIRECTORY")
}

// secretPath is where a file of a secret lies: one that is not named from the root is looked for in the folder of secrets.
func (c config) secretPath(file string) string {
	if dir := c.secretsFolder(); dir != "" && !filepath.IsAbs(file) {
		return filepath.Join(dir, file)
	}
	return file
}

// secret returns what reads a secret each time it is needed: from its file in the folder of secrets, otherwise from the environment.
//
// Source: OWASP ASVS 5.0.0, 13.3.1 and 13.3.4, as read.
func (c config) secret(file, variable string) egress.Secret {
	return func() (string, error) {
		if c.secretsFolder() != "" {
			s, err := readSecret(c.secretPath(file))
			if !errors.Is(err, fs.ErrNotExist) {
				return s, err
			}
		}
		if s := os.Getenv(variable); s != "" {
			return s, nil
		}
		return "", fmt.Errorf("it stands neither in the file %s of the folder named by --secrets nor in %s", file, variable)
	}
}

// isOfEnvironment reports whether a secret is read from the environment: it cannot be changed there while the process runs.
func (c config) isOfEnvironment(file string) bool {
	return c.secretsFolder() == "" || !isThere(c.secretPath(file))
}

// readSecret reads a file with one secret in one line. It never quotes it. It wraps [fs.ErrNotExist].
func readSecret(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if err := isOwn(f); err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return "", err
	}
	s := strings.TrimRight(string(b), "\r\n")
	switch {
	case len(b) > maxSecret:
		return "", fmt.Errorf("%s has more than %d bytes, which no secret has", path, maxSecret)
	case strings.TrimSpace(s) == "":
		return "", fmt.Errorf("%s is empty: a secret in one line is expected", path)
	case strings.ContainsFunc(s, unicode.IsControl):
		return "", fmt.Errorf("%s holds more than one line: a secret in one line is expected", path)
	}
	return s, nil
}

// isOwn refuses a file that everybody on this machine can read, or that more than its owner can change. A group may read it: Kubernetes has it so.
func isOwn(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o027 != 0 {
		return fmt.Errorf("others on this machine can read or change %s (%s): chmod it to 600, or mount it with mode 0440", f.Name(), info.Mode().Perm())
	}
	return nil
}

package egress

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bihuan/ground/fault"
)

// Secret tells a password or a signing secret as it is now. It is asked at each use, so that what the operator's keeper of secrets puts in the place of
// the old one holds from the next message on.
type Secret func() (string, error)

// SecretPrefix begins a signing secret as people see it; base64 follows. Standard Webhooks 1.0, "Signature scheme".
const SecretPrefix = "whsec_"

// Content is what a signature is of: id, timestamp in Unix seconds and body, with full stops between. Standard Webhooks 1.0.
func Content(id string, at time.Time, body []byte) []byte {
	b := append([]byte(id+"."), strconv.FormatInt(at.Unix(), 10)...)
	return append(append(b, '.'), body...)
}

// Signed returns the headers of a signed call: content-type, webhook-id, webhook-timestamp and webhook-signature with one v1
// signature for each secret, so that a receiver can change from one to the next. Standard Webhooks 1.0.
func Signed(id string, at time.Time, body []byte, secrets ...[]byte) http.Header {
	signature := ""
	for _, secret := range secrets {
		h := hmac.New(sha256.New, secret)
		h.Write(Content(id, at, body))
		if signature != "" {
			signature += " "
		}
		signature += "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
	}
	return http.Header{
		"Content-Type":      {"application/json; charset=utf-8"},
		"Webhook-Id":        {id},
		"Webhook-Timestamp": {strconv.FormatInt(at.Unix(), 10)},
		"Webhook-Signature": {signature},
	}
}

// SecretText writes a secret as people see it.
func SecretText(secret []byte) string {
	return SecretPrefix + base64.StdEncoding.EncodeToString(secret)
}

// ParseSecret reads what SecretText writes. It wraps [fault.ErrInvalid].
func ParseSecret(s string) ([]byte, error) {
	rest, ok := strings.CutPrefix(s, SecretPrefix)
	b, err := base64.StdEncoding.DecodeString(rest)
	if !ok || err != nil || len(b) == 0 {
		return nil, fmt.Errorf("a signing secret is whsec_ and base64: %w", fault.ErrInvalid)
	}
	return b, nil
}

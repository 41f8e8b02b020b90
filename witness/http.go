package witness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/merkle"
	"bihuan/ground/note"
)

// Handler serves the witness: POST /add-checkpoint as C2SP tlog-witness has it, GET /checkpoint?origin=… with the last checkpoint
// that was cosigned, and GET /key.
func (w *Witness) Handler(log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", func(rw http.ResponseWriter, r *http.Request) { w.serveAdd(rw, r, log) })
	mux.HandleFunc("GET /checkpoint", w.serveLast)
	mux.HandleFunc("GET /key", func(rw http.ResponseWriter, _ *http.Request) { plain(rw, http.StatusOK, w.Key().String()+"\n") })
	return mux
}

func plain(rw http.ResponseWriter, status int, text string) {
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	rw.WriteHeader(status)
	io.WriteString(rw, text)
}

func (w *Witness) serveAdd(rw http.ResponseWriter, r *http.Request, log *slog.Logger) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, MaxRequest))
	if err != nil {
		plain(rw, http.StatusRequestEntityTooLarge, "too large\n")
		return
	}
	q, err := ParseRequest(string(body))
	var sig note.Signature
	if err == nil {
		sig, err = w.Add(&q)
	}
	var behind *Behind
	switch {
	case err == nil:
		plain(rw, http.StatusOK, sig.String())
		log.Info("cosigned", "old", q.Old)
		return
	case errors.As(err, &behind):
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(http.StatusConflict)
		fmt.Fprintf(rw, "%d\n", behind.Size)
	case errors.Is(err, ErrUnknown):
		plain(rw, http.StatusNotFound, "log not known here\n")
	case errors.Is(err, fault.ErrDenied):
		plain(rw, http.StatusForbidden, "not signed by the log\n")
	case errors.Is(err, ErrProof):
		plain(rw, http.StatusUnprocessableEntity, "not shown to begin with what was seen\n")
	case errors.Is(err, fault.ErrInvalid):
		plain(rw, http.StatusBadRequest, "not a request\n")
	case errors.Is(err, ErrLost):
		plain(rw, http.StatusServiceUnavailable, "the witness has lost what it had seen\n")
	default:
		plain(rw, http.StatusInternalServerError, "the witness cannot remember\n")
	}
	log.Warn("refused to cosign", "old", q.Old, "error", err)
}

func (w *Witness) serveLast(rw http.ResponseWriter, r *http.Request) {
	origin := r.FormValue("origin")
	if _, known := w.logs[origin]; !known {
		plain(rw, http.StatusNotFound, "log not known here\n")
		return
	}
	w.mu.Lock()
	text, err := w.state.Last(origin)
	w.mu.Unlock()
	if err != nil || text == "" {
		plain(rw, http.StatusNotFound, "nothing cosigned\n")
		return
	}
	plain(rw, http.StatusOK, text)
}

// Client asks a witness. Its address comes from the operator's configuration, never from what somebody entered.
type Client struct {
	address string
	key     note.Verifier
	http    *http.Client
}

// Limits of calls of one witness.
const (
	callTimeout = 10 * time.Second
	maxCalls    = 1 // at once; who comes beyond that waits
)

// isHere reports whether a host is this machine, on which nothing travels.
func isHere(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// NewClient reads a witness as it is configured: its address, a blank, its key. It wraps [fault.ErrInvalid].
func NewClient(configured string) (*Client, error) {
	address, vkey, _ := strings.Cut(strings.TrimSpace(configured), " ")
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !isHere(u.Hostname())) {
		return nil, fmt.Errorf("witness %q has no https address: %w", configured, fault.ErrInvalid)
	}
	key, err := note.ParseVerifier(vkey)
	if err != nil {
		return nil, err
	}
	if !key.Kind.Cosigns() {
		return nil, fmt.Errorf("%s is not a witness's key: %w", key.Name, fault.ErrInvalid)
	}
	return &Client{strings.TrimSuffix(address, "/"), key, &http.Client{Transport: &http.Transport{MaxConnsPerHost: maxCalls, MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: callTimeout}, Timeout: callTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// Witness returns the key of the witness.
func (c *Client) Witness() note.Verifier { return c.key }

// Cosign sends a checkpoint. It wraps [fault.ErrConflict], with the size that the witness has seen, if old is another one.
func (c *Client) Cosign(ctx context.Context, old int64, proof []merkle.Hash, checkpoint string) (s note.Signature, have int64, err error) {
	q := Request{old, proof, checkpoint}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address+"/add-checkpoint", strings.NewReader(q.String()))
	if err != nil {
		return s, 0, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return s, 0, fmt.Errorf("witness %s does not answer: %w", c.key.Name, errors.Join(fault.ErrUnavailable, err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, note.MaxNote))
	if err != nil {
		return s, 0, err
	}
	switch resp.StatusCode {
	case http.StatusOK:
		all, err := note.ParseSignatures(string(body))
		if err != nil {
			return s, 0, err
		}
		for _, s := range all {
			if s.Name == c.key.Name && s.ID == c.key.ID() {
				return s, 0, nil
			}
		}
		return s, 0, fmt.Errorf("witness %s answers without its cosignature: %w", c.key.Name, fault.ErrInvalid)
	case http.StatusConflict:
		have, err := strconv.ParseInt(strings.TrimSuffix(string(body), "\n"), 10, 64)
		if err != nil || have < 0 {
			return s, 0, fmt.Errorf("witness %s answers a conflict without a size: %w", c.key.Name, fault.ErrInvalid)
		}
		return s, have, &Behind{have}
	}
	return s, 0, fmt.Errorf("witness %s refuses (%d): %s: %w", c.key.Name, resp.StatusCode, strings.TrimSpace(string(body[:min(len(body), 200)])), fault.ErrDenied)
}

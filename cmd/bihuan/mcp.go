package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"bihuan/mcp"
)

// tokenVariable holds the secret of the session in whose name the assistant works: an argument would show in lists of processes.
const tokenVariable = "BIHUAN_TOKEN"

// runMCP carries an assistant's messages between standard input and output and a server that runs.
func runMCP(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan mcp", flag.ContinueOnError)
	set.SetOutput(std.err)
	url := set.String("url", "http://127.0.0.1:8080", "where the server is")
	other := set.String("for", "", "whom you act for, by key")
	if set.Parse(args) != nil {
		return exitUsage
	}
	token := os.Getenv(tokenVariable)
	if set.NArg() != 0 || token == "" {
		fmt.Fprintf(std.err, "bihuan mcp: the secret of your session has to stand in %s, and nothing follows the flags\n", tokenVariable)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	near := &sdk.IOTransport{Reader: io.NopCloser(std.in), Writer: nopWriteCloser{std.out}}
	far := &sdk.StreamableClientTransport{Endpoint: strings.TrimSuffix(*url, "/") + mcp.Path, HTTPClient: &http.Client{Transport: bearer{token, *other},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if err := bridge(ctx, near, far); err != nil {
		fmt.Fprintln(std.err, "bihuan mcp:", err)
		return exitBad
	}
	return exitFine
}

// bridge carries messages both ways until the near side ends.
func bridge(ctx context.Context, near, far sdk.Transport) error {
	a, err := near.Connect(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := far.Connect(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	back := make(chan error, 1)
	go func() {
		back <- carry(ctx, b, a)
		end(errors.New("the server has ended the session"))
	}()
	err = carry(ctx, a, b)
	if errors.Is(err, io.EOF) { // no more questions; what is under way is answered
		select {
		case <-back:
		case <-time.After(2 * time.Second):
		}
		return nil
	}
	select {
	case far := <-back:
		return errors.Join(err, far)
	default:
		return err
	}
}

func carry(ctx context.Context, from, to sdk.Connection) error {
	for {
		m, err := from.Read(ctx)
		if err != nil {
			return err
		}
		if err := to.Write(ctx, m); err != nil {
			return err
		}
	}
}

// bearer shows the session's secret with each request, and whom its person acts for, and follows nobody elsewhere with it.
type bearer struct{ token, other string }

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	if b.other != "" {
		r.Header.Set(mcp.ForHeader, b.other)
	}
	return http.DefaultTransport.RoundTrip(r)
}

type nopWriteCloser struct{ io.Writer }

func (nopWriteCloser) Close() error { return nil }

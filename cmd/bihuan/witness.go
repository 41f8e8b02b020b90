package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bihuan/ground/note"
	"bihuan/witness"
)

const witnessHelp = `usage: bihuan witness COMMAND [flags]

  init --name NAME           make a witness's key in the folder and print the public one
  serve --log KEY            cosign the checkpoints of a log as long as each begins with the one before
  resume --log KEY FILE      go on from a checkpoint that carries this witness's cosignature, after its state was lost

A witness is run by somebody whom the log's house cannot give orders to: an audit office, the city, a court. It
sees hashes only. The folder holds the key, what was cosigned last, and marks by which a lost or an old copy of that shows.

  --dir DIR        the folder (witness)
  --name NAME      of init: a name without blanks, such as audit.example/bihuan
  --signing KIND   of init: sm (SM2, SM3) or intl (Ed25519) (sm)
  --log KEY        a log's public key, as /log/key shows it; may be repeated. When a log has changed its
                   key the new one comes after the old one, by which only what was cosigned is read
  --addr ADDRESS   of serve: where to listen (127.0.0.1:8090); put it behind TLS when others can reach it
`

// witnessCall is a call of bihuan witness.
type witnessCall struct {
	dir, name, signing, addr string
	logs                     files
	rest                     []string
}

func (c *witnessCall) keyFile() string { return c.dir + "/key" }

// runWitness finds the command behind witness.
func runWitness(args []string, std streams) int {
	var c witnessCall
	set := flag.NewFlagSet("witness", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&c.dir, "dir", "witness", "")
	set.StringVar(&c.name, "name", "", "")
	set.StringVar(&c.signing, "signing", "sm", "")
	set.StringVar(&c.addr, "addr", "127.0.0.1:8090", "")
	set.Var(&c.logs, "log", "")
	if len(args) == 0 {
		fmt.Fprint(std.err, witnessHelp)
		return exitUsage
	}
	var err error
	if c.rest, err = interspersed(set, args[1:]); errors.Is(err, flag.ErrHelp) || args[0] == "-h" || args[0] == "help" {
		fmt.Fprint(std.out, witnessHelp)
		return exitFine
	}
	do, known := map[string]func(*witnessCall, streams) error{"init": (*witnessCall).begin, "serve": (*witnessCall).serve, "resume": (*witnessCall).resume}[args[0]]
	if err == nil && !known {
		err = fmt.Errorf("there is no command %q", args[0])
	}
	if err != nil {
		fmt.Fprintf(std.err, "bihuan witness: %v\nbihuan witness -h tells how it is used.\n", flagFault(err))
		return exitUsage
	}
	if err := do(&c, std); err != nil {
		fmt.Fprintln(std.err, "bihuan witness:", err)
		return exitBad
	}
	return exitFine
}

// begin makes the key.
func (c *witnessCall) begin(std streams) error {
	kind, known := map[string]note.Kind{"sm": note.SM2Cosign, "intl": note.Ed25519Cosign}[c.signing]
	if !known || c.name == "" {
		return errors.New("init needs --name, and --signing sm or intl")
	}
	s, err := note.NewSigner(c.name, kind, rand.Reader)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	if err := newSecretFile(c.keyFile(), s.Secret()+"\n"); err != nil {
		return err
	}
	fmt.Fprintln(std.out, s.Verifier())
	return nil
}

// open opens the witness of the folder for the logs that were named.
func (c *witnessCall) open() (*witness.Witness, error) {
	text, err := os.ReadFile(c.keyFile())
	if err != nil {
		return nil, fmt.Errorf("%w; bihuan witness init makes one", err)
	}
	key, err := note.ParseSigner(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.keyFile(), err)
	}
	if len(c.logs) == 0 {
		return nil, errors.New("--log is missing: whose checkpoints?")
	}
	var logs []note.Verifier
	for _, l := range c.logs {
		v, err := note.ParseVerifier(l)
		if err != nil {
			return nil, err
		}
		logs = append(logs, v)
	}
	state, err := witness.OpenFiles(c.dir+"/state", c.dir+"/marks")
	if err != nil {
		return nil, err
	}
	return witness.New(key, logs, state, func() int64 { return time.Now().Unix() }, rand.Reader)
}

// serve cosigns until it is told to stop.
func (c *witnessCall) serve(std streams) error {
	w, err := c.open()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l, err := net.Listen("tcp", c.addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "witness %s is ready at http://%s\n", w.Key().Name, l.Addr())
	log := logger(std.err, "info")
	return serveUntil(ctx, l, w.Handler(log), nil, log)
}

// resume shows the witness what it had seen.
func (c *witnessCall) resume(std streams) error {
	if len(c.rest) != 1 {
		return fmt.Errorf("resume takes one file, not %d", len(c.rest))
	}
	w, err := c.open()
	if err != nil {
		return err
	}
	text, err := readNote(c.rest[0])
	if err != nil {
		return err
	}
	if err := w.Resume(text); err != nil {
		return err
	}
	fmt.Fprintln(std.out, "the witness goes on from this checkpoint")
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"

	"bihuan/ground/fault"
	"bihuan/store"
)

// runCheckpoint signs the log as it is now and prints the checkpoint, to be kept elsewhere; or prints the public key.
func runCheckpoint(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan checkpoint", flag.ContinueOnError)
	key := set.Bool("key", false, "print the public key by which checkpoints are verified instead")
	c, ok := readAlone(set, args, std.err)
	if !ok {
		return exitUsage
	}
	out, err := signFile(context.Background(), c)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan checkpoint:", err)
		return exitBad
	}
	if *key {
		fmt.Fprintln(std.out, out.Key)
		return exitFine
	}
	fmt.Fprint(std.out, out.Note)
	return exitFine
}

// signed is a checkpoint as a running server tells it to the command.
type signed struct {
	Key  string `json:"key"`
	Note string `json:"note"`
}

// signFile asks the server that holds the file, or opens it when nobody does.
func signFile(ctx context.Context, c config) (out signed, err error) {
	if err := holdsRecord(c.Database); err != nil {
		return out, err
	}
	st, err := store.Open(c.Database, store.Options{})
	if errors.Is(err, fault.ErrUnavailable) {
		return out, ask(ctx, c.Database, "/checkpoint", &out)
	} else if err != nil {
		return out, err
	}
	defer st.Close()
	h := &house{store: st, config: c, log: logger(io.Discard, "error")}
	if err := h.wire(ctx, systemTime, systemChance); err != nil {
		return out, err
	}
	if err := h.proofs(ctx, systemTime); err != nil {
		return out, err
	}
	return h.signNow(ctx)
}

// signNow signs the log and asks the witnesses.
func (h *house) signNow(ctx context.Context) (signed, error) {
	s, err := h.proof.Checkpoint(ctx, true)
	if err != nil {
		return signed{}, err
	}
	if err := h.proof.Gather(ctx, s); err != nil {
		return signed{}, err
	}
	return signed{h.proof.Key().String(), s.Note.String()}, nil
}

// answerCheckpoint serves the command of the same machine.
func (h *house) answerCheckpoint(w http.ResponseWriter, r *http.Request) {
	out, err := h.signNow(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(out)
}

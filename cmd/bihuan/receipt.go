package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"bihuan/desk/proof"
	"bihuan/ground/calendar"
	"bihuan/ground/note"
)

const receiptHelp = `usage: bihuan receipt check FILE --key KEY [--witness KEY]…

Says, without asking anybody, whether a receipt proves that its record is in the log of a key.

  --key KEY      the log's public key, from somewhere else than the receipt
  --keys FILE    how its keys followed each other, as /log/keys tells: a receipt by one of
                 them is then checked by whoever knows any other
  --witness KEY  a witness's public key: said to have cosigned or not; may be repeated
`

// runReceipt checks a receipt.
func runReceipt(args []string, std streams) int {
	set := flag.NewFlagSet("receipt", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	key := set.String("key", "", "")
	changes := set.String("keys", "", "")
	var witnesses files
	set.Var(&witnesses, "witness", "")
	if len(args) == 0 || args[0] != "check" {
		fmt.Fprint(std.err, receiptHelp)
		return exitUsage
	}
	rest, err := interspersed(set, args[1:])
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(std.out, receiptHelp)
		return exitFine
	}
	if err == nil && len(rest) != 1 {
		err = fmt.Errorf("check takes one file, not %d", len(rest))
	}
	if err == nil && *key == "" {
		err = errors.New("--key is missing")
	}
	if err != nil {
		fmt.Fprintf(std.err, "bihuan receipt: %v\n%s", flagFault(err), receiptHelp)
		return exitUsage
	}
	if err := checkReceipt(rest[0], *key, *changes, witnesses, std.out); err != nil {
		fmt.Fprintf(std.out, "not proven: %v\n", err)
		return exitBad
	}
	return exitFine
}

func checkReceipt(file, key, changes string, witnesses []string, out io.Writer) error {
	log, err := note.ParseVerifier(key)
	if err != nil {
		return err
	}
	keys := note.Only(log)
	if changes != "" {
		text, err := readNote(changes)
		if err != nil {
			return err
		}
		if keys, err = note.Follow(log, note.Split(text)...); err != nil {
			return err
		}
	}
	var known []note.Verifier
	for _, w := range witnesses {
		v, err := note.ParseVerifier(w)
		if err != nil {
			return err
		}
		known = append(known, v)
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	x, err := proof.ParseReceipt(f)
	if err != nil {
		return err
	}
	c, err := proof.Check(&x, keys, known...)
	if err != nil {
		return err
	}
	e := &c.Event
	fmt.Fprintf(out, "proven: record %d of %s, %s %s at %s, in the checkpoint of %d records\n", e.Seq, c.Checkpoint.Origin, e.Type, e.Number, calendar.Instant(e.At), c.Checkpoint.Size)
	for _, w := range known {
		says := "has not cosigned this checkpoint"
		for _, did := range c.Witnesses {
			if did == w {
				says = "has cosigned this checkpoint"
			}
		}
		fmt.Fprintf(out, "witness %s %s\n", w.Name, says)
	}
	fmt.Fprintf(out, "%s\n", e.Body)
	return nil
}

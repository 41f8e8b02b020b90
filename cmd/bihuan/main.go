// Command bihuan is the whole platform in one binary: it reads a district's work
// report, turns each promise into a goal that somebody owns, runs the services that
// fulfil it, and closes the circle. Each sub-command has a file of its own.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// command is one sub-command. run gets the arguments behind its name and returns the
// exit code: 0 fine, 1 the thing examined is bad, 2 wrong use.
type command struct {
	name, help string
	run        func(args []string, std streams) int
}

// streams are the process's three streams, handed down so that tests can hold them.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// The exit codes.
const (
	exitFine  = 0
	exitBad   = 1
	exitUsage = 2
)

// commands are all sub-commands in the order of the help page.
func commands() []command {
	return []command{
		{"demo", "stand up the whole platform over a generated district", runDemo},
		{"init", "invite the three administrators of a new database", runInit},
		{"serve", "serve one database", runServe},
		{"verify", "replay the log of a database and say whether it is what it was: chain, tree, signatures, personal values and rows", runVerify},
		{"checkpoint", "sign the log as it is now, to keep what was signed elsewhere", runCheckpoint},
		{"witness", "cosign the checkpoints of somebody else's log", runWitness},
		{"receipt", "check a receipt without asking anybody", runReceipt},
		{"backup", "copy a database, while it is served too", runBackup},
		{"doctor", "say whether a database and this machine are fit for service", runDoctor},
		{"config", "print the configuration as it would be used", runConfig},
		{"clock", "count a deadline and say why it falls on that day", runClock},
		{"extract", "list every measurable statement and milestone of a report", runExtract},
		{"pack", "check, test, list, show and begin packs", runPack},
		{"register", "take outlines of streets, communities, grids and cells out of GeoJSON", runRegister},
		{"key", "issue, list and revoke the keys of programs and sensors", runKey},
		{"keys", "rotate, save and load the keys under which personal values are sealed", runKeys},
		{"mcp", "be the assistant's end of a running server, over standard input and output", runMCP},
		{"sign-challenge", "sign what the page of signing in with a certificate asks for", runSignChallenge},
		{"webhook", "list the subscriptions to events, send them again, try them", runWebhook},
		{"version", "print the version of this binary", runVersion},
	}
}

func main() {
	os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// run finds the sub-command and calls it.
func run(args []string, std streams) int {
	if len(args) == 0 {
		usage(std.err)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(std.out)
		return exitFine
	case "-version", "--version":
		args = append([]string{"version"}, args[1:]...)
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.answer(args[1:], std)
		}
	}
	fmt.Fprintf(std.err, "bihuan: there is no command %q; bihuan help lists them\n", args[0])
	return exitUsage
}

// helps are the words that ask for help.
var helps = []string{"-h", "-help", "--help"}

// answer runs the command. Where its arguments begin or end with a word that asks for help, what it says of its use is what was asked for: it
// stands on standard output, and nothing is wrong.
func (c command) answer(args []string, std streams) int {
	last := len(args) - 1
	if last < 0 || !slices.Contains(helps, args[0]) && (!slices.Contains(helps, args[last]) || last > 0 && isBareFlag(args[last-1])) {
		return c.run(args, std)
	}
	var said bytes.Buffer
	if code := c.run(args, streams{std.in, std.out, &said}); code != exitUsage {
		std.err.Write(said.Bytes())
		return code
	}
	if !strings.Contains(strings.ToLower(said.String()), "usage") { // a command without flags of its own
		fmt.Fprintf(std.out, "usage: bihuan %s\n\n  %s\n", c.name, c.help)
		return exitFine
	}
	std.out.Write(said.Bytes())
	return exitFine
}

// isBareFlag reports whether an argument is a flag whose value follows it: what stands next may be that value.
func isBareFlag(arg string) bool { return strings.HasPrefix(arg, "-") && !strings.Contains(arg, "=") }

func usage(w io.Writer) {
	fmt.Fprint(w, "bihuan 闭环 turns a work report into goals that somebody owns\n\nusage: bihuan COMMAND [flags] [arguments]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.help)
	}
	fmt.Fprint(w, "\nbihuan COMMAND -h tells more of one command.\n")
}

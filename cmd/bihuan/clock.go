package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/packs"
)

const clockHelp = `usage: bihuan clock --basis BASIS --start TIME --length N [flags]

Counts a deadline under the published holidays and says why it falls on that day.

  --basis BASIS    working-day 工作日, calendar-day 自然日, month 月, working-hour 工作时,
                   emergency-hour 紧急工作时 or emergency-day 紧急工作日; the last two count
                   day and night, weekends, holidays and make-up days alike
  --start TIME     YYYY-MM-DD or RFC 3339; Asia/Shanghai unless it says otherwise
  --length N       how many of them, 1 to 100000
  --pause FROM/TO  a span that does not count, TO not included; may be repeated.
                   Day bases leave out every day of which any part is paused
  --office HOURS   office hours of a working day (08:30-11:30,13:00-17:00)
  --lang zh|en     language of the explanation (zh)

The first line is the due: YYYY-MM-DD when counting days or months,
YYYY-MM-DDTHH:MM+08:00 when counting hours; " provisional" behind it if a holiday notice
that decides is not out yet. The explanation follows.
`

// clockFlags are the flags of bihuan clock.
type clockFlags struct {
	clock  calendar.Clock
	office calendar.Office
	lang   string
}

// runClock prints when a clock is due, then why.
func runClock(args []string, std streams) int {
	f, err := parseClock(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(std.out, clockHelp)
		return exitFine
	}
	if err != nil {
		return wrongClock(std, err)
	}
	cal, err := holidays()
	if err != nil {
		fmt.Fprintf(std.err, "bihuan clock: the holidays of pack cn cannot be read: %v\n", err)
		return exitBad
	}
	d, err := calendar.Schedule{Calendar: cal, Office: f.office}.Derive(f.clock)
	if err != nil {
		return wrongClock(std, err)
	}
	fmt.Fprintln(std.out, dueLine(d))
	for _, line := range d.Lines(f.lang) {
		fmt.Fprintln(std.out, line)
	}
	return exitFine
}

// dueLine is the first line of the answer.
func dueLine(d calendar.Derivation) string {
	line := d.Deadline.Due.String()
	switch d.Clock.Term.Basis {
	case calendar.WorkingHour, calendar.EmergencyHour:
		line = d.Deadline.End.String()
	}
	if d.Deadline.Provisional {
		line += " provisional"
	}
	return line
}

func wrongClock(std streams, err error) int {
	reason := strings.TrimSuffix(err.Error(), ": "+fault.ErrInvalid.Error())
	fmt.Fprintf(std.err, "bihuan clock: %s\nbihuan clock -h tells how it is used.\n", reason)
	return exitUsage
}

// parseClock reads the flags; an error names the flag that is wrong.
func parseClock(args []string) (clockFlags, error) {
	var f clockFlags
	given := map[string]bool{}
	set := flag.NewFlagSet("clock", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	add := func(name string, read func(string) error) {
		set.Func(name, "", func(s string) error {
			if given[name] && name != "pause" {
				return errors.New("given twice")
			}
			given[name] = true
			return read(s)
		})
	}
	add("basis", func(s string) (err error) { f.clock.Term.Basis, err = calendar.ParseBasis(s); return err })
	add("start", func(s string) (err error) { f.clock.Start, err = calendar.ParseInstant(s); return err })
	add("length", func(s string) (err error) { f.clock.Term.Length, err = parseLength(s); return err })
	add("office", func(s string) (err error) { f.office, err = calendar.ParseOffice(s); return err })
	add("lang", func(s string) error {
		if f.lang = s; s != "zh" && s != "en" {
			return errors.New("neither zh nor en")
		}
		return nil
	})
	add("pause", func(s string) error {
		p, err := parsePause(s)
		f.clock.Pauses = append(f.clock.Pauses, p)
		return err
	})
	if err := set.Parse(args); err != nil {
		return f, flagFault(err)
	}
	if set.NArg() > 0 {
		return f, fmt.Errorf("unexpected argument %q; every value stands behind its flag", set.Arg(0))
	}
	for _, name := range []string{"basis", "start", "length"} {
		if !given[name] {
			return f, fmt.Errorf("--%s is missing", name)
		}
	}
	return f, nil
}

// flagFault rewrites what package flag says so that it begins with the flag.
func flagFault(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	s := err.Error()
	if rest, ok := strings.CutPrefix(s, "invalid value "); ok {
		value, rest, _ := strings.Cut(rest, " for flag -")
		name, reason, _ := strings.Cut(rest, ": ")
		reason = strings.TrimSuffix(reason, ": "+fault.ErrInvalid.Error())
		if strings.Contains(reason, value) {
			return fmt.Errorf("--%s: %s", name, reason)
		}
		return fmt.Errorf("--%s %s: %s", name, value, reason)
	}
	if name, ok := strings.CutPrefix(s, "flag provided but not defined: -"); ok {
		return fmt.Errorf("there is no flag --%s", name)
	}
	if name, ok := strings.CutPrefix(s, "flag needs an argument: -"); ok {
		return fmt.Errorf("--%s needs a value", name)
	}
	return err
}

func parseLength(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 100_000 {
		return 0, errors.New("not a whole number from 1 to 100000")
	}
	return n, nil
}

func parsePause(s string) (calendar.Pause, error) {
	a, b, ok := strings.Cut(s, "/")
	if !ok {
		return calendar.Pause{}, errors.New("not written FROM/TO")
	}
	if b == "" {
		return calendar.Pause{}, errors.New("TO is missing; a clock that still stands still has no due")
	}
	from, err := calendar.ParseInstant(a)
	if err != nil {
		return calendar.Pause{}, err
	}
	to, err := calendar.ParseInstant(b)
	if err == nil && to < from {
		err = errors.New("ends before it begins")
	}
	return calendar.Pause{From: from, To: to}, err
}

// holidays is the calendar of pack cn as the binary carries it.
func holidays() (*calendar.Calendar, error) {
	table, err := packs.FS.ReadFile("cn/records/holidays.csv")
	if err != nil {
		return nil, err
	}
	return calendar.Parse(table)
}

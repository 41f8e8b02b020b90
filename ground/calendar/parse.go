package calendar

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"bihuan/ground/fault"
)

// The columns of a holiday table, in this order.
var columns = []string{"date", "name", "off", "notice"}

// A table of more rows is a slip of the pen: two hundred years have about seven thousand.
const maxRows = 20_000

// Parse reads a holiday table and builds the calendar of it. The table is CSV in UTF-8 with
// the header date,name,off,notice; off is yes for a day off and no for a make-up day, or true and false.
// A year's notice is out when the table has its 1 January, see [YearsOf].
//
// All faults of the table are returned at once, each with its line, joined by
// [errors.Join] and wrapping [fault.ErrInvalid].
func Parse(table []byte) (*Calendar, error) {
	days, err := ParseDays(table)
	if err != nil {
		return nil, err
	}
	return New(days, YearsOf(days))
}

// ParseDays reads the rows of a holiday table as [Parse] does, in the order of the table.
func ParseDays(table []byte) ([]Day, error) {
	r := csv.NewReader(bytes.NewReader(table))
	r.FieldsPerRecord = len(columns)
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("holiday table: %s: %w", csvFault(err), fault.ErrInvalid)
	}
	for i, c := range columns {
		if header[i] != c {
			return nil, fmt.Errorf("holiday table: line 1: column %d is %q, not %q: %w", i+1, clip(header[i]), c, fault.ErrInvalid)
		}
	}
	var days []Day
	var faults []error
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("holiday table: %s: %w", csvFault(err), fault.ErrInvalid))
			if !errors.Is(err, csv.ErrFieldCount) {
				break
			}
			continue
		}
		day, err := parseDay(row)
		if err != nil {
			line, _ := r.FieldPos(0)
			faults = append(faults, fmt.Errorf("holiday table: line %d: %w", line, err))
			continue
		}
		if days = append(days, day); len(days) > maxRows {
			return nil, fmt.Errorf("holiday table has more than %d rows: %w", maxRows, fault.ErrInvalid)
		}
	}
	return days, errors.Join(faults...)
}

// csvFault is the reader's complaint with its line, in the words used here.
func csvFault(err error) string {
	if err == io.EOF {
		return "empty"
	}
	if p := (*csv.ParseError)(nil); errors.As(err, &p) {
		return fmt.Sprintf("line %d: %v", p.Line, p.Err)
	}
	return err.Error()
}

func parseDay(row []string) (Day, error) {
	date, err := ParseDate(row[0])
	if err != nil {
		return Day{}, err
	}
	if row[1] == "" {
		return Day{}, fmt.Errorf("%s has no name: %w", date, fault.ErrInvalid)
	}
	off, known := map[string]bool{"yes": true, "no": false, "true": true, "false": false}[row[2]]
	if !known {
		return Day{}, fmt.Errorf("off is %q, neither yes nor no: %w", clip(row[2]), fault.ErrInvalid)
	}
	return Day{Date: date, Name: row[1], Off: off, Notice: row[3]}, nil
}

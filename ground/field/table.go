package field

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"bihuan/ground/fault"
)

// checkTable reads a JSON array of rows; rows without any value are dropped, and a table without rows is empty.
func checkTable(f *Field, v string) (string, error) {
	var rows [][]string
	if err := json.Unmarshal([]byte(v), &rows); err != nil {
		return "", f.refuse("not-table")
	}
	if len(rows) > maxRows {
		return "", f.refuse("too-many-rows", "limit", strconv.Itoa(maxRows))
	}
	var kept [][]string
	for i, row := range rows {
		if len(row) != len(f.Columns) {
			return "", f.refuse("row-width", "row", strconv.Itoa(i+1))
		}
		if err := checkRow(f.Columns, row); err != nil {
			return "", inRow(err, i+1)
		}
		if slices.ContainsFunc(row, func(cell string) bool { return cell != "" }) {
			kept = append(kept, row)
		}
	}
	if len(kept) == 0 {
		return "", nil
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return "", f.refuse("not-table")
	}
	if len(b) > maxTable {
		return "", f.refuse("too-long", "limit", strconv.Itoa(maxTable/3)) // in Chinese characters
	}
	return string(b), nil
}

// checkRow brings the cells of a row into their stored form.
func checkRow(columns []Field, row []string) (err error) {
	for j := range row {
		if row[j], err = columns[j].Check(row[j]); err != nil {
			return err
		}
	}
	return nil
}

// inRow adds the row, from 1, to the refusal of a cell.
func inRow(err error, row int) error {
	if r, ok := errors.AsType[*fault.Refusal](err); ok {
		r.With["row"] = strconv.Itoa(row)
	}
	return err
}

// Rows returns the rows of a stored table, nil for an empty value or one that is no table.
func Rows(stored string) [][]string {
	var rows [][]string
	if json.Unmarshal([]byte(stored), &rows) != nil {
		return nil
	}
	return rows
}

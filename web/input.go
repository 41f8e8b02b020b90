package web

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/money"
	"bihuan/ground/name"
)

// inputView is one field of a form.
type inputView struct {
	Field    *field.Field
	Required bool
	Value    string       // as typed or as it stands; money in yuan
	Last     string       // what was said last time, where the form begins afresh
	Choices  []desk.Named // of a record
	Within   name.Unit    // of a person who is to have the matter: the unit that has it; empty for any
	Rows     []rowInput   // of a table
	Ticked   map[string]bool
	Pin      *pinView // of a place: the map that it is chosen on, nil for none
}

// rowInput is one row of a table, an input a column.
type rowInput struct {
	N     int
	Cells []inputView
}

// tableRows is how many empty rows the form of a table has; script adds more.
const tableRows = 3

// input makes one input.
func (q *request) input(f *field.Field, key, value string, required bool) inputView {
	in := inputView{Field: f, Required: required, Value: value}
	switch f.Kind {
	case field.Record:
		in.Choices, _ = q.s.Desk.RecordChoices(q.Context(), f.Register) // without them the key is typed
	case field.Units:
		in.Ticked = map[string]bool{}
		for _, u := range strings.Fields(value) {
			in.Ticked[u] = true
		}
	case field.Table:
		rows := field.Rows(value)
		for i := range len(rows) + tableRows {
			row := rowInput{N: i}
			for j := range f.Columns {
				cell := ""
				if i < len(rows) && j < len(rows[i]) {
					cell = rows[i][j]
				}
				row.Cells = append(row.Cells, q.input(&f.Columns[j], key+"."+itoa(i)+"."+itoa(j), cell, false))
			}
			in.Rows = append(in.Rows, row)
		}
	}
	return in
}

// editable is a stored value as a form shows it: money in yuan, an instant as the browser's field takes it.
func editable(f *field.Field, v string) string {
	switch f.Kind {
	case field.Money:
		if fen, err := strconv.ParseInt(v, 10, 64); err == nil {
			return money.Fen(fen).Yuan().String()
		}
	case field.Instant:
		if len(v) >= 16 {
			return v[:16]
		}
	case field.Table:
		rows := field.Rows(v)
		for i := range rows {
			for j := range rows[i] {
				if j < len(f.Columns) {
					rows[i][j] = editable(&f.Columns[j], rows[i][j])
				}
			}
		}
		b, _ := json.Marshal(rows)
		return string(b)
	}
	return v
}

// typedValue reads a field out of a form, as it was typed.
func typedValue(f *field.Field, key string, form url.Values) string {
	switch f.Kind {
	case field.Units:
		return strings.Join(form[key], " ")
	case field.Table:
		rows := [][]string{}
		for i := 0; i < 500 && form.Has(key+"."+itoa(i)+".0"); i++ {
			row := make([]string, len(f.Columns))
			for j := range f.Columns {
				row[j] = typedValue(&f.Columns[j], key+"."+itoa(i)+"."+itoa(j), form)
			}
			rows = append(rows, row)
		}
		b, _ := json.Marshal(rows)
		return string(b)
	}
	return form.Get(key)
}

// stored brings what was typed nearer to the stored form where a form differs from it: yuan become fen.
func stored(f *field.Field, typed string) (string, error) {
	switch {
	case f.Kind == field.Money && strings.TrimSpace(typed) != "":
		fen, err := money.ParseFen(typed)
		if err != nil {
			return "", fault.Refuse(fault.ErrInvalid, "not-money", f.Key)
		}
		return strconv.FormatInt(int64(fen), 10), nil
	case f.Kind == field.Table:
		rows := field.Rows(typed)
		for i := range rows {
			for j := range rows[i] {
				if j >= len(f.Columns) {
					continue
				}
				v, err := stored(&f.Columns[j], rows[i][j])
				if err != nil {
					return "", err
				}
				rows[i][j] = v
			}
		}
		b, err := json.Marshal(rows)
		return string(b), err
	}
	return typed, nil
}

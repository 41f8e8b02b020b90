package mcp

import (
	"fmt"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

type searchRegistersIn struct {
	Text     string `json:"text" jsonschema:"what to find: two characters or more that stand together"`
	Register string `json:"register,omitempty" jsonschema:"only this register, as pack/register"`
	Limit    int    `json:"limit,omitempty" jsonschema:"1 to 50, 20 if not said"`
}

type recordsOut struct {
	Records []recordOut `json:"records"`
	More    bool        `json:"more" jsonschema:"whether there are more than these"`
}

// recordOut is a record of a register that holds today.
type recordOut struct {
	Register string     `json:"register"`
	Number   string     `json:"number,omitempty"`
	Title    string     `json:"title"`
	Fields   []fieldOut `json:"fields"`
	Page     string     `json:"page"`
}

// searchRegisters asks each register in the order of the packs until there is enough.
func searchRegisters(c *call, in searchRegistersIn) (recordsOut, error) {
	out := recordsOut{Records: []recordOut{}}
	limit, some := rows(in.Limit), false
	for _, reg := range c.s.Desk.Packs().Registers() {
		if in.Register != "" && in.Register != reg.Ref {
			continue
		}
		some = true
		page, err := c.s.Desk.Register(c, c.who, reg.Ref, desk.RegisterAsk{Text: in.Text, On: c.s.Desk.Today(), Limit: limit + 1})
		if err != nil {
			return out, err
		}
		for i := range page.Rows {
			if len(out.Records) == limit {
				out.More = true
				return out, nil
			}
			record, err := c.record(reg.Ref, &page.Rows[i])
			if err != nil {
				return out, err
			}
			out.Records = append(out.Records, record)
		}
	}
	if !some {
		return out, fmt.Errorf("register %q: %w", in.Register, fault.ErrNotFound)
	}
	return out, nil
}

func (c *call) record(ref string, r *journal.Row) (recordOut, error) {
	reg, _ := c.s.Desk.Packs().Register(ref)
	out := recordOut{Register: reg.Words.In(c.lang), Number: r.Number, Title: r.Title, Fields: []fieldOut{}, Page: c.page("/registers/" + ref)}
	text, err := c.s.Desk.RecordTextOf(c, r.Stream)
	if err != nil {
		return out, err
	}
	for _, w := range text.Words {
		out.Fields = append(out.Fields, fieldOut{Label: w.Label.In(c.lang), Value: w.Text})
	}
	return out, nil
}

package register

import (
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// Kind is one register, compiled from a pack: what each record of it holds.
type Kind struct {
	Ref     string // pack/register, such as "erdao/unit"
	Version string // content address of the pack that it was compiled from
	Words   name.Text
	Key     string // the field that is the natural key; unique among records valid at one time
	Title   string // the field that names a record for people
	Fields  []field.Field
	Facets  []string
	Public  bool // may be read without login
}

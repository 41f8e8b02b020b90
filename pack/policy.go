package pack

import (
	"bytes"
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"

	"bihuan/ground/access"
	"bihuan/ground/fault"
)

// PolicyFile is the one file that says who may do what, beside the packs.
const PolicyFile = "access.yaml"

// ReadPolicy reads and compiles the policy at the root of fsys. Unknown keys are faults; so is everything that
// [access.Compile] finds. It wraps [fault.ErrInvalid].
func ReadPolicy(fsys fs.FS) (*access.Policy, error) {
	b, err := fs.ReadFile(fsys, PolicyFile)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	var src access.Source
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&src); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", PolicyFile, yaml.FormatError(err, false, true), fault.ErrInvalid)
	}
	p, err := access.Compile(src)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", PolicyFile, err)
	}
	return p, nil
}

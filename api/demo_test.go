//go:build !race

package api_test

import (
	"context"

	"bihuan/desk/demo"
)

// fill lets the demo's ten months pass. It is twenty seconds of the processor under the race detector, all of one goroutine; the tests
// that rest on them ask one thing after another, and are run without it.
func fill(ctx context.Context, b *demo.Builder) error { return b.Build(ctx) }

//go:build !race

package web

import (
	"testing"
	"time"

	"bihuan/internal/bar"
)

// TestBar_A05_ARevokedRoleIsGoneAtOnce measures time, of which the race detector takes ten times as much.
func TestBar_A05_ARevokedRoleIsGoneAtOnce(t *testing.T) {
	const inFlight = 500
	served, after, within := revokedUnderWay(t, inFlight, 1200*time.Millisecond)
	bar.Report(t, "A-05", "a role revoked with %d requests in flight, %d answered before; then 0 of %d that began after it, and 0 more than %v after it", inFlight, served, after, within)
}

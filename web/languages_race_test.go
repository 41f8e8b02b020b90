//go:build race

package web

// languages are those in which a test looks at its pages: the race detector finds in one what it finds in both.
var languages = []string{"zh"}

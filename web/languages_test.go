//go:build !race

package web

// languages are those in which a test looks at its pages.
var languages = []string{"zh", "en"}

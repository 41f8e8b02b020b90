package matter

import (
	"fmt"
	"strings"
)

// originalPrefix begins the names under which a matter commits to sealed originals. They are no fields of its kind.
const originalPrefix = "original-"

// OriginalKey names the sealed original (原件) of the n-th piece of evidence of a matter, counted from 1, among its personal values.
func OriginalKey(n int) string { return fmt.Sprint(originalPrefix, n) }

// IsOriginal reports whether a personal value is that of a sealed original.
func IsOriginal(key string) bool { return strings.HasPrefix(key, originalPrefix) }

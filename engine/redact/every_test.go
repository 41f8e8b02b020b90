//go:build !race

package redact

// every is which of the real messages are read: each.
const every = 1

//go:build race

package redact

// every is which of the real messages are read: under the race detector, which makes reading ten times slower and has
// nothing to find in a pure room, each eighth.
const every = 8

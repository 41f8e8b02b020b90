// Package recognizers measures the number detection of engine/extract beside that of
// Microsoft's Recognizers-Text (npm @microsoft/recognizers-text-suite, Chinese) on the same
// texts: how much of the gold each finds and how fast. It holds tests only; docs/benchmarks.md
// has the result and how to take it again.
package recognizers

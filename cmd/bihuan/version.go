package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is the released version; a build from a checkout adds its revision.
const version = "0.1.0-dev"

// runVersion prints the version, the revision that the toolchain recorded, and the Go version.
func runVersion(args []string, std streams) int {
	if len(args) != 0 {
		fmt.Fprintln(std.err, "bihuan version takes no arguments")
		return exitUsage
	}
	rev := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				rev = s.Value
			}
		}
	}
	fmt.Fprintf(std.out, "bihuan %s (revision %s, %s)\n", version, rev, runtime.Version())
	return exitFine
}

//go:build !race

package bihuan

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeCommands holds both greetings to their promise of two commands, and to each other.
func TestReadmeCommands(t *testing.T) {
	want := []string{"go run ./cmd/bihuan demo", "./check"}
	for _, file := range []string{"README.md", "README.zh-CN.md"} {
		if got := shellCommands(read(t, file)); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s promises the commands %q, want %q", file, got, want)
		}
	}
	for _, program := range []string{"check", ".ci/run"} {
		info, err := os.Stat(program)
		if err != nil {
			t.Error(err)
		} else if info.Mode()&0o111 == 0 {
			t.Errorf("%s cannot be executed", program)
		}
	}
	if out, err := exec.Command("bash", "-n", "check").CombinedOutput(); err != nil {
		t.Errorf("check is not sound bash: %s", out)
	}
}

// TestReadmeDemo asks the binary whether it knows the command that the greeting promises.
func TestReadmeDemo(t *testing.T) {
	help, err := exec.Command("go", "run", "./cmd/bihuan", "help").Output()
	if err != nil {
		t.Fatalf("bihuan help: %v", err)
	}
	if !regexp.MustCompile(`(?m)^  demo `).Match(help) {
		t.Error("the greeting promises bihuan demo, and this binary does not know it")
	}
}

// shellCommands are the lines of the text's sh blocks without their comments.
func shellCommands(text string) (commands []string) {
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			if command, _, _ := strings.Cut(line, "#"); strings.TrimSpace(command) != "" {
				commands = append(commands, strings.TrimSpace(command))
			}
		}
	}
	return commands
}

//go:build long

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"bihuan/internal/people"
)

// TestAnAssistantReachesTheHouse over standard input and output: the server of the whole house answers it through the gate.
func TestAnAssistantReachesTheHouse(t *testing.T) {
	h, clock := standDemo(t)
	handler, err := h.faces(h.demo(clock))
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	defer srv.Close()
	leader := h.desk.Directory().Of("government", "leader")[0].Key
	secret, err := people.SignIn(t.Context(), h.people, leader)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(token string, questions ...string) (answers []string, code int, errs string) {
		t.Setenv(tokenVariable, token)
		in, questionsTo := io.Pipe()
		answersFrom, out := io.Pipe()
		var told strings.Builder
		ended := make(chan int, 1)
		go func() {
			code := runMCP([]string{"--url", srv.URL}, streams{in, out, &told})
			in.Close()
			out.Close()
			ended <- code
		}()
		lines := bufio.NewScanner(answersFrom)
		lines.Buffer(nil, 1<<20)
		for _, q := range questions {
			if _, err := fmt.Fprintln(questionsTo, q); err != nil {
				break
			}
			if strings.Contains(q, `"id"`) && lines.Scan() {
				answers = append(answers, lines.Text())
			}
		}
		questionsTo.Close()
		go io.Copy(io.Discard, answersFrom)
		return answers, <-ended, told.String()
	}
	hello := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`
	answers, code, told := ask(secret, hello, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`,
		`{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"search_goals","arguments":{"limit":3}}}`)
	if code != exitFine || len(answers) != 3 {
		t.Fatalf("exit %d with %d answers: %s %s", code, len(answers), answers, told)
	}
	var list struct {
		Result struct{ Tools []struct{ Name string } }
	}
	if err := json.Unmarshal([]byte(answers[1]), &list); err != nil || !slices.ContainsFunc(list.Result.Tools, func(t struct{ Name string }) bool { return t.Name == "read_goal" }) {
		t.Errorf("tools: %s, %v", answers[1], err)
	}
	if !strings.Contains(answers[2], `"goals":[{`) {
		t.Errorf("goals: %s", answers[2])
	}
	if _, code, told := ask("nobody's", hello); code != exitBad || !strings.Contains(told, "Unauthorized") {
		t.Errorf("without rights: exit %d, %s", code, told)
	}
	if _, code, told := ask(""); code != exitUsage || !strings.Contains(told, tokenVariable) {
		t.Errorf("without a secret: exit %d, %s", code, told)
	}
}

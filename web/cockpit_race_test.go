package web

import (
	"testing"

	"bihuan/ground/money"
)

func TestDifferencesOfARaceLineUp(t *testing.T) {
	for value, want := range map[string]string{"6.1": "+6.1", "-50": "−50.0", "1": "+1.0", "0": "0", "-27.66": "−27.7", "0.04": "0"} {
		v, err := money.Parse(value)
		if err != nil {
			t.Fatal(err)
		}
		if got := signed(oneDecimal(v)); got != want {
			t.Errorf("%s is written %s, want %s", value, got, want)
		}
	}
}

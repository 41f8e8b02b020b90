//go:build long

package main

import (
	"fmt"
	"math"
	"math/bits"
	"sync"
	"testing"

	"bihuan/desk/keys"
)

// TestChanceUnderLoad draws secrets from many goroutines at once, as fast as the machine gives them: none comes twice, every bit is set half of the time, every byte comes as often as
// every other, and neighbours know nothing of each other. Six standard deviations are allowed: a sound source fails once in a million runs.
//
// Source: OWASP ASVS 5.0.0, 11.5.2, as read; NIST SP 800-22, 2.1 and 2.3, as read about.
func TestChanceUnderLoad(t *testing.T) {
	const callers, each, size = 64, 20_000, 16
	drawn := make([][size]byte, callers*each)
	begin := make(chan struct{})
	var wait sync.WaitGroup
	for c := range callers {
		wait.Go(func() {
			<-begin
			for i := range each {
				systemChance(drawn[c*each+i][:])
			}
		})
	}
	close(begin)
	wait.Wait()
	seen := make(map[[size]byte]bool, len(drawn))
	var ones [8 * size]int
	var bytes [256]int
	alike := 0 // bits that are as the one before was
	for i, d := range drawn {
		if seen[d] {
			t.Fatalf("draw %d came before: %x", i, d)
		}
		seen[d] = true
		for j, b := range d {
			bytes[b]++
			for k := range 8 {
				ones[8*j+k] += int(b >> k & 1)
			}
			if i > 0 {
				alike += 8 - bits.OnesCount8(b^drawn[i-1][j])
			}
		}
	}
	far := func(what string, got, of, share float64) {
		if z := (got - of*share) / math.Sqrt(of*share*(1-share)); math.Abs(z) > 6 {
			t.Errorf("%s: %.0f of %.0f, %.1f standard deviations away", what, got, of, z)
		}
	}
	n := float64(len(drawn))
	for i, k := range ones {
		far(fmt.Sprint("bit ", i), float64(k), n, 0.5)
	}
	for _, k := range bytes {
		far("a byte", float64(k), n*size, 1.0/256)
	}
	far("bits as before", float64(alike), (n-1)*size*8, 0.5)
	t.Logf("%d draws of %d bits by %d callers at once, none twice", len(drawn), 8*size, callers)
}

// TestSecretsUnderLoad has keys of programs drawn by many at once: each is a secret of its own, and none is cut short.
func TestSecretsUnderLoad(t *testing.T) {
	const callers, each = 64, 2_000
	all := make([]string, callers*each)
	var wait sync.WaitGroup
	for c := range callers {
		wait.Go(func() {
			for i := range each {
				all[c*each+i] = keys.Secret(systemChance)
			}
		})
	}
	wait.Wait()
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s] || len(s) != len(all[0]) || len(s) < 32 {
			t.Fatalf("%d characters, or twice", len(s))
		}
		seen[s] = true
	}
}

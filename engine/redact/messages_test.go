//go:build long

package redact

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// Real messages of residents in which names were replaced by [姓名]: made-up names are put in their places, and it is counted how many
// are found, and how many finds of names per 10,000 characters there are elsewhere (of 50 looked at in 2026 some 40 were names of officials, so true).
func TestNamesInRealMessages(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	put, hidden, elsewhere, chars := 0, 0, 0, 0
	for _, file := range []string{"labelled_raw", "messages_votes", "replies"} {
		f, err := os.Open("../../../shared/data/requests/msgboard_" + file + ".csv")
		if err != nil {
			t.Skip("SKIPPED ALOUD: the messages to test with are not beside the checkout: ", err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows[1:] {
			if i%every != 0 {
				continue
			}
			text, places := putNames(random, row[2]+"\n"+row[3])
			chars += len([]rune(text))
			put += len(places)
			for _, g := range Find(text) {
				switch i := covered(places, g); {
				case i >= 0:
					hidden++
				case g.Kind == Name:
					elsewhere++
				}
			}
		}
	}
	recall, rate := float64(hidden)/float64(put), 10_000*float64(elsewhere)/float64(chars)
	t.Logf("%d names put into %d characters: %.3f hidden; %.2f finds of names elsewhere per 10,000 characters", put, chars, recall, rate)
	if recall < 0.90 || rate > 3.5 {
		t.Errorf("names hidden %.3f, at least 0.90; elsewhere %.2f, at most 3.5", recall, rate)
	}
}

// covered returns which of the places the find hides wholly, -1 for none.
func covered(places [][2]int, g Found) int {
	for i, p := range places {
		if g.Kind == Name && g.Start == p[0] && g.End >= p[1] {
			return i
		}
	}
	return -1
}

func putNames(random *rand.Rand, text string) (string, [][2]int) {
	var b strings.Builder
	var places [][2]int
	for {
		before, after, more := strings.Cut(text, "[姓名]")
		b.WriteString(before)
		if !more {
			return b.String(), places
		}
		n := madeName(random)
		places = append(places, [2]int{b.Len(), b.Len() + len(n)})
		b.WriteString(n)
		text = after
	}
}

func madeName(random *rand.Rand) string {
	family, given := []rune("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"), []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英建国志文玉华秀春梅")
	s := string(family[random.IntN(len(family))]) + string(given[random.IntN(len(given))])
	if random.IntN(4) > 0 {
		s += string(given[random.IntN(len(given))])
	}
	return s
}

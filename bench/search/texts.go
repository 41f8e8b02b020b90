package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"bihuan/bench/made"
)

type document struct{ number, title, body string }

// generated returns n cases of about 213 characters, the same each time.
func generated(n int) []document {
	r := rand.New(rand.NewPCG(3, 50000))
	w := made.NewWriter(r)
	docs := make([]document, n)
	for i := range docs {
		docs[i].number = fmt.Sprintf("U2023%06d", i+1)
		docs[i].title, docs[i].body = w.Report(r)
	}
	return docs
}

// readMessages reads subject and detail of every CSV of a folder that has both.
func readMessages(dir string) (docs []document, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		some, err := messagesOf(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		docs = append(docs, some...)
	}
	if len(docs) == 0 {
		return nil, errors.New("no messages in " + dir)
	}
	return docs, nil
}

func messagesOf(f io.Reader) (docs []document, err error) {
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, h := range header {
		at[strings.TrimPrefix(h, "\ufeff")] = i
	}
	subject, ok := at["subject"]
	detail, both := at["detail"]
	for ok && both {
		rec, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(rec) > max(subject, detail) {
			docs = append(docs, document{number: rec[0], title: rec[subject], body: rec[detail]})
		}
	}
	return docs, nil
}

// set is some questions of one sort.
type set struct {
	name  string
	texts []string
	hits  int // on average
}

// questions draws a hundred questions of each sort from the texts themselves, so that each has a hit: two characters, three to
// five, and a rare row of four to eight that stands in fewer than fifty documents.
func questions(docs []document) []set {
	r := rand.New(rand.NewPCG(7, 7))
	sets := []set{{name: "two"}, {name: "three to five"}, {name: "rare"}}
	for i := range sets {
		seen := map[string]bool{}
		sum := 0
		for tries := 0; len(sets[i].texts) < 100 && tries < 100_000; tries++ {
			text := []rune(docs[r.IntN(len(docs))].body)
			n := []int{2, 3 + r.IntN(3), 4 + r.IntN(5)}[i]
			if len(text) <= n {
				continue
			}
			from := r.IntN(len(text) - n)
			q := string(text[from : from+n])
			if seen[q] || strings.ContainsFunc(q, func(r rune) bool { return r < 0x4e00 || r > 0x9fff }) {
				continue
			}
			if i == 2 || sum < 1<<30 {
				n := holding(docs, q)
				if i == 2 && n >= 50 {
					continue
				}
				sum += n
			}
			seen[q] = true
			sets[i].texts = append(sets[i].texts, q)
		}
		sets[i].hits = sum / max(1, len(sets[i].texts))
	}
	return sets
}

func holding(docs []document, q string) (n int) {
	for i := range docs {
		if strings.Contains(docs[i].title, q) || strings.Contains(docs[i].body, q) {
			n++
		}
	}
	return n
}

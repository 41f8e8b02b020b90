package extract_test

import (
	"testing"

	"bihuan/engine/extract"
)

// A plan of which the heading stands in one line with what is planned is a plan, also as of a year that the caller names.
func TestAPlanInOneLineIsAPlan(t *testing.T) {
	for _, c := range []struct {
		name, text string
		year       int
		kind       extract.Kind
		of         int
	}{
		{"the heading ends with a colon", "2024年工作安排：新增就业1.2万人，改造老旧小区21个。", 2024, extract.Commitment, 2024},
		{"with a full stop", "2024年工作安排。新增就业1.2万人，改造老旧小区21个。", 2024, extract.Commitment, 2024},
		{"with a blank", "2024年重点工作 新增就业1.2万人，改造老旧小区21个。", 2024, extract.Commitment, 2024},
		{"nobody says which year", "2024年工作安排。新增就业1.2万人，改造老旧小区21个。", 0, extract.Commitment, 2024},
		{"a sentence of the year that the caller names, and the next", "2024年，改造老旧小区21个。新增就业1.2万人。", 2024, extract.Commitment, 2024},
		{"the same as of the next year is what was done", "2024年工作安排。新增就业1.2万人，改造老旧小区21个。", 2025, extract.Achievement, 2024},
		{"a review in one line stays one", "2023年工作回顾。新增就业1.2万人，改造老旧小区21个。", 2024, extract.Achievement, 2023},
		{"nothing but the year", "2024年", 2024, "", 0},
	} {
		r, err := extract.Read(c.text, extract.Options{Year: c.year})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if c.kind != "" && len(r.Statements) != 2 {
			t.Errorf("%s: %d statements", c.name, len(r.Statements))
		}
		for _, s := range r.Statements {
			if s.Kind != c.kind || s.Year != c.of {
				t.Errorf("%s: %s is %s of %d, want %s of %d", c.name, s.Text, s.Kind, s.Year, c.kind, c.of)
			}
		}
	}
}

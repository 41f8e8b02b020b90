package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"

	"bihuan/engine/extract"
	"bihuan/export"
	"bihuan/ground/name"
	"bihuan/ingest"
)

const extractHelp = `usage: bihuan extract [flags] [FILE…]

Reads work reports and lists every measurable statement and milestone in them.
FILE is .txt, .md, .html or .docx; - or none is standard input.

  --format FORMAT  table (for a person), jsonl, csv or xlsx (table)
  --text           print the decoded text and nothing else: offsets count its code points
  --year N         the year that the report plans for, if its text does not say
  --lang zh|en     language of headings and words (zh)

Exit status: 0 if every file was read, also if nothing was found in it; 1 if one could not
be read, the others are listed all the same; 2 for wrong use.
`

// extractFlags are the flags of bihuan extract.
type extractFlags struct {
	format string
	text   bool
	year   int
	lang   string
	files  []string
}

// found are the statements of one file.
type found struct {
	file       string
	statements []extract.Statement
}

// listing writes what was found in all files to w, in the language.
type listing func(w io.Writer, reports iter.Seq[found], lang string) error

var listings = map[string]listing{"table": listTable, "jsonl": listJSON, "csv": listCSV, "xlsx": listXLSX}

// runExtract reads every file and lists what is stated in it.
func runExtract(args []string, std streams) int {
	f, err := parseExtract(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(std.out, extractHelp)
		return exitFine
	}
	if err != nil {
		fmt.Fprintf(std.err, "bihuan extract: %v\nbihuan extract -h tells how it is used.\n", err)
		return exitUsage
	}
	code := exitFine
	fault := func(file string, err error) {
		fmt.Fprintf(std.err, "bihuan extract: %s: %s\n", file, faultWords(err))
		code = exitBad
	}
	if f.text {
		err = f.printTexts(std, fault)
	} else {
		err = listings[f.format](std.out, f.reports(std, fault), f.lang)
	}
	if err != nil {
		fault("output", err)
	}
	return code
}

// parseExtract reads flags and files in any order; an error names the flag that is wrong.
func parseExtract(args []string) (extractFlags, error) {
	f := extractFlags{}
	set := flag.NewFlagSet("extract", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	set.StringVar(&f.format, "format", "table", "")
	set.BoolVar(&f.text, "text", false, "")
	set.IntVar(&f.year, "year", 0, "")
	set.StringVar(&f.lang, "lang", "zh", "")
	for len(args) > 0 {
		if err := set.Parse(args); err != nil {
			return f, flagFault(err)
		}
		rest := set.Args()
		if ended := len(args) > len(rest) && args[len(args)-len(rest)-1] == "--"; ended {
			f.files = append(f.files, rest...)
			break
		}
		if args = rest; len(args) > 0 {
			f.files, args = append(f.files, args[0]), args[1:]
		}
	}
	return f.checked()
}

func (f extractFlags) checked() (extractFlags, error) {
	switch {
	case listings[f.format] == nil:
		return f, fmt.Errorf("--format %s: neither table, jsonl, csv nor xlsx", f.format)
	case f.lang != "zh" && f.lang != "en":
		return f, fmt.Errorf("--lang %s: neither zh nor en", f.lang)
	case f.year != 0 && (f.year < 1949 || f.year > 2200):
		return f, fmt.Errorf("--year %d: not a year from 1949 to 2200", f.year)
	}
	if len(f.files) == 0 {
		f.files = []string{"-"}
	}
	return f, nil
}

// faultWords says what is wrong with a file in both languages where we have words for it.
func faultWords(err error) string {
	var refused interface{ Words() name.Text }
	if errors.As(err, &refused) {
		w := refused.Words()
		return w.ZH + " " + w.EN
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return "无法读取 cannot be read: " + err.Error()
}

// document reads one file; - is standard input.
func document(file string, std streams) (ingest.Document, error) {
	if file == "-" {
		return ingest.Text(std.in, "")
	}
	r, err := os.Open(file)
	if err != nil {
		return ingest.Document{}, err
	}
	defer r.Close()
	return ingest.Text(r, file)
}

// printTexts prints the text of one file as it is; of several one after the other, each ending its line.
func (f extractFlags) printTexts(std streams, fault func(string, error)) error {
	for _, file := range f.files {
		doc, err := document(file, std)
		if err != nil {
			fault(file, err)
			continue
		}
		if len(f.files) > 1 && !strings.HasSuffix(doc.Text, "\n") {
			doc.Text += "\n"
		}
		if _, err := io.WriteString(std.out, doc.Text); err != nil {
			return err
		}
	}
	return nil
}

// reports reads the files one by one; one that cannot be read is told to fault and passed over.
func (f extractFlags) reports(std streams, fault func(string, error)) iter.Seq[found] {
	return func(yield func(found) bool) {
		for _, file := range f.files {
			doc, err := document(file, std)
			if err != nil {
				fault(file, err)
				continue
			}
			res, err := extract.Read(doc.Text, extract.Options{Year: f.year})
			if err != nil {
				fault(file, err)
				continue
			}
			if len(res.Statements) == 0 {
				fmt.Fprintf(std.err, "bihuan extract: %s: 没有找到可以衡量的表述 no measurable statement found\n", file)
			}
			if !yield(found{file, res.Statements}) {
				return
			}
		}
	}
}

// listJSON writes one object a line: the fields of a statement, and file.
func listJSON(w io.Writer, reports iter.Seq[found], _ string) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for r := range reports {
		for _, s := range r.statements {
			err := enc.Encode(struct {
				File string `json:"file"`
				extract.Statement
			}{r.file, s})
			if err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

func listCSV(w io.Writer, reports iter.Seq[found], lang string) error {
	out := bufio.NewWriter(w)
	if err := export.CSV(out, statementTable(reports, lang)); err != nil {
		return err
	}
	return out.Flush()
}

func listXLSX(w io.Writer, reports iter.Seq[found], lang string) error {
	return export.XLSX(w, statementTable(reports, lang))
}

// statementColumn is one column of the lists: its heading and what stands in it.
type statementColumn struct {
	key   string
	title name.Text
	typ   export.Type
	width int
	value func(file string, s extract.Statement, lang string) string
}

// statementColumns are the columns of CSV and XLSX in order.
var statementColumns = []statementColumn{
	{"file", name.Text{ZH: "文件", EN: "file"}, export.Text, 20, func(file string, _ extract.Statement, _ string) string { return file }},
	{"type", name.Text{ZH: "类型", EN: "type"}, export.Text, 8, func(_ string, s extract.Statement, lang string) string { return s.Type.Name().In(lang) }},
	{"kind", name.Text{ZH: "类别", EN: "kind"}, export.Text, 8, func(_ string, s extract.Statement, lang string) string { return s.Kind.Name().In(lang) }},
	{"year", name.Text{ZH: "年份", EN: "year"}, export.Number, 8, func(_ string, s extract.Statement, _ string) string { return yearText(s.Year) }},
	{"subject", name.Text{ZH: "事项", EN: "subject"}, export.Text, 32, func(_ string, s extract.Statement, _ string) string { return s.Subject }},
	{"action", name.Text{ZH: "动作", EN: "action"}, export.Text, 10, func(_ string, s extract.Statement, _ string) string { return s.Action }},
	{"op", name.Text{ZH: "关系", EN: "relation"}, export.Text, 14, func(_ string, s extract.Statement, lang string) string { return s.Op.Name().In(lang) }},
	{"value", name.Text{ZH: "数值", EN: "value"}, export.Number, 16, func(_ string, s extract.Statement, _ string) string { return string(s.Value) }},
	{"value_max", name.Text{ZH: "上限", EN: "upper end"}, export.Number, 16, func(_ string, s extract.Statement, _ string) string { return string(s.ValueMax) }},
	{"unit", name.Text{ZH: "单位", EN: "unit"}, export.Text, 10, func(_ string, s extract.Statement, _ string) string { return s.Unit }},
	{"text", name.Text{ZH: "原文", EN: "quotation"}, export.Text, 40, func(_ string, s extract.Statement, _ string) string { return s.Text }},
	{"start", name.Text{ZH: "位置", EN: "offset"}, export.Number, 8, func(_ string, s extract.Statement, _ string) string { return strconv.Itoa(s.Start) }},
	{"section", name.Text{ZH: "章节", EN: "section"}, export.Text, 30, func(_ string, s extract.Statement, _ string) string { return s.Section }},
	{"rule", name.Text{ZH: "识别规则", EN: "rule"}, export.Text, 14, func(_ string, s extract.Statement, lang string) string { return s.Rule.Name().In(lang) }},
	{"confidence", name.Text{ZH: "可信度", EN: "confidence"}, export.Number, 8, func(_ string, s extract.Statement, _ string) string { return confidenceText(s.Confidence) }},
	{"id", name.Text{ZH: "标识", EN: "id"}, export.Text, 34, func(_ string, s extract.Statement, _ string) string { return s.ID }},
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func confidenceText(c float64) string { return strconv.FormatFloat(c, 'f', 2, 64) }

// statementTable is the list of all statements as a table to export.
func statementTable(reports iter.Seq[found], lang string) export.Table {
	t := export.Table{Title: name.Text{ZH: "报告事项清单", EN: "statements"}.In(lang)}
	for _, c := range statementColumns {
		t.Columns = append(t.Columns, export.Column{Key: c.key, Title: c.title.In(lang), Type: c.typ, Width: c.width})
	}
	t.Rows = func(yield func([]string, error) bool) {
		for r := range reports {
			for _, s := range r.statements {
				row := make([]string, len(statementColumns))
				for i, c := range statementColumns {
					row[i] = c.value(r.file, s, lang)
				}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
	return t
}

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"bihuan/engine/find"
)

// fts is a contentless table of SQLite's FTS5: over bigrams with blanks between, made by the application, or with its trigram tokenizer.
type fts struct {
	dir, tokens string
	c           *sqlite.Conn
}

func (f *fts) name() string { return "FTS5 " + f.tokens }

func (f *fts) path() string { return filepath.Join(f.dir, "fts-"+f.tokens+".db") }

func (f *fts) build(_ context.Context, docs []document) (err error) {
	tokenizer := "unicode61"
	if f.tokens == "trigram" {
		tokenizer = "trigram"
	}
	if f.c, err = open(f.path(), fmt.Sprintf("CREATE VIRTUAL TABLE ft USING fts5(head, body, content='', tokenize='%s')", tokenizer)); err != nil {
		return err
	}
	for from := 0; from < len(docs); from += 500 {
		if err := f.some(docs[from:min(from+500, len(docs))], from); err != nil {
			return err
		}
	}
	return sqlitex.ExecuteTransient(f.c, "INSERT INTO ft(ft) VALUES ('optimize')", nil)
}

func (f *fts) some(docs []document, from int) (err error) {
	defer sqlitex.Save(f.c)(&err)
	for i, d := range docs {
		head, body := d.number+"。"+d.title, d.body
		if f.tokens == "bigram" {
			head, body = bigrams(head), bigrams(body)
		}
		if err := sqlitex.Execute(f.c, "INSERT INTO ft(rowid, head, body) VALUES (?, ?, ?)", &sqlitex.ExecOptions{Args: []any{from + i, head, body}}); err != nil {
			return err
		}
	}
	return nil
}

// bigrams writes the terms of a text with blanks between; a gap keeps phrases apart.
func bigrams(text string) string {
	var b strings.Builder
	var before rune
	for _, r := range text {
		f := find.Fold(r)
		switch {
		case f != 0 && before != 0:
			b.WriteRune(before)
			b.WriteRune(f)
			b.WriteByte(' ')
		case f == 0 && before != 0:
			b.WriteString("xx ") // stands in the row where the text was parted
		}
		before = f
	}
	return b.String()
}

func (f *fts) match(text string) (string, bool) {
	if f.tokens == "trigram" {
		return `"` + text + `"`, len([]rune(text)) >= 3
	}
	return `"` + strings.TrimSpace(bigrams(text)) + `"`, true
}

func (f *fts) count(_ context.Context, text string) (n int, ok bool, err error) {
	m, ok := f.match(text)
	if !ok {
		return 0, false, nil
	}
	n, err = number(f.c, "SELECT count(*) FROM ft WHERE ft MATCH ?", m)
	return n, true, err
}

func (f *fts) best(_ context.Context, text string, limit int) (n int, ok bool, err error) {
	m, ok := f.match(text)
	if !ok {
		return 0, false, nil
	}
	err = sqlitex.Execute(f.c, "SELECT rowid FROM ft WHERE ft MATCH ? ORDER BY bm25(ft, 4.0, 1.0) LIMIT ?", &sqlitex.ExecOptions{Args: []any{m, limit},
		ResultFunc: func(*sqlite.Stmt) error { n++; return nil }})
	return n, true, err
}

func (f *fts) bytes() (int64, error) { return tables(f.path(), "ft") }

func (f *fts) close() error {
	if f.c == nil {
		return nil
	}
	return f.c.Close()
}

// like reads every text.
type like struct {
	dir string
	c   *sqlite.Conn
}

func (l *like) name() string { return "LIKE" }

func (l *like) path() string { return filepath.Join(l.dir, "like.db") }

func (l *like) build(_ context.Context, docs []document) (err error) {
	if l.c, err = open(l.path(), "CREATE TABLE doc (id INTEGER PRIMARY KEY, text TEXT)"); err != nil {
		return err
	}
	defer sqlitex.Save(l.c)(&err)
	for i, d := range docs {
		if err := sqlitex.Execute(l.c, "INSERT INTO doc VALUES (?, ?)", &sqlitex.ExecOptions{Args: []any{i, d.number + "。" + d.title + "。" + d.body}}); err != nil {
			return err
		}
	}
	return nil
}

func (l *like) bytes() (int64, error) { return 0, nil }

func (l *like) count(_ context.Context, text string) (n int, ok bool, err error) {
	n, err = number(l.c, "SELECT count(*) FROM doc WHERE text LIKE '%' || ? || '%'", text)
	return n, true, err
}

func (l *like) best(context.Context, string, int) (int, bool, error) { return 0, false, nil } // it ranks nothing

func (l *like) close() error {
	if l.c == nil {
		return nil
	}
	return l.c.Close()
}

func open(path, create string) (*sqlite.Conn, error) {
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	for _, q := range []string{"PRAGMA page_size = 8192", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536", create} {
		if err := sqlitex.ExecuteTransient(c, q, nil); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func number(c *sqlite.Conn, sql, arg string) (n int, err error) {
	err = sqlitex.Execute(c, sql, &sqlitex.ExecOptions{Args: []any{arg}, ResultFunc: func(s *sqlite.Stmt) error {
		n = s.ColumnInt(0)
		return nil
	}})
	return n, err
}

package store

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// appID marks the file as ours ("BHUN"), in SQLite's header.
const appID = 0x4248554e

// migrationNames returns the migrations in order; the n-th takes the database to version n.
func migrationNames() ([]string, error) { return fs.Glob(migrations, "migrations/*.sql") }

// recognise returns the version of a database, 0 for a new one. It wraps [fault.ErrInvalid]
// for a file that is not ours or is newer.
func recognise(c conn) (version int, err error) {
	id, version, tables, err := identity(c)
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultNotADB {
		return 0, fmt.Errorf("the file is not a database: %w", fault.ErrInvalid)
	}
	if err != nil {
		return 0, err
	}
	if id != appID && tables > 0 {
		return 0, fmt.Errorf("the file is a database of another program: %w", fault.ErrInvalid)
	}
	names, err := migrationNames()
	if err == nil && version > len(names) {
		err = fmt.Errorf("the database has version %d, this program knows %d: use a newer bihuan: %w", version, len(names), fault.ErrInvalid)
	}
	return version, err
}

// migrate brings the database to this program's version: forward only, each step in a transaction.
func migrate(c conn, d Dialect) error {
	version, err := recognise(c)
	if err != nil {
		return err
	}
	names, err := migrationNames()
	if err != nil {
		return err
	}
	for i, name := range names[version:] {
		if err := step(c, d, name, version+i+1); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

// identity reads the header's marks and counts the tables.
func identity(c conn) (id, version, tables int, err error) {
	for _, q := range []struct {
		sql string
		to  *int
	}{
		{"PRAGMA application_id", &id},
		{"PRAGMA user_version", &version},
		{"SELECT count(*) FROM sqlite_schema WHERE type = 'table'", &tables},
	} {
		if _, err := one(c, q.sql, nil, func(r cells) { *q.to = int(r.int(0)) }); err != nil {
			return 0, 0, 0, err
		}
	}
	return id, version, tables, nil
}

// afterwards is what a migration does that SQL alone cannot say, in its transaction.
var afterwards = map[string]func(conn) error{"migrations/0004_place.sql": fillPlaces}

func step(c conn, d Dialect, name string, version int) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	statements := append(split(d.ddl(string(text))),
		fmt.Sprintf("PRAGMA application_id = %d", appID), fmt.Sprintf("PRAGMA user_version = %d", version))
	if _, err := c.exec(d.Begin); err != nil {
		return err
	}
	for _, s := range statements {
		if _, err := c.exec(s); err != nil {
			c.exec("ROLLBACK")
			return fmt.Errorf("%s: %w", firstLine(s), err)
		}
	}
	if then := afterwards[name]; then != nil {
		if err := then(c); err != nil {
			c.exec("ROLLBACK")
			return err
		}
	}
	_, err = c.exec("COMMIT")
	return err
}

// split cuts a migration into statements: comments go, a semicolon at the end of a line ends one.
func split(sql string) []string {
	var lines []string
	for line := range strings.Lines(sql) {
		if !strings.HasPrefix(line, "--") {
			lines = append(lines, line)
		}
	}
	var out []string
	for _, s := range strings.Split(strings.Join(lines, ""), ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

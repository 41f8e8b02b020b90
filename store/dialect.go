package store

import "strings"

// Dialect holds the few differences between the databases. The statements are the same for all.
type Dialect struct {
	Name      string
	Text      string                    // type of a text that sorts by its bytes
	Blob      string                    // type of a byte string
	Integer   string                    // type of a number by which a table is kept in order
	Clustered string                    // behind a table that is kept in the order of its primary key
	Begin     string                    // begins a transaction that will write
	Hint      func(index string) string // behind a table, leads a database without statistics to an index
	Number    string                    // the number of a row, where a table has no other
	Key       string                    // the index of row's primary key, for Hint
}

// SQLite is the dialect of the default database.
var SQLite = Dialect{Name: "sqlite", Text: "TEXT", Blob: "BLOB", Integer: "INTEGER", Clustered: "WITHOUT ROWID", Begin: "BEGIN IMMEDIATE",
	Hint: func(index string) string { return " INDEXED BY " + index }, Number: "rowid", Key: "sqlite_autoindex_row_1"}

// ddl replaces the words of a migration that differ between the databases.
func (d Dialect) ddl(sql string) string {
	return strings.NewReplacer("{text}", d.Text, "{blob}", d.Blob, "{integer}", d.Integer, "{clustered}", d.Clustered).Replace(sql)
}

-- Rows that the events up to seq changed since the entry before, and that the tables row and
-- facet may not show yet. rows is encoded as store/entry.go says; an entry goes when the
-- tables have come past it.
CREATE TABLE behind (
	log {text} NOT NULL,
	seq BIGINT NOT NULL,
	rows {blob} NOT NULL,
	PRIMARY KEY (log, seq)
) {clustered};

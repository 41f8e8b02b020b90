-- Entries of the rows that lists are behind with lie in the order in which they are written, as events do: each goes behind the last one, and
-- most fit into a page whole.
CREATE TABLE left_behind (
	line {integer} PRIMARY KEY,
	log {text} NOT NULL,
	seq BIGINT NOT NULL,
	rows {blob} NOT NULL
);
INSERT INTO left_behind (line, log, seq, rows)
	SELECT (SELECT (h.number << 44) + behind.seq FROM head AS h WHERE h.log = behind.log), log, seq, rows FROM behind ORDER BY log, seq;
DROP TABLE behind;
ALTER TABLE left_behind RENAME TO behind;

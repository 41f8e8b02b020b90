-- The log lies in the order in which it is written: line is the number of the log times 2^44 and the event's seq, and
-- an event goes behind the last one without a search for its place; see decision 0021.
ALTER TABLE head ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
UPDATE head SET number = (SELECT count(*) FROM head AS h WHERE h.log <= head.log);

CREATE TABLE line (
	line {integer} PRIMARY KEY,
	log {text} NOT NULL,
	seq BIGINT NOT NULL,
	stream {text} NOT NULL,
	kind {text} NOT NULL,
	version BIGINT NOT NULL,
	at BIGINT NOT NULL,
	person {text} NOT NULL,
	acting_for {text} NOT NULL,
	unit {text} NOT NULL,
	role {text} NOT NULL,
	type {text} NOT NULL,
	schema BIGINT NOT NULL,
	suite BIGINT NOT NULL,
	number {text} NOT NULL,
	reason {text} NOT NULL,
	command {text} NOT NULL,
	part BIGINT NOT NULL,
	salt {blob} NOT NULL,
	body {text} NOT NULL,
	leaf {blob} NOT NULL,
	head {blob} NOT NULL
);
INSERT INTO line (line, log, seq, stream, kind, version, at, person, acting_for, unit, role, type, schema, suite, number, reason,
	command, part, salt, body, leaf, head)
	SELECT (SELECT (h.number << 44) + event.seq FROM head AS h WHERE h.log = event.log), log, seq, stream, kind, version, at, person, acting_for,
	unit, role, type, schema, suite, number, reason, command, part, salt, body, leaf, head FROM event ORDER BY log, seq;
DROP TABLE event;
ALTER TABLE line RENAME TO event;
CREATE UNIQUE INDEX event_stream ON event (log, stream, version);
CREATE UNIQUE INDEX event_command ON event (log, command) WHERE part = 0;

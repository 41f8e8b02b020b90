-- An event names the one before it in its stream, and a row the last one, both by their seq: a stream is read from its
-- end, without an index that every event would have to be written into; see decision 0022.
ALTER TABLE event ADD COLUMN previous BIGINT NOT NULL DEFAULT 0;
UPDATE event SET previous = coalesce((SELECT e.seq FROM event AS e WHERE e.log = event.log AND e.stream = event.stream AND e.version = event.version - 1), 0)
	WHERE version > 1;
-- Questions of auditors had no row.
INSERT INTO row (log, stream, noun, kind, version, number, title, find, state, open, unit, person, area, parent, opened, closed, due, yellow, wake, light, public, facets, body)
	SELECT log, stream, kind, 'audit/read', version, '', '', '
', '', 0, unit, person, '', '', at, 0, 9223372036854775807, 9223372036854775807, 9223372036854775807, '', 0, '', '{}'
	FROM event WHERE type = 'audit.read' ON CONFLICT DO NOTHING;
ALTER TABLE row ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE row SET seq = coalesce((SELECT e.seq FROM event AS e WHERE e.log = row.log AND e.stream = row.stream ORDER BY e.version DESC LIMIT 1), 0);
DROP INDEX event_stream;

-- Where the first event of each command stands, see store/command.go. head.commands is the seq up to which the table is
-- complete: what came later is read from the log when it is opened.
CREATE TABLE command (
	page {integer} PRIMARY KEY,
	places {blob} NOT NULL
);
ALTER TABLE head ADD COLUMN commands BIGINT NOT NULL DEFAULT 0;
DROP INDEX event_command;

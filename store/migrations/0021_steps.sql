-- What waits for a post is told by the step that a matter is at: the index of what is open knows it too, so that no row is looked up to count what
-- waits. Its column behind stream is one that nobody asks for a value of: those behind it are compared, and not looked for one by one.
DROP INDEX row_live;
CREATE INDEX row_live ON row (log, stream, opened, noun, kind, state, unit, person, area, due, yellow, light, public, open) WHERE open = 1;

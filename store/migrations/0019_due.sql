-- What is overdue is counted, and the beginning of what is due is narrowed, from the index alone: it knows noun, kind, unit and the light
-- of what has no due time.
DROP INDEX row_due;
CREATE INDEX row_due ON row (log, open, due, stream, noun, kind, unit, light);

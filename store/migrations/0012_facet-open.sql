-- A facet knows whether its stream is open: what is open is a small part of what was, and nearly every list asks for it.
ALTER TABLE facet ADD COLUMN open BIGINT NOT NULL DEFAULT 1;
UPDATE facet SET open = 0 WHERE EXISTS (SELECT 1 FROM row WHERE row.log = facet.log AND row.stream = facet.stream AND row.open = 0);
DROP INDEX facet_text;
CREATE INDEX facet_text ON facet (log, name, text, open, kind, stream);

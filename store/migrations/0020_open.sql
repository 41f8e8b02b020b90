-- Worklists ask for what is open, a small part of what was. Who may see it, whose it is and when it is due is known from an index of that part
-- alone, a tenth of the width of a row.
CREATE INDEX row_live ON row (log, stream, noun, kind, unit, person, area, opened, due, yellow, light, public, open) WHERE open = 1;
-- What a unit has is narrowed to kinds without looking rows up.
DROP INDEX row_unit;
CREATE INDEX row_unit ON row (log, unit, open, kind, stream);

-- Lists and counts ask nearly always for what is open: persons and areas know it, and counting along boards needs no row for the noun.
DROP INDEX row_person;
CREATE INDEX row_person ON row (log, person, open, stream) WHERE person <> '';
DROP INDEX row_area;
CREATE INDEX row_area ON row (log, open, area, stream) WHERE area <> '';
DROP INDEX row_board;
CREATE INDEX row_board ON row (log, open, kind, state, unit, noun, stream);

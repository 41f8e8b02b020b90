-- Full text: the parts of each index, which the desk makes and reads (desk/search). book names an index of a log.
-- doc numbers the streams of a book from 0. cards are what a part knows of its documents; a leaf holds the postings of
-- neighbouring terms, from first on. Leaves have a row number of the database's own: their bytes fill half a page.
CREATE TABLE doc (
	log {text} NOT NULL,
	book {text} NOT NULL,
	stream {text} NOT NULL,
	doc BIGINT NOT NULL,
	PRIMARY KEY (log, book, stream)
) {clustered};
CREATE UNIQUE INDEX doc_number ON doc (log, book, doc);

CREATE TABLE part (
	log {text} NOT NULL,
	book {text} NOT NULL,
	id BIGINT NOT NULL,
	age BIGINT NOT NULL,
	docs BIGINT NOT NULL,
	cards {blob} NOT NULL,
	PRIMARY KEY (log, book, id)
);

CREATE TABLE leaf (
	log {text} NOT NULL,
	book {text} NOT NULL,
	part BIGINT NOT NULL,
	first BIGINT NOT NULL,
	bytes {blob} NOT NULL,
	PRIMARY KEY (log, book, part, first)
);

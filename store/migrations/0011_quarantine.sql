-- What a scanner said of a file: found is empty for one in which it found nothing. A file without a row was not looked at yet.
CREATE TABLE scanned (
	hash {text} NOT NULL PRIMARY KEY,
	at BIGINT NOT NULL,
	found {text} NOT NULL
);

-- Photos that wait for the rest of the report that they belong to. They are no records: they go when the report is filed, when time
-- is over, or when others need the place. The key is a hash of what only the reporter has.
CREATE TABLE waiting (
	log {text} NOT NULL,
	key {text} NOT NULL,
	nr BIGINT NOT NULL,
	at BIGINT NOT NULL,
	hash {text} NOT NULL,
	name {text} NOT NULL,
	media {text} NOT NULL,
	size BIGINT NOT NULL,
	bytes {blob} NOT NULL,
	PRIMARY KEY (log, key, nr)
);
CREATE INDEX waiting_at ON waiting (log, at);

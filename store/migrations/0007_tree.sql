-- The tree over the leaves of a log, which is computed behind the log from nothing but it. tree says how many leaves it has and by which
-- algorithm; a tile holds up to 256 hashes of 32 bytes.
CREATE TABLE tree (
	log {text} NOT NULL PRIMARY KEY,
	algorithm {text} NOT NULL,
	size BIGINT NOT NULL
);
CREATE TABLE tile (
	log {text} NOT NULL,
	level BIGINT NOT NULL,
	place BIGINT NOT NULL,
	hashes {blob} NOT NULL,
	PRIMARY KEY (log, level, place)
) {clustered};

-- What was signed of a log, one for each size. What is not kept is dropped after a while: it was made for a receipt.
CREATE TABLE checkpoint (
	log {text} NOT NULL,
	size BIGINT NOT NULL,
	at BIGINT NOT NULL,
	kept BIGINT NOT NULL,
	note {text} NOT NULL,
	PRIMARY KEY (log, size)
);

-- What verifying a log found, and when.
CREATE TABLE examination (
	log {text} NOT NULL,
	at BIGINT NOT NULL,
	events BIGINT NOT NULL,
	head {text} NOT NULL,
	bad BIGINT NOT NULL,
	reason {text} NOT NULL,
	took BIGINT NOT NULL,
	PRIMARY KEY (log, at)
);

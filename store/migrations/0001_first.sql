-- What the store remembers. Instants are microseconds since 1970 UTC; booleans are 0 or 1.
-- Every key begins with the log (the district), so that tables can be distributed by it.

-- The log of official events. part is the event's place in its command, so that the first
-- event of a command is unique and the receipt of a command can be read back.
CREATE TABLE event (
	log {text} NOT NULL,
	seq BIGINT NOT NULL,
	stream {text} NOT NULL,
	kind {text} NOT NULL,
	version BIGINT NOT NULL,
	at BIGINT NOT NULL,
	person {text} NOT NULL,
	acting_for {text} NOT NULL,
	unit {text} NOT NULL,
	role {text} NOT NULL,
	type {text} NOT NULL,
	schema BIGINT NOT NULL,
	suite BIGINT NOT NULL,
	number {text} NOT NULL,
	reason {text} NOT NULL,
	command {text} NOT NULL,
	part BIGINT NOT NULL,
	salt {blob} NOT NULL,
	body {text} NOT NULL,
	leaf {blob} NOT NULL,
	head {blob} NOT NULL,
	PRIMARY KEY (log, seq)
) {clustered};
CREATE UNIQUE INDEX event_stream ON event (log, stream, version);
CREATE UNIQUE INDEX event_command ON event (log, command) WHERE part = 0;

-- The end of each log, moved by compare-and-set once per transaction.
CREATE TABLE head (
	log {text} NOT NULL PRIMARY KEY,
	seq BIGINT NOT NULL,
	head {blob} NOT NULL
);

-- The last number given in each gap-free series.
CREATE TABLE series (
	log {text} NOT NULL,
	name {text} NOT NULL,
	last BIGINT NOT NULL,
	PRIMARY KEY (log, name)
);

-- The projection that lists read: one row per stream. due, yellow and wake are the greatest instant
-- where there is none, so that none sorts last; find is title and number, folded, a line each;
-- facets is a copy of the stream's facets, so that a page of rows is one statement.
-- What is closed keeps its due, so open and closed rows stand apart by it.
CREATE TABLE row (
	log {text} NOT NULL,
	stream {text} NOT NULL,
	noun {text} NOT NULL,
	kind {text} NOT NULL,
	version BIGINT NOT NULL,
	number {text} NOT NULL,
	title {text} NOT NULL,
	find {text} NOT NULL,
	state {text} NOT NULL,
	open BIGINT NOT NULL,
	unit {text} NOT NULL,
	person {text} NOT NULL,
	area {text} NOT NULL,
	parent {text} NOT NULL,
	opened BIGINT NOT NULL,
	closed BIGINT NOT NULL,
	due BIGINT NOT NULL,
	yellow BIGINT NOT NULL,
	wake BIGINT NOT NULL,
	light {text} NOT NULL,
	public BIGINT NOT NULL,
	facets {text} NOT NULL,
	body {text} NOT NULL,
	PRIMARY KEY (log, stream)
) {clustered};
CREATE INDEX row_due ON row (log, open, due, stream);
CREATE INDEX row_opened ON row (log, opened DESC, stream);
CREATE INDEX row_kind_opened ON row (log, kind, opened, stream);
CREATE INDEX row_kind_closed ON row (log, kind, closed, stream) WHERE closed > 0;
CREATE INDEX row_number ON row (log, number, stream);
CREATE INDEX row_find ON row (log, find, stream);
CREATE INDEX row_wake ON row (log, wake, stream) WHERE wake < 9223372036854775807;
CREATE INDEX row_board ON row (log, open, kind, state, unit, stream);
CREATE INDEX row_unit ON row (log, unit, open, stream);
CREATE INDEX row_person ON row (log, person, stream) WHERE person <> '';
CREATE INDEX row_parent ON row (log, parent, stream) WHERE parent <> '';
CREATE INDEX row_area ON row (log, area, stream) WHERE area <> '';

-- What lists can be filtered and counted by. A text of a facet is a range of streams in order.
CREATE TABLE facet (
	log {text} NOT NULL,
	stream {text} NOT NULL,
	name {text} NOT NULL,
	text {text} NOT NULL,
	kind {text} NOT NULL,
	number BIGINT NOT NULL,
	PRIMARY KEY (log, stream, name, text)
) {clustered};
CREATE INDEX facet_text ON facet (log, name, text, kind, stream);

-- Personal values that events commit to.
CREATE TABLE personal (
	log {text} NOT NULL,
	subject {text} NOT NULL,
	field {text} NOT NULL,
	suite {text} NOT NULL,
	salt {blob} NOT NULL,
	value {text} NOT NULL,
	PRIMARY KEY (log, subject, field)
) {clustered};

-- Uploads by the hash of their bytes.
CREATE TABLE blob (
	hash {text} NOT NULL PRIMARY KEY,
	name {text} NOT NULL,
	media {text} NOT NULL,
	bytes {blob} NOT NULL
);

-- Sessions by the hash of their secret.
CREATE TABLE session (
	hash {text} NOT NULL PRIMARY KEY,
	until BIGINT NOT NULL,
	body {blob} NOT NULL
);
CREATE INDEX session_until ON session (until);

-- How far each consumer has read a log.
CREATE TABLE cursor (
	log {text} NOT NULL,
	name {text} NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (log, name)
);

-- Who does background work, with a token that grows each time it changes hands.
CREATE TABLE lease (
	name {text} NOT NULL PRIMARY KEY,
	holder {text} NOT NULL,
	until BIGINT NOT NULL,
	token BIGINT NOT NULL
);

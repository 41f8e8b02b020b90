-- What was asked of somebody who is about to prove who they are: answered once, within minutes, beside the log.
CREATE TABLE challenge (
	log {text} NOT NULL,
	kind {text} NOT NULL,
	id {text} NOT NULL,
	owner {text} NOT NULL,
	body {blob} NOT NULL,
	tries BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (log, kind, id)
) {clustered};
CREATE INDEX challenge_until ON challenge (log, until);

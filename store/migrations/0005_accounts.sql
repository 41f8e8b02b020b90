-- What proves that somebody is who they say, beside the log: verifiers of passwords, sealed seeds, hashes of codes, names
-- to sign in with. owner is the account's stream; used only grows, so that what can be used once is used once.
CREATE TABLE credential (
	log {text} NOT NULL,
	owner {text} NOT NULL,
	kind {text} NOT NULL,
	id {text} NOT NULL,
	body {blob} NOT NULL,
	used BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (log, owner, kind, id)
) {clustered};
CREATE UNIQUE INDEX credential_id ON credential (log, kind, id);

-- Whose a session is, so that all of somebody's end at once; empty for one that is nobody's account.
ALTER TABLE session ADD COLUMN owner {text} NOT NULL DEFAULT '';
CREATE INDEX session_owner ON session (owner) WHERE owner <> '';

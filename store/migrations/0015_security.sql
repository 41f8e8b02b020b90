-- The security log, beside the record: what was refused, failed or weighs. A storm is one line with a count.
CREATE TABLE security (
	log {text} NOT NULL,
	seq BIGINT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	kind {text} NOT NULL,
	code {text} NOT NULL,
	person {text} NOT NULL,
	network {text} NOT NULL,
	route {text} NOT NULL,
	record BIGINT NOT NULL,
	times BIGINT NOT NULL,
	PRIMARY KEY (log, seq)
) {clustered};
CREATE INDEX security_person ON security (log, person, seq);
CREATE INDEX security_kind ON security (log, kind, seq);

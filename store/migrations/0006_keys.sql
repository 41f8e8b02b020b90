-- Keys of subjects, locked under a key of the district that is not in the database. due is when retention looks
-- at the subject again. Whoever destroys a row here destroys the subject's values in every copy of the table personal.
CREATE TABLE subject_key (
	log {text} NOT NULL,
	subject {text} NOT NULL,
	under {text} NOT NULL,
	wrapped {blob} NOT NULL,
	made BIGINT NOT NULL,
	due BIGINT NOT NULL,
	PRIMARY KEY (log, subject)
) {clustered};
CREATE INDEX subject_key_due ON subject_key (log, due, subject);
CREATE INDEX personal_plain ON personal (log, subject, field) WHERE suite = 'plain';

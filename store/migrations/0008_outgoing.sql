-- What people are told and what programs are sent, beside the log: all of it can be made again from the log, except what
-- was read, what was sent, and where people want to be reached.

-- A notice is one thing that one person is told. facts is JSON without anything that somebody typed. todo is 1
-- where it is over once the matter has left the person's hands.
CREATE TABLE notice (
	log {text} NOT NULL,
	person {text} NOT NULL,
	id {text} NOT NULL,
	about {text} NOT NULL,
	at BIGINT NOT NULL,
	stream {text} NOT NULL,
	todo BIGINT NOT NULL,
	facts {text} NOT NULL,
	read BIGINT NOT NULL,
	PRIMARY KEY (log, person, id)
) {clustered};
CREATE INDEX notice_inbox ON notice (log, person, at, id);
CREATE INDEX notice_unread ON notice (log, person, about) WHERE read = 0;
CREATE INDEX notice_todo ON notice (log, stream) WHERE read = 0 AND todo = 1;

-- A posting is a notice on its way by a channel. Those of a person that go as one message share a batch.
CREATE TABLE posting (
	log {text} NOT NULL,
	person {text} NOT NULL,
	channel {text} NOT NULL,
	notice {text} NOT NULL,
	at BIGINT NOT NULL,
	due BIGINT NOT NULL,
	state {text} NOT NULL,
	tries BIGINT NOT NULL,
	batch {text} NOT NULL,
	why {text} NOT NULL,
	PRIMARY KEY (log, person, channel, notice)
) {clustered};
CREATE INDEX posting_state ON posting (log, state, due);
CREATE INDEX posting_batch ON posting (log, batch) WHERE batch <> '';

-- When a matter will turn yellow or red if nothing happens before.
CREATE TABLE lamp (
	log {text} NOT NULL,
	stream {text} NOT NULL,
	about {text} NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (log, stream, about)
) {clustered};
CREATE INDEX lamp_at ON lamp (log, at);

-- Where and how somebody wants to be reached; body is sealed.
CREATE TABLE reach (
	log {text} NOT NULL,
	person {text} NOT NULL,
	body {blob} NOT NULL,
	PRIMARY KEY (log, person)
) {clustered};

-- How far each subscription to events has come, and the events that are on their way or were delivered lately.
CREATE TABLE hook (
	log {text} NOT NULL,
	hook {text} NOT NULL,
	seq BIGINT NOT NULL,
	fails BIGINT NOT NULL,
	until BIGINT NOT NULL,
	off {text} NOT NULL,
	PRIMARY KEY (log, hook)
) {clustered};
CREATE TABLE delivery (
	log {text} NOT NULL,
	hook {text} NOT NULL,
	seq BIGINT NOT NULL,
	stream {text} NOT NULL,
	state {text} NOT NULL,
	tries BIGINT NOT NULL,
	due BIGINT NOT NULL,
	status BIGINT NOT NULL,
	why {text} NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (log, hook, seq)
) {clustered};
CREATE INDEX delivery_state ON delivery (log, hook, state, seq);

-- The keyed hash by which the same personal value is found again, also of another subject; empty
-- for a value that nobody looks for. It goes when the value goes: the log knows nothing of it.
ALTER TABLE personal ADD COLUMN blind {text} NOT NULL DEFAULT '';
CREATE INDEX personal_blind ON personal (log, blind, subject) WHERE blind <> '';

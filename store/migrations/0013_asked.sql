-- What a command asked for stands with its first event, which is the last of the log when it is written, and no longer as a file at
-- a place of its own. It belongs to no hash. Empty: nothing was said.
ALTER TABLE event ADD COLUMN asked {blob} NOT NULL DEFAULT '';

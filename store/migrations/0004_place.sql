-- Where a row is: whole numbers of 10⁻⁷ degrees in WGS-84, 0 and 0 where that is not known, and the cell that the point
-- lies in (ground/geo), -1 for none. A box is a few intervals of cells, so that an ordinary index answers it.
ALTER TABLE row ADD COLUMN lng BIGINT NOT NULL DEFAULT 0;
ALTER TABLE row ADD COLUMN lat BIGINT NOT NULL DEFAULT 0;
ALTER TABLE row ADD COLUMN cell BIGINT NOT NULL DEFAULT -1;
CREATE INDEX row_cell ON row (log, cell, stream) WHERE cell >= 0;

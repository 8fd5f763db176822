-- SPDX-License-Identifier: Apache-2.0
-- What of a source was kept apart can be mended and tried again (plug/collect/replay.h).

ALTER TABLE quarantine ADD COLUMN received_at_us BIGINT;  -- by a source; NULL: a row of a file
ALTER TABLE quarantine ADD COLUMN is_part INTEGER NOT NULL DEFAULT 0; -- 1: the event was taken

-- Of those accepted, how many had a part that was kept apart: accepted, duplicate and quarantined
-- are all that came.
ALTER TABLE sender_hour ADD COLUMN marked_count BIGINT NOT NULL DEFAULT 0;

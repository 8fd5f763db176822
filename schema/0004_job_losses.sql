-- SPDX-License-Identifier: Apache-2.0
-- How often the process that ran a job died, so that a job which brings its process down is not
-- taken up for ever (store/job_recover.c).

-- In a row, without the job's getting further in between.
ALTER TABLE job ADD COLUMN lost_count INTEGER NOT NULL DEFAULT 0;
-- The farthest that it was at such a moment.
ALTER TABLE job ADD COLUMN lost_stage TEXT NOT NULL DEFAULT '';
ALTER TABLE job ADD COLUMN lost_done BIGINT NOT NULL DEFAULT 0;

-- SPDX-License-Identifier: Apache-2.0
-- Days are those of a time zone: a segment was evaluated in one. Empty: before that was kept, so it
-- is evaluated once more.
ALTER TABLE segment_follow ADD COLUMN zone TEXT NOT NULL DEFAULT '';

-- SPDX-License-Identifier: Apache-2.0
-- What was deleted because it may not be kept for longer (plug/tag/expiry.h), by sources.

CREATE TABLE expiry (
    sender_id BIGINT PRIMARY KEY,
    looked_at_us BIGINT NOT NULL,      -- last
    deleted_at_us BIGINT,              -- last that there was anything
    deleted_count BIGINT NOT NULL      -- ever
);

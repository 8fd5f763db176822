-- SPDX-License-Identifier: Apache-2.0
-- Webhooks in (plug/inbound): addresses at which other systems tell what happened, signed.

CREATE TABLE hook (
    sender_id BIGINT PRIMARY KEY,      -- of type webhook; an import of this id holds what it brings
    handle TEXT NOT NULL UNIQUE,       -- in its address: 192 random bits
    scheme TEXT NOT NULL,              -- plug/inbound/signature.h
    secret TEXT NOT NULL,              -- sealed (govern/access/seal.h)
    old_secret TEXT,                   -- sealed: the one before it, as long as it counts
    old_secret_until_us BIGINT
);

-- Messages that were taken, so that none is taken twice; kept longer than a signature is good for.
CREATE TABLE hook_message (
    sender_id BIGINT NOT NULL,
    message_key TEXT NOT NULL,         -- its id, or its signature where the scheme has no ids
    at_us BIGINT NOT NULL,
    PRIMARY KEY (sender_id, message_key)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX hook_message_by_time ON hook_message (sender_id, at_us);

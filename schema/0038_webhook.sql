-- SPDX-License-Identifier: Apache-2.0
-- Where webhooks go (push/webhook/endpoint.h): one row, with id 1.

CREATE TABLE webhook_endpoint (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    url TEXT NOT NULL,                 -- sealed (govern/access/seal.h), as are the secrets
    secret TEXT NOT NULL,
    old_secret TEXT NOT NULL,          -- the one before; empty: there was none
    old_until_us BIGINT NOT NULL,      -- until when it signs as well
    state TEXT NOT NULL,               -- on, off, gone, failing
    failing_since_us BIGINT NOT NULL,  -- 0: its last answer was a good one
    answered_at_us BIGINT NOT NULL,    -- the last good one; 0: none yet
    changed_at_us BIGINT NOT NULL      -- names this address among those before and after it
);

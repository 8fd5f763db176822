-- SPDX-License-Identifier: Apache-2.0
-- Mail (push/mail): how it leaves the house, who it is from, the keys that sign it, and what became
-- of it by day and destination.

CREATE TABLE mail_setup (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    host TEXT NOT NULL,                -- of the relay; empty: none is set up
    port INTEGER NOT NULL,
    tls INTEGER NOT NULL,              -- push/mail/smtp.h
    user_name TEXT NOT NULL,
    password TEXT NOT NULL,            -- sealed (govern/access/seal.h); empty: none
    helo TEXT NOT NULL,
    connections INTEGER NOT NULL,
    per_domain INTEGER NOT NULL,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,        -- the sender's own, not a customer's
    reply_to TEXT NOT NULL,
    return_host TEXT NOT NULL,         -- of return paths
    list_id TEXT NOT NULL,
    feedback_id TEXT NOT NULL,         -- the sender's part of Feedback-ID
    warm_up_per_day INTEGER NOT NULL,  -- mails to one destination on the first day; 0: no warm-up
    warm_up_day INTEGER NOT NULL,      -- the first one
    secret TEXT NOT NULL               -- sealed: of return paths and links
);

CREATE TABLE mail_key (
    selector TEXT PRIMARY KEY,
    domain TEXT NOT NULL,
    algorithm INTEGER NOT NULL,        -- push/mail/dkim.h
    secret TEXT NOT NULL,              -- sealed
    record TEXT NOT NULL,              -- what stands in DNS
    state INTEGER NOT NULL,            -- push/mail/mail.h
    created_at_us BIGINT NOT NULL
);

-- A destination is a domain of mail, not a person.
CREATE TABLE mail_day (
    day INTEGER NOT NULL,              -- UTC
    domain TEXT NOT NULL,
    accepted BIGINT NOT NULL DEFAULT 0,
    put_off BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    unknown BIGINT NOT NULL DEFAULT 0,
    delivered BIGINT NOT NULL DEFAULT 0,
    bounced BIGINT NOT NULL DEFAULT 0,
    complained BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (day, domain)
) /* sqlite: WITHOUT ROWID */;

-- Bounces that do not make an address dead at once: three over fourteen days do.
CREATE TABLE mail_bounce (
    identifier_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    class INTEGER NOT NULL,            -- push/mail/smtp_reply.h
    at_us BIGINT NOT NULL,
    PRIMARY KEY (identifier_id, message_id)
) /* sqlite: WITHOUT ROWID */;

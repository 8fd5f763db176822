-- SPDX-License-Identifier: Apache-2.0
-- Campaigns and the messages that they send. A message's row is there before anything leaves the
-- house, and there is one at most for a campaign's step and a customer (push/message/message.h).
-- No row here holds an address: customers are named by their id.

-- What people made of a channel (push/channel/channel.h).
CREATE TABLE channel (
    kind INTEGER PRIMARY KEY,
    cost_micros BIGINT NOT NULL,
    rate_per_second INTEGER NOT NULL
);

CREATE TABLE campaign (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose <> ''),
    channel INTEGER NOT NULL,
    segment TEXT NOT NULL,
    state TEXT NOT NULL,               -- draft, waiting, approved, running, paused, finished,
                                       -- stopped, imported
    problem TEXT NOT NULL DEFAULT '',  -- why it is paused
    hold_out_bp INTEGER NOT NULL,      -- who could have been written to, and is not
    key BIGINT NOT NULL,               -- of the draw
    budget_micros BIGINT,              -- NULL: none
    cost_micros BIGINT NOT NULL DEFAULT 0, -- of one message, taken when it was approved
    spent_micros BIGINT NOT NULL DEFAULT 0,
    margin_bp INTEGER,                 -- of revenue; NULL: not known
    starts_at_us BIGINT,               -- NULL: when it is approved
    send_minute INTEGER,               -- of the customer's day; NULL: at any time
    window_days INTEGER NOT NULL,      -- in which what customers do counts
    test_bp INTEGER NOT NULL,          -- of those written to, who decide which arm the others get;
                                       -- 10000: all of them, nothing is decided
    winner_by TEXT NOT NULL,           -- clicks, buyers, revenue
    winner_after_minutes INTEGER NOT NULL,
    winner_arm INTEGER,
    actor TEXT NOT NULL,               -- who made it
    approved_by TEXT,
    job_id BIGINT,
    created_at_us BIGINT NOT NULL,
    changed_at_us BIGINT NOT NULL,
    approved_at_us BIGINT,
    reserved_at_us BIGINT,             -- everybody has a row
    started_at_us BIGINT,              -- the first message
    tested_at_us BIGINT,               -- the last message of the test
    next_at_us BIGINT,                 -- when there is something to do again
    finished_at_us BIGINT,
    result TEXT                        -- JSON, of an experiment that was sent elsewhere
);
CREATE INDEX campaign_by_state ON campaign (state);

CREATE TABLE campaign_arm (
    campaign_id BIGINT NOT NULL,
    arm INTEGER NOT NULL,              -- from 0
    name TEXT NOT NULL,
    share INTEGER NOT NULL,            -- of the sum of shares
    template TEXT NOT NULL,            -- its name; empty: the parts below
    template_version BIGINT,           -- taken when it was approved
    subject TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (campaign_id, arm)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE message (
    id BIGINT PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    step INTEGER NOT NULL,
    customer BIGINT NOT NULL,          -- as it was when the row was made
    arm INTEGER,                       -- NULL: the winner's, not known yet; or held out
    state TEXT NOT NULL,               -- reserved, held_out, started, accepted, failed, unknown,
                                       -- refused
    reason TEXT NOT NULL DEFAULT '',   -- why it was refused, failed or has to wait
    detail TEXT NOT NULL DEFAULT '',   -- what the other side said
    due_at_us BIGINT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    cost_micros BIGINT NOT NULL DEFAULT 0,
    first_at_us BIGINT,                -- the first try
    started_at_us BIGINT,              -- the last one
    ended_at_us BIGINT,
    delivered_at_us BIGINT,
    bounced_at_us BIGINT,
    complained_at_us BIGINT,
    unsubscribed_at_us BIGINT,
    opened_at_us BIGINT,               -- by a person, as are clicks
    clicked_at_us BIGINT,
    machine_opened_at_us BIGINT,
    machine_clicked_at_us BIGINT,
    replied_at_us BIGINT,
    redeemed_at_us BIGINT,
    UNIQUE (campaign_id, step, customer)
);
CREATE INDEX message_due ON message (campaign_id, due_at_us) WHERE state = 'reserved';
CREATE INDEX message_started ON message (campaign_id) WHERE state = 'started';
CREATE INDEX message_by_customer ON message (customer, started_at_us);

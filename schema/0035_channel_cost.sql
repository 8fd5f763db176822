-- SPDX-License-Identifier: Apache-2.0
-- What channels cost in which days (analyze/attribution/cost.h). Entries of one channel add up.
CREATE TABLE channel_cost (
    id BIGINT PRIMARY KEY,
    channel TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    until_day BIGINT NOT NULL,         -- the last one
    currency TEXT NOT NULL,
    amount_micros BIGINT NOT NULL,     -- over all these days, evenly
    changed_at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    UNIQUE (channel, from_day, until_day, currency)
);

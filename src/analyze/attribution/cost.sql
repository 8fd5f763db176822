-- SPDX-License-Identifier: Apache-2.0

-- :name channel_cost_put (ledger)
INSERT INTO channel_cost (id, channel, from_day, until_day, currency, amount_micros, changed_at_us,
    actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (channel, from_day, until_day, currency) DO UPDATE
SET amount_micros = excluded.amount_micros, changed_at_us = excluded.changed_at_us,
    actor = excluded.actor;

-- Those after $1.
-- :name channel_cost_list (ledger)
SELECT id, channel, from_day, until_day, amount_micros, currency, actor, changed_at_us
FROM channel_cost WHERE id > $1 ORDER BY id LIMIT $2;

-- :name channel_cost_delete (ledger)
DELETE FROM channel_cost WHERE id = $1 RETURNING id;

-- Entries that touch the days $1 to $2.
-- :name channel_cost_within (ledger)
SELECT channel, from_day, until_day, amount_micros, currency
FROM channel_cost WHERE from_day <= $2 AND until_day >= $1
ORDER BY channel, from_day, until_day, currency;

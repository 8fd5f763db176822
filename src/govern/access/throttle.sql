-- SPDX-License-Identifier: Apache-2.0

-- :name throttle_find (ledger)
SELECT due_at_us, told_at_us FROM throttle WHERE name = $1;

-- :name throttle_put (ledger)
INSERT INTO throttle (name, due_at_us, told_at_us) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET due_at_us = excluded.due_at_us, told_at_us = excluded.told_at_us;

-- :name throttle_give_back (ledger)
UPDATE throttle SET due_at_us = due_at_us - $2 WHERE name = $1;

-- Nothing of these is remembered any more that matters.
-- :name throttle_expire (ledger)
DELETE FROM throttle WHERE due_at_us <= $1 AND told_at_us <= $2;

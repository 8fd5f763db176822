-- SPDX-License-Identifier: Apache-2.0

-- :name webhook_endpoint_find (ledger)
SELECT url, secret, old_secret, old_until_us, state, failing_since_us, answered_at_us, changed_at_us
FROM webhook_endpoint
WHERE id = 1

-- The secret of the row that is there stays.
-- :name webhook_endpoint_put (ledger)
INSERT INTO webhook_endpoint (id, url, secret, old_secret, old_until_us, state, failing_since_us,
    answered_at_us, changed_at_us)
VALUES (1, $1, $2, '', 0, $3, 0, 0, $4)
ON CONFLICT (id) DO UPDATE SET url = excluded.url, state = excluded.state, failing_since_us = 0,
    changed_at_us = excluded.changed_at_us

-- :name webhook_endpoint_new_secret (ledger)
UPDATE webhook_endpoint SET old_secret = secret, secret = $1, old_until_us = $2 WHERE id = 1

-- :name webhook_endpoint_set_state (ledger)
UPDATE webhook_endpoint SET state = $1, failing_since_us = 0 WHERE id = 1

-- It took what it was sent.
-- :name webhook_endpoint_took (ledger)
UPDATE webhook_endpoint SET failing_since_us = 0, answered_at_us = $2
WHERE id = 1 AND changed_at_us = $1

-- It took nothing: for the first time.
-- :name webhook_endpoint_began_failing (ledger)
UPDATE webhook_endpoint SET failing_since_us = $2
WHERE id = 1 AND changed_at_us = $1 AND failing_since_us = 0

-- Of an address that fails since $3 or before; $3 the end of time: whatever it did.
-- :name webhook_endpoint_give_up (ledger)
UPDATE webhook_endpoint SET state = $2
WHERE id = 1 AND changed_at_us = $1 AND state = 'on' AND failing_since_us <= $3

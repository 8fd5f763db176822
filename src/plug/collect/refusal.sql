-- SPDX-License-Identifier: Apache-2.0

-- A device that was met before.
-- :name refusal_device (ledger)
SELECT id, origin FROM identifier WHERE kind = $1 AND source = '' AND value = $2

-- What it said of each purpose to source $3, the newest first.
-- :name refusal_answers (ledger)
SELECT purpose, state FROM consent
WHERE origin = $1 AND identifier_id = $2 AND source = $3 AND channel = 'web'
ORDER BY at_us DESC, id DESC

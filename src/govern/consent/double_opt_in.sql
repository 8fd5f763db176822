-- SPDX-License-Identifier: Apache-2.0

-- :name confirmation_insert (ledger)
INSERT INTO consent_confirmation (fact_id, identifier_id, origin, purpose, channel, locale,
    created_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- What waits for $1 and may still be confirmed.
-- :name confirmation_waiting (ledger)
SELECT n.fact_id, n.identifier_id, n.origin, n.purpose, n.channel, n.locale, n.tries,
    COALESCE(a.customer, n.origin)
FROM consent_confirmation n
LEFT JOIN alias a ON a.origin = n.origin
WHERE n.state = 'waiting' AND n.next_at_us <= $1 AND n.created_at_us > $2
ORDER BY n.fact_id
LIMIT $3

-- The same, how many of these channels.
-- :name confirmation_waiting_count (ledger)
SELECT COUNT(*)
FROM consent_confirmation
WHERE state = 'waiting' AND next_at_us <= $1 AND created_at_us > $2 AND channel IN ($3, $4)

-- An identifier of a kind ($2): the one that is named ($3), else the newest of customer $1.
-- :name confirmation_addresses (ledger)
SELECT i.id, i.value
FROM identifier i
WHERE i.kind = $2
  AND i.origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY CASE WHEN i.id = $3 THEN 0 ELSE 1 END, i.seen_at_us DESC, i.id DESC
LIMIT 20

-- :name confirmation_start (ledger)
UPDATE consent_confirmation SET state = $2, tries = tries + 1, detail = NULL
WHERE fact_id = $1 AND state = 'waiting'

-- :name confirmation_end (ledger)
UPDATE consent_confirmation SET state = $2, sent_at_us = $3, detail = $4
WHERE fact_id = $1

-- :name confirmation_put_off (ledger)
UPDATE consent_confirmation SET state = 'waiting', next_at_us = $2, detail = $3
WHERE fact_id = $1 AND state IN ('waiting', 'started')

-- :name confirmation_put_off_all (ledger)
UPDATE consent_confirmation SET next_at_us = $3, detail = $4
WHERE state = 'waiting' AND next_at_us <= $1 AND created_at_us > $2 AND channel IN ($5, $6)

-- :name confirmation_counts (ledger)
SELECT channel, state, COALESCE(detail, ''), COUNT(*), MIN(created_at_us)
FROM consent_confirmation
GROUP BY channel, state, COALESCE(detail, '')
ORDER BY channel, state, 3

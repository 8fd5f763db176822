-- SPDX-License-Identifier: Apache-2.0

-- :name suppression_insert (ledger)
INSERT INTO suppression (channel, digest, reason, at_us, source) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (channel, digest, reason) DO NOTHING

-- :name suppression_reasons (ledger)
SELECT reason FROM suppression WHERE channel = $1 AND digest = $2

-- :name suppression_delete (ledger)
DELETE FROM suppression WHERE channel = $1 AND digest = $2 AND ($3 = '' OR reason = $3)

-- :name suppression_exists (ledger)
SELECT 1 FROM suppression LIMIT 1

-- :name suppression_counts (ledger)
SELECT channel, reason, COUNT(*), MAX(at_us) FROM suppression
GROUP BY channel, reason ORDER BY channel, reason

-- The known identifier with this address.
-- :name suppression_identifier (ledger)
SELECT id FROM identifier WHERE kind = $1 AND source = '' AND value = $2

-- :name suppressed_insert (ledger)
INSERT INTO suppressed_identifier (identifier_id, channel, reason) VALUES ($1, $2, $3)
ON CONFLICT (identifier_id, channel, reason) DO NOTHING

-- :name suppressed_delete (ledger)
DELETE FROM suppressed_identifier
WHERE identifier_id = $1 AND channel = $2 AND ($3 = '' OR reason = $3)

-- Customers all of whose addresses of a kind ($1) are suppressed in a channel ($2), for any reason
-- ($3 = 1) or for one that stops everything.
-- :name suppressed_customers (ledger)
SELECT COALESCE(a.customer, i.origin)
FROM identifier i
LEFT JOIN alias a ON a.origin = i.origin
LEFT JOIN (SELECT DISTINCT identifier_id FROM suppressed_identifier
           WHERE channel = $2 AND ($3 = 1 OR reason IN ('bounced', 'erased'))) s
       ON s.identifier_id = i.id
WHERE i.kind = $1
  AND COALESCE(a.customer, i.origin) IN (
      SELECT COALESCE(b.customer, j.origin)
      FROM suppressed_identifier t
      JOIN identifier j ON j.id = t.identifier_id
      LEFT JOIN alias b ON b.origin = j.origin
      WHERE t.channel = $2)
GROUP BY COALESCE(a.customer, i.origin)
HAVING COUNT(*) = COUNT(s.identifier_id)

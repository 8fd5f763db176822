-- SPDX-License-Identifier: Apache-2.0

-- :name consent_find (ledger)
SELECT id, seen_import
FROM consent
WHERE source = $1 AND consent_key = $2

-- :name consent_insert (ledger)
INSERT INTO consent (id, import_id, seen_import, source, consent_key, identifier_id, origin,
    purpose, channel, state, legal_basis, text_version, at_us, proof, home, locale, method,
    recorded_by)
VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)

-- Where a fact about origin $1 goes: to identifier $2 as long as it is known, else to the first one
-- of the origin.
-- :name consent_place (ledger)
SELECT i.id, i.origin
FROM identifier i
WHERE i.id = $2 OR i.origin = $1
ORDER BY CASE WHEN i.id = $2 THEN 0 ELSE 1 END, i.id
LIMIT 1

-- What holds of a customer now, per purpose and channel: of the latest facts of its origins the
-- most restrictive. One that was said when its origin was the customer's already speaks for those
-- that were, too, and overrules what they said before.
-- :name consent_held (ledger)
SELECT purpose, channel, state, legal_basis, text_version, source, at_us
FROM (SELECT s.purpose, s.channel, s.state, s.legal_basis, s.text_version, s.source, s.at_us,
             ROW_NUMBER() OVER (PARTITION BY s.purpose, s.channel
                                ORDER BY CASE WHEN s.state = 'granted' THEN 1 ELSE 0 END,
                                         s.at_us DESC, s.id DESC) AS strictest
      FROM (SELECT l.*,
                   MAX(CASE WHEN l.at_us > l.joined_at_us THEN l.at_us ELSE 0 END)
                       OVER (PARTITION BY l.purpose, l.channel) AS overruled_us
            FROM (SELECT c.id, c.purpose, c.channel, c.state, c.legal_basis, c.text_version,
                         c.source, c.at_us, COALESCE(a.joined_at_us, 0) AS joined_at_us,
                         ROW_NUMBER() OVER (PARTITION BY c.origin, c.purpose, c.channel
                                            ORDER BY c.at_us DESC, c.id DESC) AS newest
                  FROM consent c LEFT JOIN alias a ON a.origin = c.origin
                  WHERE c.origin IN (SELECT CAST($1 AS BIGINT)
                                     UNION ALL SELECT origin FROM alias WHERE customer = $1)) AS l
            WHERE l.newest = 1) AS s
      WHERE s.at_us >= s.overruled_us OR s.joined_at_us >= s.overruled_us) AS held
WHERE strictest = 1
ORDER BY purpose, channel

-- Delivered again.
-- :name consent_seen (ledger)
UPDATE consent
SET seen_import = $2
WHERE id = $1

-- :name consent_undo_pass_on (ledger)
UPDATE consent
SET import_id = seen_import
WHERE import_id = $1 AND seen_import <> $1

-- :name consent_undo_unsee (ledger)
UPDATE consent
SET seen_import = import_id
WHERE seen_import = $1 AND import_id <> $1

-- :name consent_undo_ids (ledger)
SELECT min(id), max(id)
FROM consent
WHERE import_id = $1

-- :name consent_undo (ledger)
DELETE FROM consent
WHERE import_id = $1

-- One fact, and whose it is now.
-- :name consent_fact (ledger)
SELECT COALESCE(a.customer, c.origin), c.at_us, c.purpose, c.channel, c.state, c.source,
    c.legal_basis, c.text_version, c.locale, c.method, c.recorded_by, c.proof
FROM consent c
LEFT JOIN alias a ON a.origin = c.origin
WHERE c.id = $1

-- Everything a customer's origins ever said, the newest first.
-- :name consent_history (ledger)
SELECT c.id, c.at_us, c.purpose, c.channel, c.state, c.legal_basis, c.text_version, c.locale,
    c.source, c.method, c.recorded_by
FROM consent c
WHERE c.origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY c.at_us DESC, c.id DESC
LIMIT 500

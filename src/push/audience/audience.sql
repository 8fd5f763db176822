-- SPDX-License-Identifier: Apache-2.0

-- :name audience_person (ledger)
SELECT given_name, family_name, city, region, postal_code, country FROM customer WHERE id = $1

-- E-mail addresses (1) and telephone numbers (2), those seen first first. What is suppressed in any
-- channel, for whatever reason, is told to nobody.
-- :name audience_identifiers (ledger)
SELECT kind, value FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
  AND kind IN (1, 2)
  AND NOT EXISTS (SELECT 1 FROM suppressed_identifier s WHERE s.identifier_id = identifier.id)
ORDER BY kind, id

-- How many people the platform's list has.
-- :name audience_size (ledger)
SELECT COUNT(*) FROM audience_member WHERE campaign_id = $1

-- :name audience_member_put (ledger)
INSERT INTO audience_member (campaign_id, customer, platform, line) VALUES ($1, $2, $3, $4)
ON CONFLICT (campaign_id, customer) DO UPDATE SET platform = excluded.platform,
    line = excluded.line

-- :name audience_member_delete (ledger)
DELETE FROM audience_member WHERE campaign_id = $1 AND customer = $2

-- :name audience_members (ledger)
SELECT customer, platform, line FROM audience_member
WHERE campaign_id = $1 AND customer > $2 ORDER BY customer LIMIT $3

-- :name audience_forget (ledger)
DELETE FROM audience_member WHERE campaign_id = $1

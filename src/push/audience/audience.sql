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

-- Who stands in the files that were made before for this campaign.
-- :name audience_handed_over (ledger)
SELECT COUNT(*) FROM message WHERE campaign_id = $1 AND state = 'accepted'

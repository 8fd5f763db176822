-- SPDX-License-Identifier: Apache-2.0

-- :name audience_person (ledger)
SELECT given_name, family_name, city, region, postal_code, country FROM customer WHERE id = $1

-- E-mail addresses (1) and telephone numbers (2), those seen first first.
-- :name audience_identifiers (ledger)
SELECT kind, value FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
  AND kind IN (1, 2)
ORDER BY kind, id

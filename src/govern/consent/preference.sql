-- SPDX-License-Identifier: Apache-2.0

-- Whom identifier $2, or else origin $1, is now.
-- :name preference_person (ledger)
SELECT i.id, i.origin, COALESCE(a.customer, i.origin), i.kind, i.value
FROM identifier i
LEFT JOIN alias a ON a.origin = i.origin
WHERE i.id = $2 OR i.origin = $1
ORDER BY CASE WHEN i.id = $2 THEN 0 ELSE 1 END, i.id
LIMIT 1

-- :name preference_language (ledger)
SELECT language FROM customer WHERE id = $1

-- What a fact was about.
-- :name preference_fact (ledger)
SELECT state, at_us, text_version, locale, legal_basis FROM consent WHERE id = $1

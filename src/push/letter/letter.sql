-- SPDX-License-Identifier: Apache-2.0

-- :name letter_stationery_find (ledger)
SELECT definition FROM letter_stationery WHERE id = 1

-- :name letter_stationery_save (ledger)
INSERT INTO letter_stationery (id, definition, changed_at_us) VALUES (1, $1, $2)
ON CONFLICT (id) DO UPDATE SET definition = excluded.definition,
                               changed_at_us = excluded.changed_at_us

-- :name letter_addressee (ledger)
SELECT name, given_name, family_name, company, street, postal_code, city, region, country, language
FROM customer WHERE id = $1

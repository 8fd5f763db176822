-- SPDX-License-Identifier: Apache-2.0

-- A word of an origin; a word that is there already stays.
-- :name search_term_insert (ledger)
INSERT INTO search_term (term, origin) VALUES ($1, $2) ON CONFLICT (term, origin) DO NOTHING

-- All words of an origin.
-- :name search_term_delete (ledger)
DELETE FROM search_term WHERE origin = $1

-- What words an origin's identifiers give.
-- :name search_term_identifiers (ledger)
SELECT kind, value FROM identifier WHERE origin = $1

-- What words its names give.
-- :name search_term_names (ledger)
SELECT name, given_name, family_name, company FROM customer WHERE id = $1

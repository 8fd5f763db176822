-- SPDX-License-Identifier: Apache-2.0

-- ---- one answer, out of the ledger ----

-- :name decide_customer (ledger)
SELECT coalesce(a.customer, i.origin)
FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
WHERE i.kind = $1 AND i.source = $2 AND i.value = $3;

-- :name decide_segments (ledger)
SELECT s.name FROM segment_member m JOIN segment s ON s.id = m.segment_id
WHERE m.customer = $1 ORDER BY s.name;

-- ---- what is kept in memory ----

-- Of ids $1 to $2: an origin, the customer that it is now, and the columns that can be traits, in
-- the order of govern/access/trait.c, attributes last.
-- :name decide_profiles (ledger)
SELECT c.id, coalesce(a.customer, c.id), c.name, c.given_name, c.family_name, c.company,
    c.birth_day, c.gender, c.language, c.postal_code, c.city, c.region, c.country, c.attributes
FROM customer c LEFT JOIN alias a ON a.origin = c.id
WHERE c.id BETWEEN $1 AND $2;

-- The same for who is told no traits.
-- :name decide_customers (ledger)
SELECT c.id, coalesce(a.customer, c.id)
FROM customer c LEFT JOIN alias a ON a.origin = c.id
WHERE c.id BETWEEN $1 AND $2;

-- :name decide_identifiers (ledger)
SELECT id, kind, source, value, origin FROM identifier WHERE id BETWEEN $1 AND $2;

-- Customers who have said something but yes about being told apart, in facts $1 to $2.
-- :name decide_objectors (ledger)
SELECT DISTINCT coalesce(a.customer, n.origin)
FROM consent n LEFT JOIN alias a ON a.origin = n.origin
WHERE n.id BETWEEN $1 AND $2
    AND n.purpose IN ('personalisation', 'personalization', 'profiling');

-- :name decide_room (ledger)
SELECT (SELECT count(*) FROM identifier), (SELECT count(*) FROM customer);

-- :name decide_all_segments (ledger)
SELECT id, name FROM segment ORDER BY name;

-- :name decide_segment_name (ledger)
SELECT name FROM segment WHERE id = $1;

-- :name decide_members (ledger)
SELECT customer FROM segment_member WHERE segment_id = $1;

-- :name decide_is_pinned (ledger)
SELECT is_pinned FROM segment_follow WHERE segment_id = $1;

-- :name decide_is_member (ledger)
SELECT 1 FROM segment_member WHERE segment_id = $1 AND customer = $2;

-- :name decide_move_span (ledger)
SELECT (SELECT min(id) FROM segment_move), (SELECT max(id) FROM segment_move);

-- :name decide_moves (ledger)
SELECT id, segment_id, customer FROM segment_move WHERE id > $1 ORDER BY id;

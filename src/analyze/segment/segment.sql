-- SPDX-License-Identifier: Apache-2.0

-- ---- definitions ----

-- :name segment_insert (ledger)
INSERT INTO segment (id, name, description, definition, created_at_us, updated_at_us)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (name) DO NOTHING;

-- :name segment_update (ledger)
UPDATE segment SET description = $2, definition = $3, updated_at_us = $4 WHERE id = $1;

-- :name segment_delete (ledger)
DELETE FROM segment WHERE id = $1;
-- :name segment_delete_members (ledger)
DELETE FROM segment_member WHERE segment_id = $1;
-- :name segment_delete_history (ledger)
DELETE FROM segment_history WHERE segment_id = $1;

-- Each with its last evaluation.
-- :name segment_list (ledger)
SELECT s.id, s.name, s.description, s.definition, s.created_at_us, s.updated_at_us,
    h.at_us, h.as_of_day, h.size, h.entered, h.departed, h.change_id
FROM segment s
LEFT JOIN segment_history h ON h.segment_id = s.id
    AND h.at_us = (SELECT max(x.at_us) FROM segment_history x WHERE x.segment_id = s.id)
ORDER BY s.name;

-- :name segment_find (ledger)
SELECT s.id, s.name, s.description, s.definition, s.created_at_us, s.updated_at_us,
    h.at_us, h.as_of_day, h.size, h.entered, h.departed, h.change_id
FROM segment s
LEFT JOIN segment_history h ON h.segment_id = s.id
    AND h.at_us = (SELECT max(x.at_us) FROM segment_history x WHERE x.segment_id = s.id)
WHERE s.name = $1;

-- What another segment's tree takes in.
-- :name segment_definition (ledger)
SELECT definition, updated_at_us FROM segment WHERE name = $1;

-- ---- what there is to choose from ----

-- :name segment_consents (lake)
SELECT purpose, channel FROM consent GROUP BY purpose, channel ORDER BY purpose, channel LIMIT 200;

-- :name segment_events (lake)
SELECT name FROM event GROUP BY name ORDER BY count(*) DESC, name LIMIT 200;

-- ---- evaluation ----

-- With aliases, facts of an origin count for the customer that it is now.
-- :name segment_has_aliases (lake)
SELECT count(*) FROM (SELECT 1 FROM alias LIMIT 1) a;

-- :name segment_member_ids (ledger)
SELECT customer FROM segment_member WHERE segment_id = $1 ORDER BY customer;

-- :name segment_enter (ledger)
INSERT INTO segment_member (segment_id, customer, since_us) VALUES ($1, $2, $3);

-- :name segment_depart (ledger)
DELETE FROM segment_member WHERE segment_id = $1 AND customer = $2;

-- :name segment_history_insert (ledger)
INSERT INTO segment_history (segment_id, at_us, as_of_day, size, entered, departed, change_id)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- Newest first: $2 the instant to begin before, $3 the length.
-- :name segment_history_page (ledger)
SELECT at_us, as_of_day, size, entered, departed FROM segment_history
WHERE segment_id = $1 AND at_us < $2 ORDER BY at_us DESC LIMIT $3;

-- ---- members ----

-- Members behind customer $2, $3 of them, with the e-mail address and phone number seen last. The
-- sign before kind keeps the look-up on the origin's index: a kind alone has millions of rows.
-- :name segment_members (ledger)
SELECT CAST(m.customer AS TEXT),
    (SELECT min(i.value) FROM identifier i WHERE i.kind + 0 = 4 AND i.origin IN
        (SELECT m.customer UNION ALL SELECT a.origin FROM alias a WHERE a.customer = m.customer)),
    c.name, c.country, m.since_us,
    (SELECT i.value FROM identifier i WHERE i.kind + 0 = 1 AND i.origin IN
        (SELECT m.customer UNION ALL SELECT a.origin FROM alias a WHERE a.customer = m.customer)
     ORDER BY i.seen_at_us DESC, i.id DESC LIMIT 1),
    (SELECT i.value FROM identifier i WHERE i.kind + 0 = 2 AND i.origin IN
        (SELECT m.customer UNION ALL SELECT a.origin FROM alias a WHERE a.customer = m.customer)
     ORDER BY i.seen_at_us DESC, i.id DESC LIMIT 1)
FROM segment_member m LEFT JOIN customer c ON c.id = m.customer
WHERE m.segment_id = $1 AND m.customer > $2
ORDER BY m.customer LIMIT $3;

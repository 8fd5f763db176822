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
-- :name segment_delete_follow (ledger)
DELETE FROM segment_follow WHERE segment_id = $1;

-- Whether it follows what happens.
-- :name segment_set_live (ledger)
UPDATE segment SET is_live = $2 WHERE id = $1;

-- Each with its last evaluation.
-- :name segment_list (ledger)
SELECT s.id, s.name, s.description, s.definition, s.created_at_us, s.updated_at_us,
    coalesce(f.at_us, h.at_us), coalesce(f.as_of_day, h.as_of_day), coalesce(f.size, h.size),
    h.entered, h.departed, coalesce(f.change_id, h.change_id),
    s.is_live, coalesce(f.is_pinned, 0), coalesce(f.problem, ''), coalesce(f.zone, '')
FROM segment s
LEFT JOIN segment_follow f ON f.segment_id = s.id
LEFT JOIN segment_history h ON h.segment_id = s.id
    AND h.at_us = (SELECT max(x.at_us) FROM segment_history x WHERE x.segment_id = s.id)
ORDER BY s.name;

-- :name segment_find (ledger)
SELECT s.id, s.name, s.description, s.definition, s.created_at_us, s.updated_at_us,
    coalesce(f.at_us, h.at_us), coalesce(f.as_of_day, h.as_of_day), coalesce(f.size, h.size),
    h.entered, h.departed, coalesce(f.change_id, h.change_id),
    s.is_live, coalesce(f.is_pinned, 0), coalesce(f.problem, ''), coalesce(f.zone, '')
FROM segment s
LEFT JOIN segment_follow f ON f.segment_id = s.id
LEFT JOIN segment_history h ON h.segment_id = s.id
    AND h.at_us = (SELECT max(x.at_us) FROM segment_history x WHERE x.segment_id = s.id)
WHERE s.name = $1;

-- :name segment_exists (ledger)
SELECT 1 FROM segment WHERE id = $1;

-- What another segment's tree takes in.
-- :name segment_definition (ledger)
SELECT definition, updated_at_us FROM segment WHERE name = $1;

-- ---- what there is to choose from ----

-- :name segment_consents (lake)
SELECT purpose, channel FROM consent GROUP BY purpose, channel ORDER BY purpose, channel LIMIT 200;

-- :name segment_events (lake)
SELECT name FROM event GROUP BY name ORDER BY count(*) DESC, name LIMIT 200;

-- ---- evaluation ----

-- In which time zone the lake's days are. While it is built anew for another one, the setting is
-- that already.
-- :name segment_lake_zone (lake)
SELECT zone FROM lake_state;

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

-- ---- following ----

-- What a whole evaluation came to.
-- :name segment_follow_put (ledger)
INSERT INTO segment_follow (segment_id, change_id, as_of_day, changed_at_us, is_pinned, at_us, size,
    history_at_us, problem, zone)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', $8)
ON CONFLICT (segment_id) DO UPDATE SET change_id = excluded.change_id,
    as_of_day = excluded.as_of_day, changed_at_us = excluded.changed_at_us,
    is_pinned = excluded.is_pinned, at_us = excluded.at_us, size = excluded.size,
    history_at_us = 0, problem = '', zone = excluded.zone;

-- :name segment_is_pinned (ledger)
SELECT is_pinned FROM segment_follow WHERE segment_id = $1;

-- The rest of what following needs of a segment.
-- :name segment_follow_find (ledger)
SELECT changed_at_us, history_at_us FROM segment_follow WHERE segment_id = $1;

-- A step further, unless somebody has evaluated it meanwhile: from change $2, with definitions of
-- $3, for day $4. $5 the change that it reaches, $6 now, $7 by how many it grew, $8 the zone of its
-- days.
-- :name segment_follow_step (ledger)
UPDATE segment_follow SET change_id = $5, at_us = $6, size = size + $7, problem = ''
WHERE segment_id = $1 AND change_id = $2 AND changed_at_us = $3 AND as_of_day = $4
  AND is_pinned = 0 AND zone = $8;

-- :name segment_follow_problem (ledger)
UPDATE segment_follow SET problem = $2 WHERE segment_id = $1 AND problem <> $2;

-- The row that is counted up from now on.
-- :name segment_follow_history (ledger)
UPDATE segment_follow SET history_at_us = $2 WHERE segment_id = $1;

-- :name segment_history_count (ledger)
UPDATE segment_history SET size = size + $3 - $4, entered = entered + $3, departed = departed + $4,
    change_id = $5
WHERE segment_id = $1 AND at_us = $2;

-- Of up to 16 customers: which segments they are in.
-- :name segment_memberships (ledger)
SELECT segment_id, customer FROM segment_member
WHERE customer IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- Of one customer, with since when.
-- :name segment_of_customer (ledger)
SELECT s.name, m.since_us FROM segment_member m JOIN segment s ON s.id = m.segment_id
WHERE m.customer = $1 ORDER BY s.name;

-- :name segment_move_newest (ledger)
SELECT max(id) FROM segment_move;

-- :name segment_move_insert (ledger)
INSERT INTO segment_move (id, segment_id, customer) VALUES ($1, $2, $3);

-- The newest stays: ids go on from it.
-- :name segment_move_forget (ledger)
DELETE FROM segment_move WHERE id < $1 AND id < (SELECT max(id) FROM segment_move);

-- ---- whom changes concern: an origin, and the customer that it is now ----

-- $1 to $2: ids of a range; $3: how many rows at most.
-- :name touched_customers (ledger)
SELECT c.id, coalesce(a.customer, c.id) FROM customer c LEFT JOIN alias a ON a.origin = c.id
WHERE c.id BETWEEN $1 AND $2 LIMIT $3;

-- Members who are no customers any more.
-- :name touched_members (ledger)
SELECT DISTINCT customer, customer AS again FROM segment_member
WHERE customer BETWEEN $1 AND $2 LIMIT $3;

-- :name touched_aliases (ledger)
SELECT origin, customer FROM alias WHERE origin BETWEEN $1 AND $2 LIMIT $3;

-- :name touched_identifiers (ledger)
SELECT i.origin, coalesce(a.customer, i.origin)
FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
WHERE i.id BETWEEN $1 AND $2 LIMIT $3;

-- :name touched_sales (ledger)
SELECT s.origin, coalesce(a.customer, s.origin)
FROM sale s LEFT JOIN alias a ON a.origin = s.origin
WHERE s.id BETWEEN $1 AND $2 LIMIT $3;

-- :name touched_events (ledger)
SELECT e.origin, coalesce(a.customer, e.origin)
FROM event e LEFT JOIN alias a ON a.origin = e.origin
WHERE e.id BETWEEN $1 AND $2 LIMIT $3;

-- :name touched_consents (ledger)
SELECT n.origin, coalesce(a.customer, n.origin)
FROM consent n LEFT JOIN alias a ON a.origin = n.origin
WHERE n.id BETWEEN $1 AND $2 LIMIT $3;

-- :name touched_present (ledger)
SELECT customer FROM alias WHERE origin = $1;

-- Newest first: $2 the instant to begin before, $3 the length.
-- :name segment_history_page (ledger)
SELECT at_us, as_of_day, size, entered, departed FROM segment_history
WHERE segment_id = $1 AND at_us < $2 ORDER BY at_us DESC LIMIT $3;

-- ---- members ----

-- A page: members behind customer $2, $3 of them, with the first customer number, and the e-mail
-- address and phone number seen last. The sign before kind keeps the look-up on the origin's index:
-- a kind alone has millions of rows. Step by step: on a cluster the steps are on other machines.
-- :name segment_members (ledger)
WITH member AS MATERIALIZED (
    SELECT customer, since_us FROM segment_member
    WHERE segment_id = $1 AND customer > $2
    ORDER BY customer LIMIT $3
), place AS MATERIALIZED (
    SELECT customer, customer AS origin, since_us FROM member
    UNION ALL SELECT a.customer, a.origin, CAST(NULL AS BIGINT) FROM alias a
    WHERE a.customer IN (SELECT customer FROM member)
), known AS MATERIALIZED (
    SELECT id, kind, value, origin, seen_at_us FROM identifier
    WHERE kind + 0 IN (1, 2, 4) AND origin IN (SELECT origin FROM place)
), ranked AS MATERIALIZED (
    SELECT p.customer, p.since_us, k.kind, k.value,
        row_number() OVER (PARTITION BY p.customer, k.kind
            ORDER BY k.seen_at_us DESC, k.id DESC) AS recency
    FROM place p LEFT JOIN known k ON k.origin = p.origin
), contact AS MATERIALIZED (
    SELECT customer, max(since_us) AS since_us, min(CASE WHEN kind = 4 THEN value END) AS number,
        max(CASE WHEN kind = 1 AND recency = 1 THEN value END) AS email,
        max(CASE WHEN kind = 2 AND recency = 1 THEN value END) AS phone
    FROM ranked GROUP BY customer
), named AS MATERIALIZED (
    SELECT id, name, country FROM customer WHERE id IN (SELECT customer FROM member)
)
SELECT CAST(t.customer AS TEXT), t.number, c.name, c.country, t.since_us, t.email, t.phone
FROM contact t LEFT JOIN named c ON c.id = t.customer
ORDER BY t.customer;

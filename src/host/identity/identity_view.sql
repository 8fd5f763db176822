-- SPDX-License-Identifier: Apache-2.0
-- The identity graph as people look at it. "The origins of a customer" are the customer's own id
-- and those that alias names.

-- ---- the graph of one customer ----

-- What it is known by, with what came under each.
-- :name identity_nodes (ledger)
SELECT i.id, i.kind, i.source, i.value, i.seen_at_us, i.origin, COALESCE(g.state, 0), g.why,
       COALESCE(s.count, 0), COALESCE(e.count, 0), COALESCE(c.count, 0)
FROM identifier i
LEFT JOIN identifier_guard g ON g.identifier_id = i.id
LEFT JOIN (SELECT identifier_id, COUNT(*) AS count FROM sale
           WHERE origin IN (SELECT CAST($1 AS BIGINT)
                            UNION ALL SELECT origin FROM alias WHERE customer = $1)
           GROUP BY identifier_id) s ON s.identifier_id = i.id
LEFT JOIN (SELECT identifier_id, COUNT(*) AS count FROM event
           WHERE origin IN (SELECT CAST($1 AS BIGINT)
                            UNION ALL SELECT origin FROM alias WHERE customer = $1)
           GROUP BY identifier_id) e ON e.identifier_id = i.id
LEFT JOIN (SELECT identifier_id, COUNT(*) AS count FROM consent
           WHERE origin IN (SELECT CAST($1 AS BIGINT)
                            UNION ALL SELECT origin FROM alias WHERE customer = $1)
           GROUP BY identifier_id) c ON c.identifier_id = i.id
WHERE i.origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY i.id

-- Links that touch one of them, undone ones, too, with the customers at both ends.
-- :name identity_edges (ledger)
SELECT l.id, l.identifier_a, l.identifier_b, a.kind, a.value, b.kind, b.value,
       COALESCE(aa.customer, a.origin), COALESCE(ab.customer, b.origin), l.reason,
       CASE WHEN l.source <> '' THEN l.source ELSE m.source END, l.evidence, l.linked_at_us,
       l.undone_at_us, l.undone_by
FROM link l
JOIN identifier a ON a.id = l.identifier_a LEFT JOIN alias aa ON aa.origin = a.origin
JOIN identifier b ON b.id = l.identifier_b LEFT JOIN alias ab ON ab.origin = b.origin
LEFT JOIN import m ON m.id = l.import_id
WHERE l.id IN (
    SELECT la.id FROM identifier ia JOIN link la ON la.identifier_a = ia.id
    WHERE ia.origin IN (SELECT CAST($1 AS BIGINT)
                        UNION ALL SELECT origin FROM alias WHERE customer = $1)
    UNION
    SELECT lb.id FROM identifier ib JOIN link lb ON lb.identifier_b = ib.id
    WHERE ib.origin IN (SELECT CAST($1 AS BIGINT)
                        UNION ALL SELECT origin FROM alias WHERE customer = $1))
ORDER BY l.id

-- ---- what was kept apart ----

-- Newest first, before a place. $2: '' or the reason; $3: 0 open and decided, 1 open, 2 decided;
-- $4: 0 or the customer.
-- :name identity_conflicts (ledger)
SELECT c.id, c.at_us, c.reason, CASE WHEN c.source <> '' THEN c.source ELSE m.source END,
       c.evidence, c.identifier_a, a.kind, a.value, COALESCE(aa.customer, a.origin),
       c.identifier_b, b.kind, b.value, COALESCE(ab.customer, b.origin),
       c.decision, c.decided_by, c.decided_at_us
FROM identity_conflict c
JOIN identifier a ON a.id = c.identifier_a LEFT JOIN alias aa ON aa.origin = a.origin
JOIN identifier b ON b.id = c.identifier_b LEFT JOIN alias ab ON ab.origin = b.origin
LEFT JOIN import m ON m.id = c.import_id
WHERE c.id < $1 AND ($2 = '' OR c.reason = $2)
  AND ($3 = 0 OR ($3 = 1 AND c.decision IS NULL) OR ($3 = 2 AND c.decision IS NOT NULL))
ORDER BY c.id DESC
LIMIT $4

-- Those of one customer.
-- :name identity_conflicts_of (ledger)
SELECT c.id, c.at_us, c.reason, CASE WHEN c.source <> '' THEN c.source ELSE m.source END,
       c.evidence, c.identifier_a, a.kind, a.value, COALESCE(aa.customer, a.origin),
       c.identifier_b, b.kind, b.value, COALESCE(ab.customer, b.origin),
       c.decision, c.decided_by, c.decided_at_us
FROM identity_conflict c
JOIN identifier a ON a.id = c.identifier_a LEFT JOIN alias aa ON aa.origin = a.origin
JOIN identifier b ON b.id = c.identifier_b LEFT JOIN alias ab ON ab.origin = b.origin
LEFT JOIN import m ON m.id = c.import_id
WHERE c.id IN (
    SELECT ca.id FROM identifier ia JOIN identity_conflict ca ON ca.identifier_a = ia.id
    WHERE ia.origin IN (SELECT CAST($1 AS BIGINT)
                        UNION ALL SELECT origin FROM alias WHERE customer = $1)
    UNION
    SELECT cb.id FROM identifier ib JOIN identity_conflict cb ON cb.identifier_b = ib.id
    WHERE ib.origin IN (SELECT CAST($1 AS BIGINT)
                        UNION ALL SELECT origin FROM alias WHERE customer = $1))
ORDER BY c.id DESC
LIMIT 200

-- Identifiers that are stopped or released, the latest first.
-- :name identity_guards (ledger)
SELECT g.identifier_id, i.kind, i.value, COALESCE(a.customer, i.origin), g.state, g.why,
       g.decided_by, g.at_us
FROM identifier_guard g
JOIN identifier i ON i.id = g.identifier_id LEFT JOIN alias a ON a.origin = i.origin
WHERE g.identifier_id < $1
ORDER BY g.identifier_id DESC
LIMIT $2

-- ---- both sides of a join ----

-- What a customer has: identifiers, receipts, events, consents.
-- :name identity_side (ledger)
SELECT c.name,
       (SELECT COUNT(*) FROM identifier WHERE origin IN
            (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)),
       (SELECT COUNT(*) FROM sale WHERE origin IN
            (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)),
       (SELECT COUNT(*) FROM event WHERE origin IN
            (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)),
       (SELECT COUNT(*) FROM consent WHERE origin IN
            (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1))
FROM customer c WHERE c.id = $1

-- What it bought, by currency.
-- :name identity_side_amounts (ledger)
SELECT currency, COUNT(*), CAST(SUM(gross_micros) AS BIGINT) FROM sale
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
GROUP BY currency ORDER BY currency

-- :name identity_side_identifiers (ledger)
SELECT id, kind, value FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY id

-- The customers at both ends of a live link.
-- :name identity_link_sides (ledger)
SELECT COALESCE(aa.customer, ia.origin), COALESCE(ab.customer, ib.origin)
FROM link l
JOIN identifier ia ON ia.id = l.identifier_a LEFT JOIN alias aa ON aa.origin = ia.origin
JOIN identifier ib ON ib.id = l.identifier_b LEFT JOIN alias ab ON ab.origin = ib.origin
WHERE l.id = $1

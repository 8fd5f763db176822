-- SPDX-License-Identifier: Apache-2.0
-- Ranks of states: 1 granted, 2 pending, 3 denied, 4 withdrawn, 5 objected, 6 restricted. The
-- larger is the stricter.

-- What holds of customer $1 about purpose $2 and channel $3 (called $4 as well), about everything,
-- and of restriction: of each origin and subject the last fact, but for those that were overruled
-- after their origins were joined (consent_held in consent.sql).
-- :name permit_facts (ledger)
SELECT subject, strictness, id, at_us
FROM (SELECT l.*, MAX(CASE WHEN l.at_us > l.joined_at_us THEN l.at_us ELSE 0 END)
                      OVER (PARTITION BY l.subject) AS overruled_us
      FROM (SELECT m.*, ROW_NUMBER() OVER (PARTITION BY m.origin, m.subject
                                           ORDER BY m.at_us DESC, m.id DESC) AS newest
            FROM (SELECT c.id, c.origin, c.at_us, COALESCE(a.joined_at_us, 0) AS joined_at_us,
                      CASE WHEN c.purpose = 'all' THEN 2 WHEN c.purpose = 'restriction' THEN 3
                          ELSE 1 END AS subject,
                      CASE c.state WHEN 'granted' THEN 1 WHEN 'pending' THEN 2 WHEN 'denied' THEN 3
                          WHEN 'withdrawn' THEN 4 WHEN 'objected' THEN 5 ELSE 6 END AS strictness
                  FROM consent c LEFT JOIN alias a ON a.origin = c.origin
                  WHERE c.origin IN (SELECT CAST($1 AS BIGINT)
                                     UNION ALL SELECT origin FROM alias WHERE customer = $1)
                    AND ((c.purpose IN ($2, 'all') AND c.channel IN ($3, $4, 'all'))
                         OR c.purpose = 'restriction')) AS m) AS l
      WHERE l.newest = 1) AS s
WHERE s.at_us >= s.overruled_us OR s.joined_at_us >= s.overruled_us

-- Is it a customer, and has it a postal address?
-- :name permit_customer (ledger)
SELECT CASE WHEN c.street IS NOT NULL AND (c.city IS NOT NULL OR c.postal_code IS NOT NULL)
    THEN 1 ELSE 0 END
FROM customer c
WHERE c.id = $1 AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = c.id)

-- The newest address first.
-- :name permit_addresses (ledger)
SELECT i.id, i.value
FROM identifier i
WHERE i.kind = $2
  AND i.origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY i.seen_at_us DESC, i.id DESC

-- The same of everybody, in the order of their ids: what they said about purpose $1 and channel $2
-- ($3), about everything, whether processing is restricted, and the addresses they have.
-- :name permit_everybody (lake)
WITH said AS (
    SELECT n.id, n.origin, n.at_us, coalesce(a.customer, n.origin) AS customer,
        coalesce(a.joined_at_us, 0) AS joined_at_us,
        CASE WHEN n.purpose = 'all' THEN 2 WHEN n.purpose = 'restriction' THEN 3 ELSE 1 END
            AS subject,
        CASE n.state WHEN 'granted' THEN 1 WHEN 'pending' THEN 2 WHEN 'denied' THEN 3
            WHEN 'withdrawn' THEN 4 WHEN 'objected' THEN 5 ELSE 6 END AS strictness
    FROM consent n
    LEFT JOIN alias a ON a.origin = n.origin
    WHERE (n.purpose IN ($1, 'all') AND n.channel IN ($2, $3, 'all')) OR n.purpose = 'restriction'
), placed AS (
    SELECT s.*, row_number() OVER (PARTITION BY s.origin, s.subject
                                   ORDER BY s.at_us DESC, s.id DESC) AS place
    FROM said s
), latest AS (
    SELECT p.*, max(CASE WHEN p.at_us > p.joined_at_us THEN p.at_us ELSE 0 END)
                    OVER (PARTITION BY p.customer, p.subject) AS overruled_us
    FROM placed p WHERE p.place = 1
), held AS (
    SELECT customer,
        max(CASE WHEN subject = 1 THEN strictness END) AS own,
        max(CASE WHEN subject = 2 THEN strictness END) AS everything,
        max(CASE WHEN subject = 3 THEN strictness END) AS restriction
    FROM latest WHERE at_us >= overruled_us OR joined_at_us >= overruled_us
    GROUP BY customer
)
SELECT c.id, coalesce(h.own, 0), coalesce(h.everything, 0), coalesce(h.restriction, 0),
    CASE WHEN c.has_email THEN 1 ELSE 0 END, CASE WHEN c.has_phone THEN 1 ELSE 0 END,
    CASE WHEN c.street IS NOT NULL AND (c.city IS NOT NULL OR c.postal_code IS NOT NULL)
        THEN 1 ELSE 0 END
FROM customer c
LEFT JOIN held h ON h.customer = c.id
ORDER BY c.id

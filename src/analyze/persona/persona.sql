-- SPDX-License-Identifier: Apache-2.0

-- Who belongs where by run $1; 0: scored by another one, which was broken off before it was kept.
-- :name persona_assigned (lake)
SELECT customer, CASE WHEN run_id = $1 THEN persona ELSE 0 END FROM persona;

-- :name persona_names (ledger)
SELECT number, name FROM persona_name ORDER BY number;

-- :name persona_rename (ledger)
INSERT INTO persona_name (number, name, actor, changed_at_us) VALUES ($1, $2, $3, $4)
ON CONFLICT (number) DO UPDATE SET name = excluded.name, actor = excluded.actor,
    changed_at_us = excluded.changed_at_us;

-- :name persona_unname (ledger)
DELETE FROM persona_name WHERE number = $1;

-- Customers of a persona ($1), the most certain first, from place $2 on.
-- :name persona_customers (lake)
SELECT p.customer, c.number, p.persona, p.certainty, p.earlier
FROM persona p LEFT JOIN customer c ON c.id = p.customer
WHERE p.persona = $1
ORDER BY p.certainty DESC, p.customer
LIMIT $3 OFFSET $2;

-- Micro-segments: personas crossed with what else is known of customers. $1 is the number of values
-- shown at most; the others are left out.
-- :name persona_by_country (lake)
WITH valued AS (
    SELECT p.persona, coalesce(c.country, '') AS value
    FROM persona p LEFT JOIN customer c ON c.id = p.customer
), frequent AS (
    SELECT value FROM valued GROUP BY value ORDER BY count(*) DESC, value LIMIT $1
)
SELECT v.value, v.persona, count(*) FROM valued v JOIN frequent f ON f.value = v.value
GROUP BY v.value, v.persona ORDER BY v.value, v.persona;

-- :name persona_by_city (lake)
WITH valued AS (
    SELECT p.persona, coalesce(c.city, '') AS value
    FROM persona p LEFT JOIN customer c ON c.id = p.customer
), frequent AS (
    SELECT value FROM valued GROUP BY value ORDER BY count(*) DESC, value LIMIT $1
)
SELECT v.value, v.persona, count(*) FROM valued v JOIN frequent f ON f.value = v.value
GROUP BY v.value, v.persona ORDER BY v.value, v.persona;

-- :name persona_by_gender (lake)
WITH valued AS (
    SELECT p.persona, coalesce(c.gender, '') AS value
    FROM persona p LEFT JOIN customer c ON c.id = p.customer
), frequent AS (
    SELECT value FROM valued GROUP BY value ORDER BY count(*) DESC, value LIMIT $1
)
SELECT v.value, v.persona, count(*) FROM valued v JOIN frequent f ON f.value = v.value
GROUP BY v.value, v.persona ORDER BY v.value, v.persona;

-- The country and the channel of a customer's last sale.
-- :name persona_by_sale_country (lake)
WITH last AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer, sale.country AS value,
        row_number() OVER (PARTITION BY coalesce(alias.customer, sale.origin)
            ORDER BY sale.sold_at_us DESC, sale.id DESC) AS place
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
), valued AS (
    SELECT p.persona, coalesce(l.value, '') AS value
    FROM persona p JOIN last l ON l.customer = p.customer AND l.place = 1
), frequent AS (
    SELECT value FROM valued GROUP BY value ORDER BY count(*) DESC, value LIMIT $1
)
SELECT v.value, v.persona, count(*) FROM valued v JOIN frequent f ON f.value = v.value
GROUP BY v.value, v.persona ORDER BY v.value, v.persona;

-- :name persona_by_channel (lake)
WITH last AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer, sale.channel AS value,
        row_number() OVER (PARTITION BY coalesce(alias.customer, sale.origin)
            ORDER BY sale.sold_at_us DESC, sale.id DESC) AS place
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
), valued AS (
    SELECT p.persona, coalesce(l.value, '') AS value
    FROM persona p JOIN last l ON l.customer = p.customer AND l.place = 1
), frequent AS (
    SELECT value FROM valued GROUP BY value ORDER BY count(*) DESC, value LIMIT $1
)
SELECT v.value, v.persona, count(*) FROM valued v JOIN frequent f ON f.value = v.value
GROUP BY v.value, v.persona ORDER BY v.value, v.persona;

-- SPDX-License-Identifier: Apache-2.0
-- What templates may say of customers, read for 16 of them at once; a shorter batch names its last
-- one again. Facts stand at the origins that are the customer now.

-- :name people_profile (ledger)
SELECT id, name, given_name, family_name, company, birth_day, gender, language, street, postal_code,
       city, region, country, created_at_us, attributes
FROM customer
WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)

-- Documents by currency, the one used most first.
-- :name people_totals (ledger)
SELECT w.customer, s.currency, COUNT(CASE WHEN s.kind = 1 THEN 1 END),
       CAST(SUM(s.gross_micros) AS BIGINT)
FROM (SELECT id AS origin, id AS customer FROM customer
      WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      UNION ALL SELECT origin, customer FROM alias
      WHERE customer IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)) w
JOIN sale s ON s.origin = w.origin
GROUP BY w.customer, s.currency
ORDER BY w.customer, COUNT(*) DESC, s.currency

-- The last sale of each with its first lines.
-- :name people_last_sale (ledger)
WITH who AS MATERIALIZED (
    SELECT id AS origin, id AS customer FROM customer
    WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    UNION ALL
    SELECT origin, customer FROM alias
    WHERE customer IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)),
bought AS MATERIALIZED (
    SELECT w.customer, s.id, s.sold_at_us, s.gross_micros, s.currency, s.store_id
    FROM sale s JOIN who w ON w.origin = s.origin
    WHERE s.kind = 1),
placed AS MATERIALIZED (
    SELECT customer, id, sold_at_us, gross_micros, currency, store_id,
           ROW_NUMBER() OVER (PARTITION BY customer ORDER BY sold_at_us DESC, id DESC) AS place
    FROM bought),
line AS MATERIALIZED (
    SELECT l.sale_id, l.line, l.product_id, l.quantity_micros, l.unit_price_micros, l.gross_micros
    FROM sale_line l JOIN placed r ON r.id = l.sale_id
    WHERE r.place = 1 AND l.line <= 20)
SELECT r.customer, r.sold_at_us, r.gross_micros, r.currency, st.name,
       p.code, p.name, p.attributes, l.quantity_micros, l.unit_price_micros, l.gross_micros
FROM placed r
LEFT JOIN store st ON st.id = r.store_id
LEFT JOIN line l ON l.sale_id = r.id
LEFT JOIN product p ON p.id = l.product_id
WHERE r.place = 1
ORDER BY r.customer, l.line

-- :name people_segments (ledger)
SELECT m.customer, s.name
FROM segment_member m JOIN segment s ON s.id = m.segment_id
WHERE m.customer IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ORDER BY m.customer, s.name

-- Kinds 1 to 3: lifetime value, churn, persona.
-- :name people_scores (ledger)
SELECT a.customer, a.kind, a.value_1, a.value_4, n.name
FROM analysis_score a
LEFT JOIN persona_name n ON a.kind = 3 AND n.number = a.value_1 / 1000000
WHERE a.customer IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
  AND a.kind IN (1, 2, 3)

-- Customer numbers (identifiers of kind 4), the one seen last at the end.
-- :name people_numbers (ledger)
SELECT w.customer, i.value
FROM (SELECT id AS origin, id AS customer FROM customer
      WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      UNION ALL SELECT origin, customer FROM alias
      WHERE customer IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)) w
JOIN identifier i ON i.origin = w.origin
WHERE i.kind = 4
ORDER BY w.customer, i.seen_at_us, i.id

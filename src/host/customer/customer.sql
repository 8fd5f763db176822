-- SPDX-License-Identifier: Apache-2.0
-- Everything about one customer is read by its origins: its own id and those that alias names.

-- ---- finding one ----

-- :name customer_exists (ledger)
SELECT COALESCE(a.customer, c.id)
FROM customer c LEFT JOIN alias a ON a.origin = c.id
WHERE c.id = $1

-- By an identifier that means the same everywhere.
-- :name customer_by_identifier (ledger)
SELECT COALESCE(a.customer, i.origin)
FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
WHERE i.kind = $1 AND i.source = '' AND i.value = $2

-- By a customer number, whatever its source; found through one of its words. "kind + 0" keeps
-- SQLite from
-- walking all identifiers of the kind, of which there are millions.
-- :name customer_by_number (ledger)
SELECT DISTINCT COALESCE(a.customer, i.origin)
FROM search_term t
JOIN identifier i ON i.origin = t.origin AND i.kind + 0 = 4 AND i.value = $2
LEFT JOIN alias a ON a.origin = t.origin
WHERE t.term = $1
ORDER BY 1

-- ---- searching ----

-- How common is a word? Counted up to a bound only.
-- :name customer_word_count (ledger)
SELECT COUNT(*)
FROM (SELECT 1 AS one FROM search_term WHERE term >= $1 AND term < $2 LIMIT $3) AS counted

-- Where a stretch of a word's entries ends that begins behind a place.
-- :name customer_word_stretch (ledger)
SELECT term, origin FROM search_term
WHERE term >= $1 AND term < $2 AND (term > $1 OR origin > $3)
ORDER BY term, origin
LIMIT 1 OFFSET $4

-- Origins that have a word, between two places ($1, $3 and $4, $5).
-- :name customer_by_word (ledger)
SELECT t.term, t.origin, COALESCE(a.customer, t.origin)
FROM search_term t LEFT JOIN alias a ON a.origin = t.origin
WHERE t.term >= $1 AND t.term < $2 AND (t.term > $1 OR t.origin > $3)
  AND t.term <= $4 AND (t.term < $4 OR t.origin <= $5)
ORDER BY t.term, t.origin

-- The same, of customers that have another word ($6 to $7), too. In a CASE the customers of that
-- word are gathered once; PostgreSQL takes words that begin alike for rare, and would join all
-- pairs.
-- :name customer_by_two_words (ledger)
SELECT t.term, t.origin, COALESCE(a.customer, t.origin)
FROM search_term t LEFT JOIN alias a ON a.origin = t.origin
WHERE t.term >= $1 AND t.term < $2 AND (t.term > $1 OR t.origin > $3)
  AND t.term <= $4 AND (t.term < $4 OR t.origin <= $5)
  AND CASE WHEN COALESCE(a.customer, t.origin) IN (
      SELECT COALESCE(j.customer, o.origin)
      FROM search_term o LEFT JOIN alias j ON j.origin = o.origin
      WHERE o.term >= $6 AND o.term < $7) THEN 1 ELSE 0 END = 1
ORDER BY t.term, t.origin

-- Has the customer this word, too?
-- :name customer_has_word (ledger)
SELECT 1 FROM search_term
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
  AND term >= $2 AND term < $3
LIMIT 1

-- Was the customer among the finds before this place?
-- :name customer_found_before (ledger)
SELECT 1 FROM search_term
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
  AND term >= $2 AND term <= $3 AND (term < $3 OR origin < $4)
LIMIT 1

-- How common is a word, as a whole one? Counted up to a bound only.
-- :name customer_term_count (ledger)
SELECT COUNT(*)
FROM (SELECT 1 AS one FROM search_term WHERE term = $1 LIMIT $2) AS counted

-- Origins that have a whole word, behind a place, and whether they have another one.
-- :name customer_by_two_terms (ledger)
SELECT t.origin, COALESCE(a.customer, t.origin),
       CASE WHEN EXISTS (SELECT 1 FROM search_term o WHERE o.term = $2 AND o.origin = t.origin)
            THEN 1 ELSE 0 END
FROM search_term t
LEFT JOIN alias a ON a.origin = t.origin
WHERE t.term = $1 AND t.origin > $3
ORDER BY t.origin
LIMIT $4

-- Has the origin this whole word?
-- :name customer_has_term (ledger)
SELECT 1 FROM search_term WHERE term = $1 AND origin = $2

-- :name customer_own_origins (ledger)
SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1

-- Customers by age, the newest first.
-- :name customer_newest (ledger)
SELECT c.id FROM customer c
WHERE c.id < $1 AND NOT EXISTS (SELECT 1 FROM alias a WHERE a.origin = c.id)
ORDER BY c.id DESC
LIMIT $2

-- What a list shows of a customer.
-- :name customer_summary (ledger)
SELECT c.name, c.city, c.country,
       (SELECT MIN(i.value) FROM identifier i
        WHERE i.kind + 0 = 4
          AND i.origin IN (SELECT CAST($1 AS BIGINT)
                           UNION ALL SELECT origin FROM alias WHERE customer = $1))
FROM customer c WHERE c.id = $1

-- What it bought, by currency, the most used first. Documents are sales, refunds and adjustments.
-- :name customer_totals (ledger)
SELECT s.currency, COUNT(*), COUNT(CASE WHEN s.kind = 2 THEN 1 END),
       CAST(SUM(s.gross_micros) AS BIGINT),
       COUNT(CASE WHEN s.kind = 1 THEN 1 END),
       CAST(COALESCE(SUM(CASE WHEN s.kind = 1 THEN s.gross_micros END), 0) AS BIGINT),
       MIN(CASE WHEN s.kind = 1 THEN s.sold_at_us END),
       MAX(CASE WHEN s.kind = 1 THEN s.sold_at_us END)
FROM sale s
WHERE s.origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
GROUP BY s.currency
ORDER BY COUNT(*) DESC, s.currency

-- ---- viewing one ----

-- :name customer_profile (ledger)
SELECT name, given_name, family_name, company, birth_day, gender, language, street, postal_code,
       city, region, country, created_at_us, attributes
FROM customer WHERE id = $1

-- :name customer_identifiers (ledger)
SELECT id, kind, source, value, seen_at_us, origin FROM identifier
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY kind, source, id

-- :name customer_origins (ledger)
SELECT id, created_at_us, import_id FROM customer
WHERE id IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY id

-- All links of its identifiers, undone ones, too.
-- :name customer_links (ledger)
SELECT l.id, a.kind, a.value, b.kind, b.value, l.reason, l.evidence, l.linked_at_us, l.undone_at_us,
       l.undone_by
FROM link l JOIN identifier a ON a.id = l.identifier_a JOIN identifier b ON b.id = l.identifier_b
WHERE l.id IN (
    SELECT la.id FROM identifier ia JOIN link la ON la.identifier_a = ia.id
    WHERE ia.origin IN (SELECT CAST($1 AS BIGINT)
                        UNION ALL SELECT origin FROM alias WHERE customer = $1)
    UNION
    SELECT lb.id FROM identifier ib JOIN link lb ON lb.identifier_b = ib.id
    WHERE ib.origin IN (SELECT CAST($1 AS BIGINT)
                        UNION ALL SELECT origin FROM alias WHERE customer = $1))
ORDER BY l.id

-- The customers at a link's two ends.
-- :name customer_link_ends (ledger)
SELECT COALESCE(aa.customer, ia.origin), COALESCE(ab.customer, ib.origin)
FROM link l
JOIN identifier ia ON ia.id = l.identifier_a LEFT JOIN alias aa ON aa.origin = ia.origin
JOIN identifier ib ON ib.id = l.identifier_b LEFT JOIN alias ab ON ab.origin = ib.origin
WHERE l.id = $1

-- Where a customer was met.
-- :name customer_channels (ledger)
SELECT channel FROM sale
WHERE channel IS NOT NULL
  AND origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
UNION SELECT channel FROM event
WHERE channel IS NOT NULL
  AND origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
UNION SELECT channel FROM consent
WHERE origin IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY 1

-- ---- timeline: one origin's entries older than a place, newest first; $5 '': of any channel ----

-- :name timeline_sales (ledger)
WITH page AS MATERIALIZED (
    SELECT s.id, s.sold_at_us, s.kind, s.number, s.store_id, s.channel, s.gross_micros, s.currency,
        s.line_count, s.refund_of, s.source
    FROM sale s
    WHERE s.origin = $1 AND s.sold_at_us <= $2 AND (s.sold_at_us < $2 OR s.id < $3)
      AND ($5 = '' OR s.channel = $5)
    ORDER BY s.sold_at_us DESC, s.id DESC
    LIMIT $4
), tied AS MATERIALIZED (
    SELECT sale_id, refund_of_sale FROM sale_line
    WHERE sale_id IN (SELECT id FROM page WHERE kind = 2) AND refund_of_sale IS NOT NULL
), refunded AS MATERIALIZED (
    SELECT id, number FROM sale
    WHERE id IN (SELECT refund_of FROM page WHERE kind = 2
                 UNION ALL SELECT refund_of_sale FROM tied)
)
SELECT p.id, p.sold_at_us, p.kind, p.number, COALESCE(st.name, st.code, p.channel),
       p.gross_micros, p.currency, p.line_count,
       (SELECT MIN(r.number) FROM refunded r
        WHERE p.kind = 2
          AND r.id IN (SELECT p.refund_of
                       UNION ALL SELECT t.refund_of_sale FROM tied t WHERE t.sale_id = p.id)),
       (SELECT COUNT(DISTINCT t.refund_of_sale) FROM tied t WHERE t.sale_id = p.id),
       p.source
FROM page p LEFT JOIN store st ON st.id = p.store_id
ORDER BY p.sold_at_us DESC, p.id DESC

-- :name timeline_events (ledger)
SELECT e.id, e.at_us, e.name, e.channel, e.direction, e.campaign, e.source,
       COALESCE(p.name, p.code), e.coupon, e.product_ids
FROM event e LEFT JOIN product p ON p.id = e.product_id
WHERE e.origin = $1 AND e.at_us <= $2 AND (e.at_us < $2 OR e.id < $3)
  AND ($5 = '' OR e.channel = $5)
ORDER BY e.at_us DESC, e.id DESC
LIMIT $4

-- Of an event about several products the first three, in its order.
-- :name timeline_products (ledger)
SELECT COALESCE(name, code) FROM product WHERE id IN ($1, $2, $3)
ORDER BY CASE id WHEN $1 THEN 1 WHEN $2 THEN 2 ELSE 3 END

-- :name timeline_consents (ledger)
SELECT id, at_us, purpose, channel, state, legal_basis, source FROM consent
WHERE origin = $1 AND at_us <= $2 AND (at_us < $2 OR id < $3) AND ($5 = '' OR channel = $5)
ORDER BY at_us DESC, id DESC
LIMIT $4

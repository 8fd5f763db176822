-- SPDX-License-Identifier: Apache-2.0

-- :name sale_view_by_id (ledger)
SELECT id FROM sale WHERE id = $1

-- A number of one source.
-- :name sale_view_by_source_and_number (ledger)
SELECT id FROM sale WHERE source = $2 AND number = $1

-- The sources that have receipts, one after the other: each is a step in the index.
-- :name sale_view_next_source (ledger)
SELECT MIN(source) FROM sale WHERE source > $1

-- The head of a receipt.
-- :name sale_view_head (ledger)
WITH receipt AS MATERIALIZED (
    SELECT id, source, number, kind, sold_at_us, store_id, cashier_id, till, channel, country,
        payment, currency, net_micros, vat_micros, gross_micros, discount_micros, line_count,
        origin, refund_of
    FROM sale WHERE id = $1
), refunded AS MATERIALIZED (
    SELECT id, number FROM sale WHERE id IN (SELECT refund_of FROM receipt)
), buyer AS MATERIALIZED (
    SELECT id, name FROM customer
    WHERE id IN (SELECT COALESCE(a.customer, s.origin)
                 FROM receipt s LEFT JOIN alias a ON a.origin = s.origin)
)
SELECT s.id, s.source, s.number, s.kind, s.sold_at_us, st.code, st.name, s.till, sf.code, sf.name,
       s.channel, s.country, s.payment, s.currency, s.net_micros, s.vat_micros, s.gross_micros,
       s.discount_micros, s.line_count, COALESCE(a.customer, s.origin), c.name, s.refund_of,
           r.number
FROM receipt s
LEFT JOIN store st ON st.id = s.store_id
LEFT JOIN staff sf ON sf.id = s.cashier_id
LEFT JOIN alias a ON a.origin = s.origin
LEFT JOIN buyer c ON c.id = COALESCE(a.customer, s.origin)
LEFT JOIN refunded r ON r.id = s.refund_of

-- Its lines.
-- :name sale_view_lines (ledger)
WITH receipt_line AS MATERIALIZED (
    SELECT line, product_id, quantity_micros, unit_price_micros, discount_micros, coupon,
        net_micros, vat_rate_bp, vat_micros, gross_micros, refund_of_sale, refund_of_line
    FROM sale_line WHERE sale_id = $1
), refunded AS MATERIALIZED (
    SELECT id, number FROM sale WHERE id IN (SELECT refund_of_sale FROM receipt_line)
)
SELECT l.line, p.code, p.name, l.quantity_micros, l.unit_price_micros, l.discount_micros, l.coupon,
       l.net_micros, l.vat_rate_bp, l.vat_micros, l.gross_micros, r.number, l.refund_of_line
FROM receipt_line l
LEFT JOIN product p ON p.id = l.product_id
LEFT JOIN refunded r ON r.id = l.refund_of_sale
ORDER BY l.line

-- What was given back of it or adjusted: what names it, and refunds of the same customer with lines
-- tied to its lines; of those the tied lines alone.
-- :name sale_view_refunds (ledger)
WITH given_back (id, line_count, gross_micros) AS (
    SELECT id, line_count, gross_micros FROM sale WHERE refund_of = $1
    UNION ALL
    SELECT r.id, COUNT(*), CAST(SUM(l.gross_micros) AS BIGINT)
    FROM sale s
    JOIN sale r ON r.kind = 2 AND (r.refund_of IS NULL OR r.refund_of <> s.id)
        AND r.sold_at_us >= s.sold_at_us
        AND r.origin IN (SELECT s.origin UNION ALL SELECT a.customer FROM alias a
            WHERE a.origin = s.origin
                         UNION ALL SELECT b.origin FROM alias b WHERE b.customer = s.origin
                         UNION ALL SELECT c.origin
                             FROM alias a JOIN alias c ON c.customer = a.customer
                         WHERE a.origin = s.origin)
    JOIN sale_line l ON l.sale_id = r.id AND l.refund_of_sale = s.id
    WHERE s.id = $1
    GROUP BY r.id
)
SELECT r.id, CASE WHEN r.kind = 3 THEN 'adjustment' ELSE 'refund' END, r.number, r.sold_at_us,
    g.line_count, g.gross_micros
FROM given_back g JOIN sale r ON r.id = g.id
ORDER BY r.sold_at_us, r.id

-- SPDX-License-Identifier: Apache-2.0

-- A receipt by its number, with its sums.
-- :name sale_find (ledger)
SELECT id, kind, origin, net_micros, vat_micros, gross_micros, discount_micros, line_count,
    import_id, home
FROM sale
WHERE source = $1 AND number = $2

-- What its lines say, to know them again.
-- :name sale_line_hashes (ledger)
SELECT line, content_hash, seen_import
FROM sale_line
WHERE sale_id = $1
ORDER BY line

-- The id of a receipt by its number, for a refund that names it.
-- :name sale_id_by_number (ledger)
SELECT id
FROM sale
WHERE source = $1 AND number = $2

-- A new receipt.
-- :name sale_insert (ledger)
INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, store_id, till, cashier_id,
    channel, currency, country, identifier_id, origin, refund_of, payment,
    net_micros, vat_micros, gross_micros, discount_micros, line_count, home)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22)

-- The sums of a receipt that was added to.
-- :name sale_update_sums (ledger)
UPDATE sale
SET kind = $2, net_micros = $3, vat_micros = $4, gross_micros = $5, discount_micros = $6,
    line_count = $7
WHERE id = $1

-- A new line.
-- :name sale_line_insert (ledger)
INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, product_id,
    quantity_micros, unit_price_micros, discount_micros, coupon, net_micros, vat_rate_bp,
    vat_micros, gross_micros, home)
VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- A line that was delivered again.
-- :name sale_line_seen (ledger)
UPDATE sale_line
SET seen_import = $3
WHERE sale_id = $1 AND line = $2

-- Refund lines of known customers that are not tied yet, each with the sale lines it may take back:
-- what the refund names, or else the same customer's same product at the same price; the latest
-- sale first. `left` is what earlier ties have left of the sale line. `sold` is kept to what
-- refunds can mean at all, because the lake holds it whole.
-- :name refund_candidates (lake)
WITH refund AS (
    SELECT l.sale_id, l.line, l.product_id, -l.quantity_micros AS quantity_micros,
        l.unit_price_micros,
        l.sold_at_us, s.refund_of, coalesce(a.customer, l.origin) AS customer
    FROM sale_line l
    JOIN sale s ON s.id = l.sale_id
    LEFT JOIN alias a ON a.origin = l.origin
    WHERE l.kind = 'refund' AND l.refund_of_sale IS NULL AND l.quantity_micros < 0
        AND l.product_id IS NOT NULL
), sold AS (
    SELECT l.sale_id, l.line, l.product_id, l.quantity_micros, l.unit_price_micros, l.sold_at_us,
        coalesce(a.customer, l.origin) AS customer
    FROM sale_line l
    LEFT JOIN alias a ON a.origin = l.origin
    WHERE l.kind = 'sale' AND l.quantity_micros > 0
        AND (l.sale_id IN (SELECT refund_of FROM refund WHERE refund_of IS NOT NULL)
            OR coalesce(a.customer, l.origin) IN
                (SELECT customer FROM refund WHERE refund_of IS NULL))
), taken AS (
    SELECT refund_of_sale, refund_of_line, sum(-quantity_micros) AS quantity_micros
    FROM sale_line
    WHERE refund_of_sale IS NOT NULL AND refund_of_line IS NOT NULL
    GROUP BY refund_of_sale, refund_of_line
), candidate AS (
    SELECT r.sale_id AS refund_id, r.line AS refund_line, r.quantity_micros AS wanted,
        r.sold_at_us AS refund_at,
        s.sale_id, s.line, s.quantity_micros, s.sold_at_us, r.product_id
    FROM refund r
    JOIN sold s ON s.product_id = r.product_id AND s.sale_id = r.refund_of
    WHERE r.refund_of IS NOT NULL
    UNION ALL
    SELECT r.sale_id, r.line, r.quantity_micros, r.sold_at_us,
        s.sale_id, s.line, s.quantity_micros, s.sold_at_us, r.product_id
    FROM refund r
    JOIN sold s ON s.product_id = r.product_id AND s.customer = r.customer
        AND s.unit_price_micros = r.unit_price_micros
    WHERE r.refund_of IS NULL AND s.sold_at_us <= r.sold_at_us
)
SELECT c.refund_id, c.refund_line, c.wanted, c.sale_id, c.line,
    CAST(c.quantity_micros - coalesce(t.quantity_micros, 0) AS BIGINT) AS left_micros, c.product_id
FROM candidate c
LEFT JOIN taken t ON t.refund_of_sale = c.sale_id AND t.refund_of_line = c.line
WHERE c.quantity_micros - coalesce(t.quantity_micros, 0) >= c.wanted
ORDER BY c.product_id, c.refund_at, c.refund_id, c.refund_line, c.sold_at_us DESC, c.sale_id DESC,
    c.line

-- Tie one refund line.
-- :name refund_tie_line (ledger)
UPDATE sale_line
SET refund_of_sale = $3, refund_of_line = $4
WHERE sale_id = $1 AND line = $2 AND refund_of_sale IS NULL

-- A refund all of whose lines take back one and the same sale refunds that sale.
-- :name refund_tie_sale (ledger)
UPDATE sale
SET refund_of = (SELECT min(l.refund_of_sale) FROM sale_line l WHERE l.sale_id = $1)
WHERE id = $1 AND refund_of IS NULL
    AND 1 = (SELECT count(DISTINCT coalesce(l.refund_of_sale, 0)) FROM sale_line l
        WHERE l.sale_id = $1)

-- Receipts with lines of an import (or lines it delivered again), a window at a time.
-- :name sale_undo_window (ledger)
SELECT DISTINCT sale_id
FROM sale_line
WHERE sale_id > $2 AND (import_id = $1 OR seen_import = $1)
ORDER BY sale_id
LIMIT $3

-- A later import delivered the line again: it is that one's now.
-- :name sale_undo_pass_on (ledger)
UPDATE sale_line
SET import_id = seen_import
WHERE sale_id = $2 AND import_id = $1 AND seen_import <> $1

-- The line was another's and only repeated by this import.
-- :name sale_undo_unsee (ledger)
UPDATE sale_line
SET seen_import = import_id
WHERE sale_id = $2 AND seen_import = $1 AND import_id <> $1

-- :name sale_undo_lines (ledger)
DELETE FROM sale_line
WHERE sale_id = $2 AND import_id = $1

-- :name sale_undo_sale (ledger)
DELETE FROM sale
WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM sale_line l WHERE l.sale_id = $1)

-- Add up what is left of a receipt, and give it to the import that brought its first line.
-- :name sale_undo_sums (ledger)
UPDATE sale
SET import_id = t.import_id, net_micros = t.net, vat_micros = t.vat, gross_micros = t.gross,
    discount_micros = t.discount, line_count = t.line_count
FROM (
    SELECT min(import_id) AS import_id, sum(net_micros) AS net, sum(vat_micros) AS vat,
        sum(gross_micros) AS gross, sum(discount_micros) AS discount, count(*) AS line_count
    FROM sale_line
    WHERE sale_id = $1
) AS t
WHERE id = $1 AND t.line_count > 0

-- Refunds whose sale is gone. SQLite looks each up where it stands.
-- :name sale_undo_stray_refunds (ledger)
WITH tied AS /* postgresql: MATERIALIZED */ (
    SELECT sale_id, refund_of_sale, refund_of_line FROM sale_line
    WHERE refund_of_sale IS NOT NULL
), standing AS /* postgresql: MATERIALIZED */ (
    SELECT sale_id, line FROM sale_line
    /* postgresql: WHERE sale_id IN (SELECT refund_of_sale FROM tied) */
), stray AS MATERIALIZED (
    SELECT t.sale_id
    FROM tied t
    LEFT JOIN standing s
        ON s.sale_id = t.refund_of_sale AND s.line = coalesce(t.refund_of_line, s.line)
    WHERE s.sale_id IS NULL
)
SELECT DISTINCT sale_id FROM stray

-- :name sale_undo_untie_lines (ledger)
WITH tied AS MATERIALIZED (
    SELECT line, refund_of_sale, refund_of_line FROM sale_line
    WHERE sale_id = $1 AND refund_of_sale IS NOT NULL
), standing AS MATERIALIZED (
    SELECT sale_id, line FROM sale_line WHERE sale_id IN (SELECT refund_of_sale FROM tied)
), stray AS MATERIALIZED (
    SELECT t.line
    FROM tied t
    LEFT JOIN standing s
        ON s.sale_id = t.refund_of_sale AND s.line = coalesce(t.refund_of_line, s.line)
    WHERE s.sale_id IS NULL
)
UPDATE sale_line
SET refund_of_sale = NULL, refund_of_line = NULL
WHERE sale_id = $1 AND line IN (SELECT line FROM stray)

-- :name sale_undo_untie_sale (ledger)
UPDATE sale
SET refund_of = NULL
WHERE id = $1 AND refund_of NOT IN (
    SELECT s.id FROM sale s WHERE s.id IN (SELECT refund_of FROM sale WHERE id = $1))

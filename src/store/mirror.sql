-- SPDX-License-Identifier: Apache-2.0

-- ---- the change log ----

-- What is to be carried, in order.
-- :name mirror_changes (ledger)
SELECT id, table_id, kind, first_id, last_id FROM change WHERE id > $1 ORDER BY id;

-- The newest change: what the lake has to reach.
-- :name mirror_newest_change (ledger)
SELECT max(id) FROM change;

-- The oldest change kept: a lake that is behind it cannot catch up.
-- :name mirror_oldest_change (ledger)
SELECT min(id) FROM change;

-- Changes that are in the lake ($1) and older than others may ask for ($2). Of these the newest
-- stays: whoever has seen it has seen all that is gone, however long nothing happened.
-- :name mirror_forget_changes (ledger)
DELETE FROM change WHERE id <= $1 AND id < (SELECT max(id) FROM change WHERE id < $2);

-- ---- rows of the ledger in the columns of the lake ----

-- How many rows ids $1..$2 have in the lake, for pieces of bounded size and for progress.
-- :name mirror_count_alias (ledger)
SELECT count(*) FROM alias WHERE origin BETWEEN $1 AND $2;
-- :name mirror_count_customer (ledger)
SELECT count(*) FROM customer WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_product (ledger)
SELECT count(*) FROM product WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_store (ledger)
SELECT count(*) FROM store WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_staff (ledger)
SELECT count(*) FROM staff WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_sale (ledger)
SELECT count(*) FROM sale WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_sale_line (ledger)
SELECT sum(line_count) FROM sale WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_event (ledger)
SELECT count(*) FROM event WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_consent (ledger)
SELECT count(*) FROM consent WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_analysis_score (ledger)
SELECT count(*) FROM analysis_score WHERE customer BETWEEN $1 AND $2;
-- :name mirror_count_analysis_run (ledger)
SELECT count(*) FROM analysis_run WHERE id BETWEEN $1 AND $2;
-- :name mirror_count_forecast_series (ledger)
SELECT count(*) FROM forecast_series WHERE run_id BETWEEN $1 AND $2;

-- :name mirror_alias (ledger)
SELECT origin, customer, joined_at_us FROM alias WHERE origin BETWEEN $1 AND $2 ORDER BY origin;

-- The identifiers of a customer are those of all origins that are now this customer.
-- :name mirror_customer (ledger)
SELECT c.id, c.created_at_us,
    min(CASE WHEN i.kind = 4 THEN i.value END),
    c.name, c.given_name, c.family_name, c.company, c.birth_day, c.gender, c.language,
    c.street, c.postal_code, c.city, c.region, c.country,
    coalesce(max(CASE WHEN i.kind = 1 THEN 1 END), 0),
    coalesce(max(CASE WHEN i.kind = 2 THEN 1 END), 0),
    coalesce(max(CASE WHEN i.kind = 3 THEN 1 END), 0),
    c.attributes
FROM customer c
LEFT JOIN identifier i ON i.origin IN (
    SELECT c.id UNION ALL SELECT a.origin FROM alias a WHERE a.customer = c.id
)
WHERE c.id BETWEEN $1 AND $2
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = c.id)
GROUP BY c.id
ORDER BY c.id;

-- :name mirror_product (ledger)
SELECT id, code, name, category, brand, vat_rate_bp, price_micros, attributes
FROM product WHERE id BETWEEN $1 AND $2 ORDER BY id;

-- :name mirror_store (ledger)
SELECT id, code, name, city, region, country, attributes
FROM store WHERE id BETWEEN $1 AND $2 ORDER BY id;

-- :name mirror_staff (ledger)
SELECT id, code, name, store_id, role, attributes
FROM staff WHERE id BETWEEN $1 AND $2 ORDER BY id;

-- sold_on is computed from the instant that stands in its place.
-- :name mirror_sale (ledger)
SELECT id, source, number,
    CASE kind WHEN 1 THEN 'sale' WHEN 2 THEN 'refund' ELSE 'adjustment' END,
    sold_at_us, sold_at_us, store_id, till, cashier_id, channel,
    currency, country, origin, refund_of, payment,
    net_micros, vat_micros, gross_micros, discount_micros, line_count
FROM sale WHERE id BETWEEN $1 AND $2 ORDER BY id;

-- :name mirror_sale_line (ledger)
SELECT l.sale_id, l.line,
    CASE s.kind WHEN 1 THEN 'sale' WHEN 2 THEN 'refund' ELSE 'adjustment' END,
    s.sold_at_us, s.sold_at_us, s.store_id, s.cashier_id, s.channel,
    s.currency, s.country, s.origin,
    l.product_id, l.quantity_micros, l.unit_price_micros, l.discount_micros, l.coupon,
    l.net_micros, l.vat_rate_bp, l.vat_micros, l.gross_micros, l.refund_of_sale, l.refund_of_line
FROM sale s JOIN sale_line l ON l.sale_id = s.id
WHERE s.id BETWEEN $1 AND $2 ORDER BY s.id, l.line;

-- happened_on is computed from the instant that stands in its place.
-- :name mirror_event (ledger)
SELECT id, source, origin, at_us, at_us, name, channel, direction, campaign, product_id,
    product_ids, coupon, properties
FROM event WHERE id BETWEEN $1 AND $2 ORDER BY id;

-- :name mirror_consent (ledger)
SELECT id, source, origin, purpose, channel, state, legal_basis, text_version, at_us
FROM consent WHERE id BETWEEN $1 AND $2 ORDER BY id;

-- :name mirror_analysis_score (ledger)
SELECT customer, kind, run_id, value_1, value_2, value_3, value_4, value_5, value_6
FROM analysis_score WHERE customer BETWEEN $1 AND $2 ORDER BY customer, kind;

-- :name mirror_analysis_run (ledger)
SELECT id,
    CASE kind WHEN 1 THEN 'lifetime_value' WHEN 2 THEN 'churn' WHEN 3 THEN 'persona'
        WHEN 4 THEN 'regression' WHEN 5 THEN 'forecast' WHEN 6 THEN 'attribution'
        WHEN 7 THEN 'experiment' ELSE 'uplift' END AS kind,
    version, as_of_day, seed, change_id, parameters, result, customer_count, created_at_us
FROM analysis_run WHERE id BETWEEN $1 AND $2 ORDER BY id;

-- :name mirror_forecast_series (ledger)
SELECT run_id, place, metric, dimension, result
FROM forecast_series WHERE run_id BETWEEN $1 AND $2 ORDER BY run_id, place;

-- Whose row depends on identifiers $1..$2.
-- :name mirror_customers_of_identifiers (ledger)
SELECT DISTINCT coalesce(a.customer, i.origin)
FROM identifier i LEFT JOIN alias a ON a.origin = i.origin
WHERE i.id BETWEEN $1 AND $2;

-- The customers that origins $1..$2 are now.
-- :name mirror_customers_of_aliases (ledger)
SELECT customer FROM alias WHERE origin BETWEEN $1 AND $2;

-- ---- the lake's side ----

-- The customers that these origins were when the lake last heard of them.
-- :name mirror_former_customers (duckdb)
SELECT DISTINCT customer FROM alias WHERE origin IN (SELECT unnest($1::BIGINT[]));

-- :name mirror_former_customers_range (duckdb)
SELECT DISTINCT customer FROM alias WHERE origin BETWEEN $1 AND $2;

-- :name mirror_largest_alias (duckdb)
SELECT max(origin) FROM alias;
-- :name mirror_largest_customer (duckdb)
SELECT max(id) FROM customer;
-- :name mirror_largest_product (duckdb)
SELECT max(id) FROM product;
-- :name mirror_largest_store (duckdb)
SELECT max(id) FROM store;
-- :name mirror_largest_staff (duckdb)
SELECT max(id) FROM staff;
-- :name mirror_largest_sale (duckdb)
SELECT max(id) FROM sale;
-- :name mirror_largest_sale_line (duckdb)
SELECT max(sale_id) FROM sale_line;
-- :name mirror_largest_event (duckdb)
SELECT max(id) FROM event;
-- :name mirror_largest_consent (duckdb)
SELECT max(id) FROM consent;
-- :name mirror_largest_analysis_score (duckdb)
SELECT max(customer) FROM analysis_score;
-- :name mirror_largest_analysis_run (duckdb)
SELECT max(id) FROM analysis_run;
-- :name mirror_largest_forecast_series (duckdb)
SELECT max(run_id) FROM forecast_series;

-- Before rows are fetched anew their old state goes: in ranges, and one by one.
-- :name mirror_delete_alias_range (duckdb)
DELETE FROM alias WHERE origin BETWEEN $1 AND $2;
-- :name mirror_delete_alias (duckdb)
DELETE FROM alias WHERE origin IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_customer_range (duckdb)
DELETE FROM customer WHERE id BETWEEN $1 AND $2;
-- :name mirror_delete_customer (duckdb)
DELETE FROM customer WHERE id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_product_range (duckdb)
DELETE FROM product WHERE id BETWEEN $1 AND $2;
-- :name mirror_delete_product (duckdb)
DELETE FROM product WHERE id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_store_range (duckdb)
DELETE FROM store WHERE id BETWEEN $1 AND $2;
-- :name mirror_delete_store (duckdb)
DELETE FROM store WHERE id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_staff_range (duckdb)
DELETE FROM staff WHERE id BETWEEN $1 AND $2;
-- :name mirror_delete_staff (duckdb)
DELETE FROM staff WHERE id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_sale_range (duckdb)
DELETE FROM sale WHERE id BETWEEN $1 AND $2;
-- :name mirror_delete_sale (duckdb)
DELETE FROM sale WHERE id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_sale_line_range (duckdb)
DELETE FROM sale_line WHERE sale_id BETWEEN $1 AND $2;
-- :name mirror_delete_sale_line (duckdb)
DELETE FROM sale_line WHERE sale_id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_event_range (duckdb)
DELETE FROM event WHERE id BETWEEN $1 AND $2;
-- :name mirror_delete_event (duckdb)
DELETE FROM event WHERE id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_consent_range (duckdb)
DELETE FROM consent WHERE id BETWEEN $1 AND $2;
-- :name mirror_delete_consent (duckdb)
DELETE FROM consent WHERE id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_analysis_score_range (duckdb)
DELETE FROM analysis_score WHERE customer BETWEEN $1 AND $2;
-- :name mirror_delete_analysis_score (duckdb)
DELETE FROM analysis_score WHERE customer IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_analysis_run_range (duckdb)
DELETE FROM analysis_run WHERE id BETWEEN $1 AND $2;
-- :name mirror_delete_analysis_run (duckdb)
DELETE FROM analysis_run WHERE id IN (SELECT unnest($1::BIGINT[]));
-- :name mirror_delete_forecast_series_range (duckdb)
DELETE FROM forecast_series WHERE run_id BETWEEN $1 AND $2;
-- :name mirror_delete_forecast_series (duckdb)
DELETE FROM forecast_series WHERE run_id IN (SELECT unnest($1::BIGINT[]));

-- ---- the lake's state ----

-- Is there a lake at all?
-- :name lake_state_exists (duckdb)
SELECT count(*) FROM information_schema.tables WHERE table_name = 'lake_state';

-- :name lake_state_find (duckdb)
SELECT version, zone, watermark FROM lake_state;

-- What a snapshot is complete up to.
-- :name lake_state_watermark (duckdb)
SELECT watermark FROM lake_state;

-- :name lake_state_insert (duckdb)
INSERT INTO lake_state (version, zone, watermark) VALUES ($1, $2, 0);

-- The end of a rebuild: until then the version is one that no program takes.
-- :name lake_state_complete (duckdb)
UPDATE lake_state SET version = $1, watermark = $2;

-- :name lake_state_advance (duckdb)
UPDATE lake_state SET watermark = $1;

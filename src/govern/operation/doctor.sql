-- SPDX-License-Identifier: Apache-2.0

-- Sums that ledger and lake must agree on: rows, and gross where there is any.
-- :name doctor_sales (ledger, lake)
SELECT count(*), CAST(coalesce(sum(gross_micros), 0) AS BIGINT) FROM sale;

-- :name doctor_sale_lines (ledger, lake)
SELECT count(*), CAST(coalesce(sum(gross_micros), 0) AS BIGINT) FROM sale_line;

-- :name doctor_events (ledger, lake)
SELECT count(*), 0 FROM event;

-- :name doctor_consents (ledger, lake)
SELECT count(*), 0 FROM consent;

-- :name doctor_products (ledger, lake)
SELECT count(*), 0 FROM product;

-- Origins that became another customer are none.
-- :name doctor_customers_in_ledger (ledger)
SELECT count(*), 0 FROM customer
WHERE NOT EXISTS (SELECT 1 FROM alias WHERE alias.origin = customer.id);

-- :name doctor_customers_in_lake (lake)
SELECT count(*), 0 FROM customer;

-- Changes that the lake does not have yet.
-- :name doctor_changes_behind (ledger)
SELECT count(*) FROM change WHERE id > $1;

-- Files that were sent before an instant and are still there.
-- :name doctor_uploads_before (ledger)
SELECT count(*) FROM upload WHERE created_at_us < $1;

-- The latest instant that this ledger has seen.
-- :name doctor_latest (ledger)
SELECT max(at_us) FROM (
    SELECT coalesce(max(at_us), 0) AS at_us FROM audit
    UNION ALL SELECT coalesce(max(created_at_us), 0) FROM job) AS seen;

-- :name doctor_jobs_unfinished (ledger)
SELECT count(*) FROM job WHERE state = 'interrupted';

-- :name doctor_rows_waiting (ledger)
SELECT count(*) FROM quarantine WHERE state = 'waiting';

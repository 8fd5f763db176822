-- SPDX-License-Identifier: Apache-2.0
-- The lake in PostgreSQL: views over the ledger's tables, in a schema of their own, with the names,
-- columns and order of lake_schema.sql. They are made anew when their version or the business time
-- zone is another. Texts compare bytewise, as in DuckDB: the ledger's columns do, and what is
-- computed here says so.

-- 1 while the views are there; whether they are the ones below, which lake_state says, is asked
-- then.
-- :name lake_views_exist (fragment)
SELECT count(*) FROM pg_catalog.pg_views
WHERE schemaname = 'tessera_lake' AND viewname = 'lake_state';

-- :name lake_views_fit (fragment)
SELECT count(*) FROM tessera_lake.lake_state
WHERE version = 8 AND zone = (SELECT value FROM setting WHERE name = 'zone');

-- The turn to write: of processes that start at the same time one makes the views, and nobody's
-- transaction stands in the way of what is done to the tables.
-- :name lake_views_lock (fragment)
SELECT pg_advisory_xact_lock(1952805748, 1);

-- Days are kept beside the rows, computed when these are written: an index finds them, statistics
-- know them, and nobody computes them again. Dropping the schema drops the columns with the
-- function that computes them.
-- :name lake_views_create (fragment)
DROP SCHEMA IF EXISTS tessera_lake CASCADE;
CREATE SCHEMA tessera_lake;

-- version: of what stands here; lake_views_fit names it too.
DO $$
DECLARE
    zone CONSTANT TEXT := (SELECT value FROM setting WHERE name = 'zone');
BEGIN
    EXECUTE format(
        'CREATE FUNCTION tessera_lake.day_of(at_us BIGINT) RETURNS DATE'
        ' LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE'
        ' RETURN CAST((TIMESTAMP ''1970-01-01'''
        ' + (at_us / 86400000000) * INTERVAL ''1 day'''
        ' + (at_us %% 86400000000) * INTERVAL ''1 microsecond'')'
        ' AT TIME ZONE ''UTC'' AT TIME ZONE %L AS DATE)', zone);
    EXECUTE format(
        'CREATE VIEW tessera_lake.lake_state AS SELECT 8 AS version,'
        ' CAST(%L AS TEXT) COLLATE "C" AS zone,'
        ' (SELECT coalesce(max(id), 0) FROM change) AS watermark', zone);
END
$$;

-- What DuckDB has under these names, and PostgreSQL otherwise. The lake's schema is searched before
-- the catalogue's. round: half away from zero, where PostgreSQL takes the even one of two.
-- date_trunc of a day: a day, without a detour over the time zone of the session.
CREATE FUNCTION tessera_lake.round(number DOUBLE PRECISION) RETURNS DOUBLE PRECISION
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN sign(number) * floor(abs(number) + CAST(0.5 AS DOUBLE PRECISION));
CREATE FUNCTION tessera_lake.date_trunc(part TEXT, day DATE) RETURNS DATE
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CAST(pg_catalog.date_trunc(part, CAST(day AS TIMESTAMP)) AS DATE);

ALTER TABLE sale
    ADD COLUMN sold_on DATE GENERATED ALWAYS AS (tessera_lake.day_of(sold_at_us)) STORED;
CREATE INDEX sale_by_day ON sale (sold_on);
ALTER TABLE event
    ADD COLUMN happened_on DATE GENERATED ALWAYS AS (tessera_lake.day_of(at_us)) STORED;
CREATE INDEX event_by_name ON event (name, happened_on);

CREATE VIEW tessera_lake.alias AS SELECT origin, customer, joined_at_us FROM alias;

-- The identifiers of a customer are those of all origins that are now this customer.
CREATE VIEW tessera_lake.customer AS
SELECT c.id, c.created_at_us,
    least((SELECT min(i.value) FROM identifier i WHERE i.kind = 4 AND i.origin = c.id),
        (SELECT min(i.value) FROM alias a JOIN identifier i ON i.origin = a.origin
         WHERE i.kind = 4 AND a.customer = c.id)) AS number,
    c.name, c.given_name, c.family_name, c.company, DATE '1970-01-01' + c.birth_day AS birth_on,
    c.gender, c.language,
    c.street, c.postal_code, c.city, c.region, c.country,
    (EXISTS (SELECT 1 FROM identifier i WHERE i.kind = 1 AND i.origin = c.id)
        OR EXISTS (SELECT 1 FROM alias a JOIN identifier i ON i.origin = a.origin
                   WHERE i.kind = 1 AND a.customer = c.id)) AS has_email,
    (EXISTS (SELECT 1 FROM identifier i WHERE i.kind = 2 AND i.origin = c.id)
        OR EXISTS (SELECT 1 FROM alias a JOIN identifier i ON i.origin = a.origin
                   WHERE i.kind = 2 AND a.customer = c.id)) AS has_phone,
    (EXISTS (SELECT 1 FROM identifier i WHERE i.kind = 3 AND i.origin = c.id)
        OR EXISTS (SELECT 1 FROM alias a JOIN identifier i ON i.origin = a.origin
                   WHERE i.kind = 3 AND a.customer = c.id)) AS has_card,
    c.attributes
FROM customer c
WHERE NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = c.id);

CREATE VIEW tessera_lake.product AS
SELECT id, code, name, category, brand, vat_rate_bp, price_micros, attributes FROM product;

CREATE VIEW tessera_lake.store AS
SELECT id, code, name, city, region, country, attributes FROM store;

CREATE VIEW tessera_lake.staff AS
SELECT id, code, name, store_id, role, attributes FROM staff;

CREATE VIEW tessera_lake.sale AS
SELECT id, source, number,
    (CASE kind WHEN 1 THEN 'sale' WHEN 2 THEN 'refund' ELSE 'adjustment' END) COLLATE "C" AS kind,
    sold_at_us, sold_on, store_id, till, cashier_id, channel,
    currency, country, origin, refund_of, payment,
    net_micros, vat_micros, gross_micros, discount_micros, line_count
FROM sale;

CREATE VIEW tessera_lake.sale_line AS
SELECT l.sale_id, l.line,
    (CASE s.kind WHEN 1 THEN 'sale' WHEN 2 THEN 'refund' ELSE 'adjustment' END) COLLATE "C" AS kind,
    s.sold_at_us, s.sold_on, s.store_id, s.cashier_id, s.channel,
    s.currency, s.country, s.origin,
    l.product_id, l.quantity_micros, l.unit_price_micros, l.discount_micros, l.coupon,
    l.net_micros, l.vat_rate_bp, l.vat_micros, l.gross_micros, l.refund_of_sale, l.refund_of_line
FROM sale_line l JOIN sale s ON s.id = l.sale_id;

CREATE VIEW tessera_lake.event AS
SELECT id, source, origin, at_us, happened_on, name, channel, direction, campaign, product_id,
    product_ids, coupon, properties
FROM event;

-- From one walk over the events, not one for those about one product and one for the others: where
-- they are spread over machines, each unfolds its own.
CREATE VIEW tessera_lake.event_product AS
SELECT e.id AS event_id, e.source, e.origin, e.at_us, e.happened_on, e.name, e.channel, e.direction,
    e.campaign, e.coupon, p.id AS product_id
FROM event e CROSS JOIN LATERAL unnest(
    CASE WHEN e.product_ids IS NULL THEN ARRAY[e.product_id]
        ELSE CAST(string_to_array(e.product_ids, ',') AS BIGINT[]) END) AS p (id)
WHERE e.product_id IS NOT NULL OR e.product_ids IS NOT NULL;

CREATE VIEW tessera_lake.consent AS
SELECT id, source, origin, purpose, channel, state, legal_basis, text_version, at_us
FROM consent;

CREATE VIEW tessera_lake.analysis_score AS
SELECT customer, kind, run_id, value_1, value_2, value_3, value_4, value_5, value_6
FROM analysis_score;

CREATE VIEW tessera_lake.lifetime_value AS
SELECT s.customer, s.run_id,
    CAST(s.value_1 AS DOUBLE PRECISION) / 1000000 AS alive,
    CAST(s.value_2 AS DOUBLE PRECISION) / 1000000 AS purchases,
    s.value_3 AS spend_micros, s.value_4 AS value_micros
FROM analysis_score s
WHERE s.kind = 1
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = s.customer);

CREATE VIEW tessera_lake.churn AS
SELECT s.customer, s.run_id, CAST(s.value_1 AS DOUBLE PRECISION) / 1000000 AS probability,
    split_part(f.names, ',', CAST(s.value_2 / 1000000 AS INTEGER)) COLLATE "C" AS driver_1,
    CAST(s.value_3 AS DOUBLE PRECISION) / 1000000 AS effect_1,
    split_part(f.names, ',', CAST(s.value_4 / 1000000 AS INTEGER)) COLLATE "C" AS driver_2,
    CAST(s.value_5 AS DOUBLE PRECISION) / 1000000 AS effect_2
FROM analysis_score s CROSS JOIN (
    SELECT 'recency,tenure,purchases,purchases_90,trend,lateness,spend,spend_90,discount,'
        || 'refunds,products,categories,places,visits,messages,responses,service_90,service'
        AS names) f
WHERE s.kind = 2
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = s.customer);

CREATE VIEW tessera_lake.persona AS
SELECT s.customer, s.run_id,
    CAST(CAST(s.value_1 AS DOUBLE PRECISION) / 1000000 AS INTEGER) AS persona,
    CAST(s.value_2 AS DOUBLE PRECISION) / 1000000 AS certainty,
    CAST(CAST(s.value_3 AS DOUBLE PRECISION) / 1000000 AS INTEGER) AS earlier
FROM analysis_score s
WHERE s.kind = 3
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = s.customer);
-- Uplift: how much the treatment of the run's experiment raises the chance of a response (−1 to 1),
-- and the share of customers whom it raises as much or more.
CREATE VIEW tessera_lake.uplift AS
SELECT s.customer, s.run_id, CAST(s.value_1 AS DOUBLE PRECISION) / 1000000 AS uplift,
    CAST(s.value_2 AS DOUBLE PRECISION) / 1000000 AS rank
FROM analysis_score s
WHERE s.kind = 8
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = s.customer);

CREATE VIEW tessera_lake.analysis_run AS
SELECT id,
    (CASE kind WHEN 1 THEN 'lifetime_value' WHEN 2 THEN 'churn' WHEN 3 THEN 'persona'
        WHEN 4 THEN 'regression' WHEN 5 THEN 'forecast' WHEN 6 THEN 'attribution'
        WHEN 7 THEN 'experiment' ELSE 'uplift' END) COLLATE "C" AS kind,
    version, DATE '1970-01-01' + as_of_day AS as_of, seed, change_id AS watermark, parameters,
    result, customer_count, created_at_us
FROM analysis_run;

CREATE VIEW tessera_lake.forecast_series AS
SELECT run_id, place, metric, dimension, result FROM forecast_series;

CREATE VIEW tessera_lake.analysis_figure AS
SELECT r.id AS run_id, r.kind, m.key COLLATE "C" AS name,
    (CASE WHEN json_typeof(m.value) IN ('string', 'boolean') THEN m.value #>> '{}' END)
        COLLATE "C" AS value,
    CASE WHEN json_typeof(m.value) = 'number'
        THEN CAST(m.value #>> '{}' AS DOUBLE PRECISION) END AS number
FROM tessera_lake.analysis_run r
    CROSS JOIN LATERAL json_each(CAST(r.result AS JSON)) AS m (key, value)
WHERE json_typeof(m.value) NOT IN ('object', 'array', 'null');

CREATE VIEW tessera_lake.analysis_cell AS
SELECT r.id AS run_id, r.kind, m.key COLLATE "C" AS table_name, l.row_number,
    (m.value -> 'columns' -> CAST(c.place - 1 AS INTEGER) ->> 'name') COLLATE "C" AS column_name,
    (CASE WHEN json_typeof(c.value) IN ('string', 'boolean') THEN c.value #>> '{}' END)
        COLLATE "C" AS value,
    CASE WHEN json_typeof(c.value) = 'number'
        THEN CAST(c.value #>> '{}' AS DOUBLE PRECISION) END AS number
FROM tessera_lake.analysis_run r
    CROSS JOIN LATERAL json_each(CAST(r.result AS JSON)) AS m (key, value)
    CROSS JOIN LATERAL json_array_elements(
        CASE WHEN json_typeof(m.value) = 'object' AND json_typeof(m.value -> 'columns') = 'array'
            THEN m.value -> 'rows' END) WITH ORDINALITY AS l (value, row_number)
    CROSS JOIN LATERAL json_array_elements(l.value) WITH ORDINALITY AS c (value, place);

CREATE VIEW tessera_lake.forecast AS
SELECT s.run_id, s.metric, s.dimension,
    coalesce(s.series ->> 'value', '') COLLATE "C" AS value,
    (s.series ->> 'label') COLLATE "C" AS label, (s.series ->> 'model') COLLATE "C" AS model,
    CAST(p.period AS DATE) AS period,
    CAST(s.series -> 'history' ->> (p.place - 1) AS DOUBLE PRECISION) AS actual,
    CAST(s.series -> 'mean' ->> p.ahead AS DOUBLE PRECISION) AS forecast,
    CAST(s.series -> 'low_80' ->> p.ahead AS DOUBLE PRECISION) AS low_80,
    CAST(s.series -> 'high_80' ->> p.ahead AS DOUBLE PRECISION) AS high_80,
    CAST(s.series -> 'low_95' ->> p.ahead AS DOUBLE PRECISION) AS low_95,
    CAST(s.series -> 'high_95' ->> p.ahead AS DOUBLE PRECISION) AS high_95
FROM (SELECT run_id, metric, dimension, CAST(result AS JSONB) AS series FROM forecast_series) s
    CROSS JOIN LATERAL (
        SELECT t.period, CAST(t.place AS INTEGER) AS place,
            CASE WHEN t.place > jsonb_array_length(s.series -> 'history')
                THEN CAST(t.place - 1 - jsonb_array_length(s.series -> 'history') AS INTEGER)
                END AS ahead
        FROM jsonb_array_elements_text(s.series -> 'periods') WITH ORDINALITY AS t (period, place)
    ) p;

-- Without it the planner takes any condition on the kind for one that nearly nothing meets.
CREATE STATISTICS tessera_lake.sale_kind ON
    ((CASE kind WHEN 1 THEN 'sale' WHEN 2 THEN 'refund' ELSE 'adjustment' END) COLLATE "C")
FROM sale;
ANALYZE sale;
ANALYZE event;

-- What the planner knows of the rows, after many came at once.
-- :name lake_views_analyze (fragment)
ANALYZE;

-- Of a connection that counts: memory for sorting and grouping, and a plan for the values at hand.
-- :name lake_views_session (fragment)
SELECT set_config('work_mem', '64MB', false),
    set_config('plan_cache_mode', 'force_custom_plan', false),
    set_config('default_transaction_read_only', 'on', false);

-- :name lake_views_watermark (fragment)
SELECT watermark FROM lake_state;

-- :name lake_views_state (fragment)
SELECT watermark, zone FROM lake_state;

-- ---- queries of people ----

-- The role that they run as: it may read these views and nothing else. Where this role may not make
-- another one, somebody else has to.
-- :name lake_views_grant (fragment)
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tessera_reader') THEN
        CREATE ROLE tessera_reader NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'tessera_reader', 'USAGE') THEN
        EXECUTE format('GRANT tessera_reader TO %I', current_user);
    END IF;
    GRANT USAGE ON SCHEMA tessera_lake TO tessera_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA tessera_lake TO tessera_reader;
EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation OR undefined_object THEN
        NULL;
END
$$;

-- For the rest of the transaction. Only a function that acts could take it back.
-- :name lake_views_become_reader (fragment)
SELECT set_config('role', 'tessera_reader', true), set_config('statement_timeout', '300s', true);

-- A row when some function of this name acts, reaches outside or answers differently each time, but
-- for those that only do the last.
-- :name lake_views_refuses (fragment)
SELECT 1 FROM pg_catalog.pg_proc
WHERE proname = $1 AND (provolatile = 'v' OR proname LIKE '%\_to\_xml%')
  AND proname NOT IN ('random', 'clock_timestamp', 'gen_random_uuid')
LIMIT 1;

-- :name lake_views_tables (fragment)
SELECT CAST(viewname AS TEXT) AS name FROM pg_catalog.pg_views
WHERE schemaname = 'tessera_lake' ORDER BY 1;

-- :name lake_views_columns (fragment)
SELECT CAST(a.attname AS TEXT) AS column_name,
    CASE CAST(a.atttypid AS REGTYPE)
        WHEN CAST('text' AS REGTYPE) THEN 'VARCHAR'
        WHEN CAST('double precision' AS REGTYPE) THEN 'DOUBLE'
        ELSE upper(CAST(CAST(a.atttypid AS REGTYPE) AS TEXT)) END AS column_type,
    'YES' AS "null", CAST(NULL AS TEXT) AS key, CAST(NULL AS TEXT) AS "default",
    CAST(NULL AS TEXT) AS extra
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'tessera_lake' AND c.relname = $1 AND a.attnum > 0
ORDER BY a.attnum;

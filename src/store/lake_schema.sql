-- SPDX-License-Identifier: Apache-2.0
-- The lake as analysts see it. The DuckDB tables below are filled by the mirror; in PostgreSQL
-- views of the same names and columns take their place. Money and quantities in micros, instants in
-- µs UTC, *_on are days in the business time zone. customer holds customers only (no origin that
-- became another customer); the customer of a sale is coalesce(alias.customer, origin).

-- :name lake_create (duckdb)
CREATE TABLE lake_state (
    version INTEGER NOT NULL,          -- of this schema: another one is rebuilt
    zone TEXT NOT NULL,                -- business time zone the days were computed in
    watermark BIGINT NOT NULL          -- change.id up to which the ledger is here
);
CREATE TABLE alias (origin BIGINT, customer BIGINT, joined_at_us BIGINT);
CREATE TABLE customer (
    id BIGINT, created_at_us BIGINT,
    number TEXT,                       -- smallest customer number, in bytewise order
    name TEXT, given_name TEXT, family_name TEXT, company TEXT, birth_on DATE, gender TEXT,
    language TEXT,
    street TEXT, postal_code TEXT, city TEXT, region TEXT, country TEXT,
    has_email BOOLEAN, has_phone BOOLEAN, has_card BOOLEAN,
    attributes TEXT                    -- JSON object
);
CREATE TABLE product (
    id BIGINT, code TEXT, name TEXT, category TEXT, brand TEXT, vat_rate_bp INTEGER,
    price_micros BIGINT, attributes TEXT
);
CREATE TABLE store (
    id BIGINT, code TEXT, name TEXT, city TEXT, region TEXT, country TEXT, attributes TEXT
);
CREATE TABLE staff (id BIGINT, code TEXT, name TEXT, store_id BIGINT, role TEXT, attributes TEXT);
CREATE TABLE sale (
    id BIGINT, source TEXT, number TEXT, kind TEXT, -- sale, refund, adjustment
    sold_at_us BIGINT, sold_on DATE, store_id BIGINT, till TEXT, cashier_id BIGINT, channel TEXT,
    currency TEXT, country TEXT, origin BIGINT, refund_of BIGINT, payment TEXT,
    net_micros BIGINT, vat_micros BIGINT, gross_micros BIGINT, discount_micros BIGINT,
    line_count INTEGER
);
CREATE TABLE sale_line (
    sale_id BIGINT, line INTEGER,
    kind TEXT, sold_at_us BIGINT, sold_on DATE, store_id BIGINT, cashier_id BIGINT, channel TEXT,
    currency TEXT, country TEXT, origin BIGINT, -- as the sale's: no join for most questions
    product_id BIGINT, quantity_micros BIGINT, unit_price_micros BIGINT, discount_micros BIGINT,
    coupon TEXT,
    net_micros BIGINT, vat_rate_bp INTEGER, vat_micros BIGINT, gross_micros BIGINT,
    refund_of_sale BIGINT, refund_of_line INTEGER
);
CREATE TABLE event (
    id BIGINT, source TEXT, origin BIGINT, at_us BIGINT, happened_on DATE, name TEXT, channel TEXT,
    direction TEXT, campaign TEXT,
    product_id BIGINT, product_ids TEXT, -- the one product that it is about, or "12,7,30"
    coupon TEXT, properties TEXT
);
-- A row for each product that an event is about, with what the event says.
CREATE OR REPLACE VIEW event_product AS
SELECT id AS event_id, source, origin, at_us, happened_on, name, channel, direction, campaign,
    coupon,
    unnest(CASE WHEN product_ids IS NULL THEN ARRAY[product_id]
        ELSE CAST(string_split(product_ids, ',') AS BIGINT[]) END) AS product_id
FROM event WHERE product_id IS NOT NULL OR product_ids IS NOT NULL;
CREATE TABLE consent (
    id BIGINT, source TEXT, origin BIGINT, purpose TEXT, channel TEXT, state TEXT, legal_basis TEXT,
    text_version TEXT, at_us BIGINT
);
-- What analyses say of customers (analyze/run): the latest run of each kind. The views below name
-- the values, of those who are customers still: who became another one since the run has no score,
-- and is asked for under the other one's id.
CREATE TABLE analysis_score (
    customer BIGINT, kind INTEGER, run_id BIGINT, value_1 BIGINT, value_2 BIGINT, value_3 BIGINT,
    value_4 BIGINT, value_5 BIGINT, value_6 BIGINT
);
-- Lifetime value: the probability of being alive, the days of purchase expected within the run's
-- horizon, the spend expected on such a day (NULL: not known), the value of that horizon.
CREATE OR REPLACE VIEW lifetime_value AS
SELECT s.customer, s.run_id,
    CAST(s.value_1 AS DOUBLE PRECISION) / 1000000 AS alive,
    CAST(s.value_2 AS DOUBLE PRECISION) / 1000000 AS purchases,
    s.value_3 AS spend_micros, s.value_4 AS value_micros
FROM analysis_score s
WHERE s.kind = 1
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = s.customer);
-- Churn: the probability of buying nothing within the run's horizon, the two features that moved it
-- most (analyze/churn/churn_feature.c) and how far, in log-odds.
CREATE OR REPLACE VIEW churn AS
SELECT s.customer, s.run_id, CAST(s.value_1 AS DOUBLE PRECISION) / 1000000 AS probability,
    split_part(f.names, ',', CAST(s.value_2 / 1000000 AS INTEGER)) AS driver_1,
    CAST(s.value_3 AS DOUBLE PRECISION) / 1000000 AS effect_1,
    split_part(f.names, ',', CAST(s.value_4 / 1000000 AS INTEGER)) AS driver_2,
    CAST(s.value_5 AS DOUBLE PRECISION) / 1000000 AS effect_2
FROM analysis_score s CROSS JOIN (
    SELECT 'recency,tenure,purchases,purchases_90,trend,lateness,spend,spend_90,discount,'
        || 'refunds,products,categories,places,visits,messages,responses,service_90,service'
        AS names) f
WHERE s.kind = 2
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = s.customer);
-- Personas: the number of the one that a customer belongs to, how certain that is (0 to 1), and the
-- one at the run's earlier day (NULL: was no customer yet).
CREATE OR REPLACE VIEW persona AS
SELECT s.customer, s.run_id,
    CAST(CAST(s.value_1 AS DOUBLE PRECISION) / 1000000 AS INTEGER) AS persona,
    CAST(s.value_2 AS DOUBLE PRECISION) / 1000000 AS certainty,
    CAST(CAST(s.value_3 AS DOUBLE PRECISION) / 1000000 AS INTEGER) AS earlier
FROM analysis_score s
WHERE s.kind = 3
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = s.customer);
-- Uplift: how much the treatment of the run's experiment raises the chance of a response (−1 to 1),
-- and the share of customers whom it raises as much or more.
CREATE OR REPLACE VIEW uplift AS
SELECT s.customer, s.run_id, CAST(s.value_1 AS DOUBLE PRECISION) / 1000000 AS uplift,
    CAST(s.value_2 AS DOUBLE PRECISION) / 1000000 AS rank
FROM analysis_score s
WHERE s.kind = 8
  AND NOT EXISTS (SELECT 1 FROM alias gone WHERE gone.origin = s.customer);
-- Runs of analyses: what was asked and what was found, JSON. watermark: of the lake, when its data
-- were read.
CREATE TABLE analysis_run (
    id BIGINT,
    kind TEXT,                         -- lifetime_value, churn, persona, regression, forecast, …
    version INTEGER, as_of DATE, seed BIGINT, watermark BIGINT, parameters TEXT, result TEXT,
    customer_count BIGINT, created_at_us BIGINT
);
-- Series of the latest forecasts, JSON: the view below has their periods as rows.
CREATE TABLE forecast_series (
    run_id BIGINT, place BIGINT, metric TEXT, dimension TEXT, result TEXT
);
-- Single figures of runs: words in value, numbers in number.
CREATE OR REPLACE VIEW analysis_figure AS
SELECT m.run_id, m.kind, m.name,
    CASE WHEN json_type(m.value) IN ('VARCHAR', 'BOOLEAN') THEN m.value ->> '$' END AS value,
    CASE WHEN json_type(m.value) IN ('DOUBLE', 'BIGINT', 'UBIGINT')
        THEN CAST(m.value ->> '$' AS DOUBLE) END AS number
FROM (
    SELECT k.run_id, k.kind, k.name, json_extract(k.result, '$."' || k.name || '"') AS value
    FROM (SELECT id AS run_id, kind, unnest(json_keys(result)) AS name, result
          FROM analysis_run) k
) m
WHERE json_type(m.value) NOT IN ('OBJECT', 'ARRAY', 'NULL');
-- The tables of runs (coefficients, tests, channels, cohorts, …), a row for each cell.
CREATE OR REPLACE VIEW analysis_cell AS
SELECT l.run_id, l.kind, l.table_name, l.row_number,
    json_extract_string(l.columns, '$[' || l.place || '].name') AS column_name,
    CASE WHEN json_type(l.cell) IN ('VARCHAR', 'BOOLEAN') THEN l.cell ->> '$' END AS value,
    CASE WHEN json_type(l.cell) IN ('DOUBLE', 'BIGINT', 'UBIGINT')
        THEN CAST(l.cell ->> '$' AS DOUBLE) END AS number
FROM (
    SELECT r.run_id, r.kind, r.table_name, r.columns, r.row_number,
        generate_subscripts(r.cells, 1) - 1 AS place, unnest(r.cells) AS cell
    FROM (
        SELECT t.run_id, t.kind, t.table_name, json_extract(t.found, '$.columns') AS columns,
            generate_subscripts(json_extract(t.found, '$.rows[*]'), 1) AS row_number,
            json_extract(unnest(json_extract(t.found, '$.rows[*]')), '$[*]') AS cells
        FROM (
            SELECT k.run_id, k.kind, k.name AS table_name,
                json_extract(k.result, '$."' || k.name || '"') AS found
            FROM (SELECT id AS run_id, kind, unnest(json_keys(result)) AS name, result
                  FROM analysis_run) k
        ) t
        WHERE json_type(t.found, '$.columns') = 'ARRAY'
    ) r
) l;
-- What forecasts read and found, a row for each period: actual of the past, the others of those
-- ahead. dimension and value: '' of a total.
CREATE OR REPLACE VIEW forecast AS
SELECT p.run_id, p.metric, p.dimension, coalesce(p.result ->> '$.value', '') AS value,
    p.result ->> '$.label' AS label, p.result ->> '$.model' AS model,
    CAST(p.periods[p.place] AS DATE) AS period,
    CASE WHEN p.place <= p.past THEN p.actual[p.place] END AS actual,
    CASE WHEN p.place > p.past THEN p.mean[p.place - p.past] END AS forecast,
    CASE WHEN p.place > p.past THEN p.low_80[p.place - p.past] END AS low_80,
    CASE WHEN p.place > p.past THEN p.high_80[p.place - p.past] END AS high_80,
    CASE WHEN p.place > p.past THEN p.low_95[p.place - p.past] END AS low_95,
    CASE WHEN p.place > p.past THEN p.high_95[p.place - p.past] END AS high_95
FROM (
    SELECT s.*, len(s.actual) AS past, unnest(range(1, len(s.periods) + 1)) AS place
    FROM (
        SELECT run_id, metric, dimension, result,
            CAST(json_extract(result, '$.periods') AS VARCHAR[]) AS periods,
            CAST(json_extract(result, '$.history') AS DOUBLE[]) AS actual,
            CAST(json_extract(result, '$.mean') AS DOUBLE[]) AS mean,
            CAST(json_extract(result, '$.low_80') AS DOUBLE[]) AS low_80,
            CAST(json_extract(result, '$.high_80') AS DOUBLE[]) AS high_80,
            CAST(json_extract(result, '$.low_95') AS DOUBLE[]) AS low_95,
            CAST(json_extract(result, '$.high_95') AS DOUBLE[]) AS high_95
        FROM forecast_series
    ) s
) p;

-- SPDX-License-Identifier: Apache-2.0
-- Spreading tables over the machines of a Citus cluster. Its functions are looked for by name;
-- where there are none nothing here runs but the first two blocks.

-- Citus can be asked, and joins that move rows between machines are allowed.
-- :name distribute_look (fragment)
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_proc WHERE proname = 'create_distributed_table'),
    EXISTS (SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = 'citus'),
    coalesce(current_setting('citus.enable_repartition_joins', true), 'off') = 'on';

-- How many processes use the store: each holds its number (postgresql_take_number).
-- :name distribute_processes (fragment)
SELECT count(DISTINCT objid) FROM pg_catalog.pg_locks
WHERE locktype = 'advisory' AND classid = 1952805749
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database());

-- :name distribute_workers (fragment)
SELECT count(*) FROM citus_get_active_worker_nodes();

-- The tables of the ledger, without the partitions of one.
-- :name distribute_tables (fragment)
SELECT CAST(c.relname AS TEXT) FROM pg_catalog.pg_class c
WHERE c.relnamespace = to_regnamespace('tessera') AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition
ORDER BY 1;

-- Those that are moved already, and the column by which.
-- :name distribute_moved (fragment)
SELECT CAST(c.relname AS TEXT), CAST(t.citus_table_type AS TEXT),
    CAST(coalesce(t.distribution_column, '') AS TEXT)
FROM citus_tables t JOIN pg_catalog.pg_class c ON c.oid = t.table_name
WHERE c.relnamespace = to_regnamespace('tessera');

-- Rows of a column may still be without a value.
-- :name distribute_may_be_null (fragment)
SELECT count(*) FROM pg_catalog.pg_attribute
WHERE attrelid = to_regclass($1) AND CAST(attname AS TEXT) = $2 AND NOT attnotnull;

-- Keys and unique constraints of table $1 without column $2: name, kind, columns.
-- :name distribute_constraints (fragment)
SELECT quote_ident(k.conname), CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END,
    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place)
     FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
     JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number)
FROM pg_catalog.pg_constraint k
WHERE k.conrelid = to_regclass($1) AND k.contype IN ('p', 'u')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = k.conrelid AND CAST(a.attname AS TEXT) = $2
                        AND a.attnum = ANY (k.conkey))
ORDER BY k.contype, 1;

-- What cannot be moved: unique indexes of table $1 without column $2 that are no constraint, and
-- foreign keys.
-- :name distribute_obstacles (fragment)
SELECT 'the unique index ' || quote_ident(c.relname)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass($1) AND i.indisunique
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid)
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = i.indrelid AND CAST(a.attname AS TEXT) = $2
                        AND a.attnum = ANY (i.indkey))
UNION ALL
SELECT 'the foreign key ' || quote_ident(k.conname) FROM pg_catalog.pg_constraint k
WHERE k.contype = 'f' AND to_regclass($1) IN (k.conrelid, k.confrelid);

-- A home for rows from before there were any. The same fact may come again to another home: whoever
-- writes it looks for it everywhere first.
-- :name distribute_fill_sale (fragment)
UPDATE sale SET home = coalesce(origin, -1 - id % 65536) WHERE home IS NULL;

-- :name distribute_fill_sale_line (fragment)
UPDATE sale_line SET home = s.home FROM sale s WHERE s.id = sale_line.sale_id
    AND sale_line.home IS NULL;

-- :name distribute_fill_event (fragment)
UPDATE event SET home = coalesce(origin, -1 - id % 65536) WHERE home IS NULL;

-- :name distribute_fill_consent (fragment)
UPDATE consent SET home = origin WHERE home IS NULL;

-- The views that would join or look for what stands on different machines, written so that they do
-- not: a line finds its receipt beside it, and identifiers are gathered once for all customers.
-- Nothing happens where no table was moved: there every customer is found by an index instead.
-- :name distribute_views (fragment)
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_catalog.pg_attribute
               WHERE attrelid = to_regclass('tessera.sale_line') AND attname = 'home'
                   AND attnotnull) THEN
        CREATE OR REPLACE VIEW tessera_lake.sale_line AS
        SELECT l.sale_id, l.line,
            (CASE s.kind WHEN 1 THEN 'sale' WHEN 2 THEN 'refund' ELSE 'adjustment' END)
                COLLATE "C" AS kind,
            s.sold_at_us, s.sold_on, s.store_id, s.cashier_id, s.channel,
            s.currency, s.country, s.origin,
            l.product_id, l.quantity_micros, l.unit_price_micros, l.discount_micros, l.coupon,
            l.net_micros, l.vat_rate_bp, l.vat_micros, l.gross_micros, l.refund_of_sale,
            l.refund_of_line
        FROM tessera.sale_line l JOIN tessera.sale s ON s.home = l.home AND s.id = l.sale_id;

        CREATE OR REPLACE VIEW tessera_lake.customer AS
        SELECT c.id, c.created_at_us, k.number,
            c.name, c.given_name, c.family_name, c.company,
            DATE '1970-01-01' + c.birth_day AS birth_on, c.gender, c.language,
            c.street, c.postal_code, c.city, c.region, c.country,
            coalesce(k.has_email, false) AS has_email, coalesce(k.has_phone, false) AS has_phone,
            coalesce(k.has_card, false) AS has_card, c.attributes
        FROM tessera.customer c
        LEFT JOIN (
            SELECT coalesce(a.customer, i.origin) AS customer,
                min(i.value) FILTER (WHERE i.kind = 4) AS number, bool_or(i.kind = 1) AS has_email,
                bool_or(i.kind = 2) AS has_phone, bool_or(i.kind = 3) AS has_card
            FROM tessera.identifier i LEFT JOIN tessera.alias a ON a.origin = i.origin
            GROUP BY coalesce(a.customer, i.origin)
        ) AS k ON k.customer = c.id
        WHERE NOT EXISTS (SELECT 1 FROM tessera.alias gone WHERE gone.origin = c.id);
    END IF;
END
$$;

-- SPDX-License-Identifier: Apache-2.0

-- :name saved_query_put (ledger)
INSERT INTO saved_query (name, query, description, actor, changed_at_us)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (name) DO UPDATE SET query = excluded.query, description = excluded.description,
    actor = excluded.actor, changed_at_us = excluded.changed_at_us;

-- :name saved_query_find (ledger)
SELECT name, query, description, actor, changed_at_us FROM saved_query WHERE name = $1;

-- By name; those after $1.
-- :name saved_query_list (ledger)
SELECT name, description, query, actor, changed_at_us FROM saved_query
WHERE name > $1 ORDER BY name LIMIT $2;

-- :name saved_query_delete (ledger)
DELETE FROM saved_query WHERE name = $1;

-- What can be asked of. Names of types are those of the one database or the other.
-- :name sql_columns (lake)
SELECT table_name, column_name,
    CASE WHEN upper(data_type) = 'VARCHAR' THEN 'text'
         WHEN upper(data_type) = 'DOUBLE' THEN 'double precision'
         ELSE lower(data_type) END AS type
FROM information_schema.columns
WHERE table_schema IN ('main', 'tessera_lake') AND table_name <> 'lake_state'
ORDER BY table_name, ordinal_position;

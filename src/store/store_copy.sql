-- SPDX-License-Identifier: Apache-2.0

-- The columns of table $1 in order, and their places in its key, from 1; 0: none.
-- :name copy_columns_of_sqlite (fragment)
SELECT name, pk FROM pragma_table_info($1) ORDER BY cid;

-- Without those that the database computes itself.
-- :name copy_columns_of_postgresql (fragment)
SELECT CAST(a.attname AS TEXT),
    coalesce((SELECT array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1
              FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary), 0)
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = ''
ORDER BY a.attnum;

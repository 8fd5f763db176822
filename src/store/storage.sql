-- SPDX-License-Identifier: Apache-2.0
-- How large tables are, asked of each database in its own words.

-- Table, its bytes and its indexes'. Every page is looked at.
-- :name storage_tables_of_sqlite (fragment)
SELECT m.tbl_name, sum(CASE m.type WHEN 'table' THEN d.pgsize ELSE 0 END),
    sum(CASE m.type WHEN 'index' THEN d.pgsize ELSE 0 END), -1
FROM dbstat d JOIN sqlite_schema m ON m.name = d.name
WHERE d.aggregate = 1
GROUP BY m.tbl_name ORDER BY m.tbl_name;

-- :name storage_indexes_of_sqlite (fragment)
SELECT m.tbl_name, m.name, d.pgsize
FROM dbstat d JOIN sqlite_schema m ON m.name = d.name
WHERE d.aggregate = 1 AND m.type = 'index'
ORDER BY m.tbl_name, m.name;

-- With the planner's guess of the rows, -1 when it has none. Partitions are their table's.
-- :name storage_tables_of_postgresql (fragment)
SELECT CAST(c.relname AS TEXT), CAST(sum(pg_table_size(p.oid)) AS BIGINT),
    CAST(sum(pg_indexes_size(p.oid)) AS BIGINT),
    CAST(CASE WHEN bool_or(p.reltuples < 0 AND p.relkind = 'r') THEN -1
        ELSE sum(greatest(p.reltuples, 0)) END AS BIGINT)
FROM pg_catalog.pg_class c
JOIN LATERAL (SELECT c.oid UNION SELECT t.relid FROM pg_partition_tree(c.oid) t) AS part (relid)
    ON true
JOIN pg_catalog.pg_class p ON p.oid = part.relid
WHERE c.relnamespace = to_regnamespace('tessera') AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition
GROUP BY c.relname ORDER BY 1;

-- :name storage_indexes_of_postgresql (fragment)
SELECT CAST(t.relname AS TEXT), CAST(x.relname AS TEXT),
    CAST(sum(pg_relation_size(i.indexrelid)) AS BIGINT)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class t
    ON t.oid = coalesce(pg_partition_root(i.indrelid), i.indrelid)
JOIN pg_catalog.pg_class x
    ON x.oid = coalesce(pg_partition_root(i.indexrelid), i.indexrelid)
WHERE t.relnamespace = to_regnamespace('tessera')
GROUP BY t.relname, x.relname ORDER BY 1, 2;

-- Rows as its statistics have them. The bytes are those of whole blocks, which columns share.
-- :name storage_tables_of_duckdb (duckdb)
SELECT table_name, estimated_size FROM duckdb_tables()
WHERE NOT internal ORDER BY table_name;

-- :name storage_block_bytes (duckdb)
SELECT block_size FROM pragma_database_size();

-- ---- where tables are spread ----

-- Table, number of shards, bytes of all with their indexes, of the largest one.
-- :name storage_shards (fragment)
SELECT CAST(c.relname AS TEXT), count(*), CAST(sum(s.shard_size) AS BIGINT),
    CAST(max(s.shard_size) AS BIGINT)
FROM citus_shards s JOIN pg_catalog.pg_class c ON c.oid = s.table_name
WHERE c.relnamespace = to_regnamespace('tessera')
GROUP BY c.relname;

-- :name storage_nodes (fragment)
SELECT n.node_name || ':' || n.node_port, count(s.shardid),
    CAST(coalesce(sum(s.shard_size), 0) AS BIGINT)
FROM citus_get_active_worker_nodes() n
LEFT JOIN citus_shards s ON s.nodename = n.node_name AND s.nodeport = n.node_port
GROUP BY n.node_name, n.node_port ORDER BY 1;

// SPDX-License-Identifier: Apache-2.0
#include "store/citus_testing.h"

#include "store/distribute.h"
#include "store/store_internal.h"
#include "store/store_testing.h"

#include <libpq-fe.h>
#include <stdlib.h>

// Names and columns are those of Citus; what is kept stands in a schema of its own.
static const char tables[] =
    "CREATE SCHEMA citus;"
    "CREATE TABLE citus.moved (relation REGCLASS PRIMARY KEY, type VARCHAR, by_column VARCHAR,"
    "    by_type VARCHAR, colocation INTEGER);"
    "CREATE VIEW citus_tables AS SELECT relation AS table_name, type AS citus_table_type,"
    "    by_column AS distribution_column, colocation AS colocation_id FROM citus.moved;"
    "CREATE FUNCTION citus_get_active_worker_nodes() RETURNS TABLE (node_name VARCHAR,"
    "    node_port BIGINT) LANGUAGE sql AS $$ VALUES ('worker-a', 5432::BIGINT),"
    "    ('worker-b', 5432::BIGINT) $$;"
    // Four shards of a spread table; a copy of the others on each machine. The second one is full.
    "CREATE VIEW citus_shards AS SELECT relation AS table_name,"
    "    102008 + row_number() OVER (ORDER BY relation, place) AS shardid,"
    "    type AS citus_table_type, colocation AS colocation_id,"
    "    CASE place % 2 WHEN 0 THEN 'worker-a' ELSE 'worker-b' END AS nodename,"
    "    5432 AS nodeport, 8192 * (1 + 3 * (place % 2)) AS shard_size"
    "  FROM citus.moved, generate_series(0, 3) AS place"
    "  WHERE type = 'distributed' OR place < 2;"
    "SET citus.enable_repartition_joins = 'on';";

static const char keep_column[] =
    "CREATE FUNCTION citus.keep_column() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN"
    "  IF to_jsonb(old) -> tg_argv[0] <> to_jsonb(new) -> tg_argv[0] THEN"
    "    RAISE EXCEPTION 'modifying the partition value of rows is not allowed';"
    "  END IF; RETURN new; END $$;";

static const char distribute[] =
    "CREATE FUNCTION create_distributed_table(relation REGCLASS, by_column VARCHAR,"
    "    distribution_type VARCHAR DEFAULT 'hash', colocate_with VARCHAR DEFAULT 'default')"
    "  RETURNS VOID LANGUAGE plpgsql AS $$"
    " DECLARE of_column pg_attribute; beside citus.moved; BEGIN"
    "  SELECT * INTO of_column FROM pg_attribute WHERE attrelid = relation AND attname = by_column;"
    "  IF NOT FOUND THEN RAISE EXCEPTION 'column % does not exist', by_column; END IF;"
    "  IF of_column.attgenerated <> '' THEN RAISE EXCEPTION 'column is computed'; END IF;"
    "  IF NOT of_column.attnotnull THEN RAISE EXCEPTION 'column may be null'; END IF;"
    "  IF EXISTS (SELECT 1 FROM citus.moved m WHERE m.relation = create_distributed_table.relation)"
    "    THEN RAISE EXCEPTION 'table % is already distributed', relation; END IF;"
    "  IF EXISTS (SELECT 1 FROM pg_index WHERE indrelid = relation AND indisunique"
    "      AND NOT of_column.attnum = ANY (indkey)) THEN"
    "    RAISE EXCEPTION 'cannot create constraint on %', relation; END IF;"
    "  IF EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND relation IN (conrelid,"
    "      confrelid)) THEN RAISE EXCEPTION 'foreign key'; END IF;"
    "  IF colocate_with NOT IN ('none', 'default') THEN"
    "    SELECT * INTO beside FROM citus.moved m WHERE m.relation = CAST(colocate_with AS REGCLASS)"
    "      AND m.type = 'distributed';"
    "    IF NOT FOUND THEN RAISE EXCEPTION '% is not distributed', colocate_with; END IF;"
    "    IF beside.by_type <> CAST(CAST(of_column.atttypid AS REGTYPE) AS VARCHAR) THEN"
    "      RAISE EXCEPTION 'cannot colocate tables'; END IF;"
    "  END IF;"
    "  INSERT INTO citus.moved VALUES (relation, 'distributed', by_column,"
    "    CAST(CAST(of_column.atttypid AS REGTYPE) AS VARCHAR),"
    "    coalesce(beside.colocation, (SELECT count(*) FROM citus.moved)));"
    "  EXECUTE format('CREATE TRIGGER keep_column BEFORE UPDATE ON %s FOR EACH ROW"
    "    EXECUTE FUNCTION citus.keep_column(%L)', relation, by_column);"
    " END $$;";

static const char reference[] =
    "CREATE FUNCTION create_reference_table(relation REGCLASS) RETURNS VOID LANGUAGE plpgsql AS $$"
    " BEGIN"
    "  IF NOT EXISTS (SELECT 1 FROM pg_index WHERE indrelid = relation AND indisprimary) THEN"
    "    RAISE EXCEPTION 'table % has no key', relation; END IF;"
    "  INSERT INTO citus.moved VALUES (relation, 'reference', NULL, NULL, 0);"
    " END $$;";

void test_citus_make(struct scope *scope) {
    test_ledger_exec(scope, tables);
    test_ledger_exec(scope, keep_column);
    test_ledger_exec(scope, distribute);
    test_ledger_exec(scope, reference);
}

const char *test_cluster(struct scope *scope) {
    const char *address = getenv("TESSERA_TEST_CITUS");
    PGconn *connection;
    PGresult *result;
    bool is_empty;

    (void)scope;
    if (!address || address[0] == '\0')
        test_skip("TESSERA_TEST_CITUS names no Citus cluster");
    connection = PQconnectdb(address);
    result = PQexec(connection, "DROP SCHEMA IF EXISTS tessera_lake CASCADE;"
                                "DROP SCHEMA IF EXISTS tessera CASCADE");
    is_empty = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    PQfinish(connection);
    if (!is_empty)
        test_fail(__FILE__, __LINE__, "the cluster's database cannot be emptied");
    return address;
}

void test_cluster_spread(struct scope *scope) {
    struct distribute_plan plan;

    CHECK_OK(distribute_plan(scope, &plan));
    CHECK_OK(distribute_run(scope, &plan));
}

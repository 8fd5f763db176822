-- SPDX-License-Identifier: Apache-2.0
-- What only PostgreSQL is asked.

-- The server and the role. A role that is a superuser is a member of every other one.
-- :name postgresql_look (fragment)
SELECT current_setting('server_version_num')::INTEGER,
    pg_is_in_recovery(),
    current_user::TEXT,
    pg_has_role(session_user, 'pg_execute_server_program', 'MEMBER')
        OR pg_has_role(session_user, 'pg_read_server_files', 'MEMBER')
        OR pg_has_role(session_user, 'pg_write_server_files', 'MEMBER'),
    current_setting('synchronous_commit'),
    current_setting('synchronous_standby_names') = ''
        AND EXISTS (SELECT 1 FROM pg_stat_replication),
    to_regnamespace('tessera') IS NOT NULL;

-- The first number that no other process has, for as long as the connection holds. Rows are looked
-- at in turn and LIMIT ends the looking, so one lock is taken.
-- :name postgresql_take_number (fragment)
SELECT number::BIGINT FROM generate_series(0, 63) AS number
WHERE pg_try_advisory_lock(1952805749, number) LIMIT 1;

-- Temporary tables of the same names stand before the ledger's own from here on, with the same rows
-- and indexes: what is tried sees only them. Indexes are made when the rows are there.
-- :name postgresql_copy_tables (fragment)
BEGIN ISOLATION LEVEL REPEATABLE READ;
DO $$
DECLARE
    copied RECORD;
    index_sql TEXT;
BEGIN
    FOR copied IN
        SELECT c.oid, c.relname AS name,
            string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = CAST('tessera' AS REGNAMESPACE) AND c.relkind IN ('r', 'p')
            AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        GROUP BY c.oid, c.relname
    LOOP
        EXECUTE format('CREATE TEMPORARY TABLE %I (LIKE tessera.%I INCLUDING DEFAULTS'
            ' INCLUDING GENERATED INCLUDING CONSTRAINTS)', copied.name, copied.name);
        EXECUTE format('INSERT INTO pg_temp.%I (%s) SELECT %s FROM tessera.%I', copied.name,
            copied.columns, copied.columns, copied.name);
        FOR index_sql IN
            SELECT replace(pg_get_indexdef(indexrelid), ' ON tessera.', ' ON pg_temp.')
            FROM pg_index WHERE indrelid = copied.oid
        LOOP
            EXECUTE index_sql;
        END LOOP;
        EXECUTE format('ANALYZE pg_temp.%I', copied.name);
    END LOOP;
END
$$;
COMMIT;
SET search_path = pg_temp;

-- For what is tried among others. Who comes in its way is told so long before the server looks for
-- deadlocks, and might choose the other one.
-- :name postgresql_begin_trial (fragment)
SET lock_timeout = '250ms';
BEGIN ISOLATION LEVEL REPEATABLE READ;

-- Not 0 when some other connection waits for this one. On a Citus cluster it would wait on another
-- machine, where nobody sees it from here: always.
-- :name postgresql_is_waited_for (fragment)
SELECT CASE WHEN to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN 1 ELSE
    (SELECT count(*) FROM pg_locks
     WHERE NOT granted AND pid <> pg_backend_pid()
        AND pg_backend_pid() = ANY (pg_blocking_pids(pid))) END;

-- What the planner knows of tables that were small when it last looked. Plans that were made from
-- it are made anew.
-- :name postgresql_analyze_small (fragment)
DO $$
DECLARE
    small REGCLASS;
BEGIN
    FOR small IN
        SELECT oid FROM pg_class
        WHERE relkind = 'r' AND reltuples < 50000 AND pg_table_is_visible(oid)
            AND relnamespace <> CAST('pg_catalog' AS REGNAMESPACE)
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', small);
    END LOOP;
END
$$;

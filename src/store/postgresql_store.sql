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

-- Each table of the ledger, as a name and a list of names in SQL, without what is computed.
-- :name postgresql_columns (fragment)
SELECT quote_ident(t.tablename),
    string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position)
FROM pg_tables t
JOIN information_schema.columns c ON c.table_schema = t.schemaname AND c.table_name = t.tablename
WHERE t.schemaname = 'tessera' AND c.is_generated = 'NEVER'
GROUP BY t.tablename ORDER BY t.tablename;

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

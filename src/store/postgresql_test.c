// SPDX-License-Identifier: Apache-2.0
// The private PostgreSQL itself.
#include "store/postgresql_testing.h"

#include <libpq-fe.h>

static PGconn *connect_to(const char *url) {
    PGconn *connection = PQconnectdb(url);

    if (PQstatus(connection) != CONNECTION_OK)
        test_fail(__FILE__, __LINE__, "%s", PQerrorMessage(connection));
    return connection;
}

static void check_value(PGconn *connection, const char *sql, const char *expected) {
    PGresult *result = PQexec(connection, sql);

    CHECK_STRING(PQresultStatus(result) == PGRES_TUPLES_OK ? PQgetvalue(result, 0, 0)
                                                           : PQerrorMessage(connection),
                 expected);
    PQclear(result);
}

TEST(each_test_has_an_empty_database_of_its_own_in_postgresql) {
    PGconn *one = connect_to(test_database(scope)), *other = connect_to(test_database(scope));

    PQclear(PQexec(one, "CREATE TABLE thing (id BIGINT)"));
    check_value(one, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "1");
    check_value(other, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "0");
    PQfinish(one);
    PQfinish(other);
}

// What is right only on a server that sorts bytewise, or for a superuser, must not pass.
TEST(the_private_postgresql_is_as_unkind_as_a_real_one) {
    PGconn *connection = connect_to(test_database(scope));

    check_value(connection, "SELECT 'a' < 'B'", "t");
    check_value(connection, "SELECT usesuper FROM pg_user WHERE usename = current_user", "f");
    PQfinish(connection);
}

// SPDX-License-Identifier: Apache-2.0
// A request whose transaction the database ended for another one's sake is answered as if nothing
// had been: it is run again as a whole, and its answer is that of the last run alone.
#include "govern/access/access.h"
#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "store/store_testing.h"
#include "web/router.h"

static void close_store(void *argument) {
    test_store_close(argument);
}

static code write_row(struct scope *scope) {
    TRY(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 1)", NO_BINDS));
    return ledger_exec(scope, "SELECT collide()", NO_BINDS);
}

static code collide_twice(struct scope *scope, const struct request *request,
                          struct response *response) {
    (void)request;
    json_begin_object(&response->writer);
    json_key(&response->writer, "written");
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, write_row(scope)));
    json_write_int64(&response->writer, 1);
    json_end_object(&response->writer);
    return OK;
}

TEST(a_request_that_collides_is_run_again_and_answered_once) {
    static const struct route routes[] = {
        {.method = METHOD_GET,
         .path = "/api/v1/collide",
         .handler = collide_twice,
         .permission = MAY_READ_JOBS},
    };
    const struct request request = {.method = METHOD_GET, .path = TEXT("/api/v1/collide")};
    struct response response;

    test_at_end(close_store, scope);
    test_store_open_at(scope, (struct test_place){.address = test_database(scope),
                                                  .folder = arena_printf(&scope->arena, "%s/beside",
                                                                         test_folder(scope))});
    test_ledger_exec(scope, "CREATE SEQUENCE tries; CREATE FUNCTION collide() RETURNS BIGINT "
                            "LANGUAGE plpgsql AS $$ BEGIN IF nextval('tries') <= 2 THEN "
                            "RAISE EXCEPTION 'somebody else' USING ERRCODE = '40P01'; END IF; "
                            "RETURN 1; END $$");
    scope->actor.permissions = MAY_READ_JOBS;
    response_init(&response);
    CHECK_OK(router_handle(scope, routes, 1, &request, &response));
    CHECK_TEXT(buffer_text(&response.body), "{\"written\":1}");
    response_clear(&response);
    CHECK_STRING(test_ledger_rows(scope, "SELECT last_value FROM tries"), "3");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "1");
}

// SPDX-License-Identifier: Apache-2.0
// Who may what: every route for every role, from a table that is written by hand and stands apart
// from the program's own. Default deny: a route that is not in it fails the test.
//
// A administrator, M marketer, G agent, Y analyst, D data protection officer, * nobody signed in
#include "app/access_testing.h"
#include "app/tables.h"
#include "govern/access/access.h"
#include "govern/access/authenticate_http.h"

#include <sqlite3.h>

static const struct {
    const char *may; // the letters of who may, "-" for who may not
    const char *route;
} expected[] = {
    {"AMGYD-", "PUT /api/v1/account/password"},
    {"AMGYD-", "DELETE /api/v1/account/second-factor"},
    {"AMGYD-", "POST /api/v1/account/second-factor"},
    {"AMGYD-", "PUT /api/v1/account/second-factor"},
    {"AMGYD-", "GET /api/v1/account/sessions"},
    {"AMGYD-", "DELETE /api/v1/account/sessions/{id}"},
    {"A-----", "GET /api/v1/accounts"},
    {"A-----", "POST /api/v1/accounts"},
    {"A-----", "PATCH /api/v1/accounts/{id}"},
    {"A-----", "POST /api/v1/accounts/{id}/invitation"},
    {"A---D-", "GET /api/v1/audit"},
    {"A---D-", "GET /api/v1/audit/head"},
    {"A---D-", "GET /api/v1/audit/verification"},
    {"A-----", "GET /api/v1/backups"},
    {"A-----", "POST /api/v1/backups"},
    {"AM-Y--", "POST /api/v1/coupon-redemptions"},
    {"AM-YD-", "GET /api/v1/coupon-series"},
    {"AM-Y--", "POST /api/v1/coupon-series"},
    {"AM-YD-", "GET /api/v1/coupon-series/{name}"},
    {"AM----", "GET /api/v1/coupon-series/{name}/codes"},
    {"AM-Y--", "POST /api/v1/coupon-series/{name}/codes"},
    {"AM-YD-", "GET /api/v1/coupon-series/{name}/redemptions"},
    {"AM-Y--", "POST /api/v1/coupon-series/{name}/stop"},
    {"AM----", "GET /api/v1/coupons/{code}"},
    {"AM----", "POST /api/v1/coupons/{code}/redeem"},
    {"AM-Y--", "POST /api/v1/coupons/{code}/void"},
    {"AMGYD-", "POST /api/v1/letter-preview"},
    {"AMGYD-", "GET /api/v1/letter-stationery"},
    {"AM-Y--", "PUT /api/v1/letter-stationery"},
    {"AMGYD*", "GET /q/{token}"},
    {"AMGYD-", "GET /api/v1/consent/confirmations"},
    {"AMGYD-", "GET /api/v1/consent/facts/{id}"},
    {"AMGYD-", "GET /api/v1/consent/purposes"},
    {"AMGYD-", "GET /api/v1/consent/purposes/{name}"},
    {"A-----", "PUT /api/v1/consent/purposes/{name}"},
    {"AMGYD-", "GET /api/v1/consent/suppressions"},
    {"AMG---", "POST /api/v1/consent/suppressions"},
    {"AMG---", "POST /api/v1/consent/suppressions/lift"},
    {"AMGYD-", "GET /api/v1/customers"},
    {"AMGYD-", "GET /api/v1/customers/{id}/consents"},
    {"AMG---", "POST /api/v1/customers/{id}/consents"},
    {"AMG---", "POST /api/v1/customers/{id}/preference-link"},
    {"AMGYD-", "GET /api/v1/customers/{id}"},
    {"AMGYD-", "GET /api/v1/customers/{id}/identity"},
    {"AMG---", "POST /api/v1/customers/{id}/join"},
    {"AMG---", "POST /api/v1/customers/{id}/join/preview"},
    {"AMGYD-", "GET /api/v1/customers/{id}/links"},
    {"AMGYD-", "GET /api/v1/customers/{id}/live"},
    {"AMGYD-", "GET /api/v1/customers/{id}/segments"},
    {"AMGYD-", "GET /api/v1/customers/{id}/timeline"},
    {"AM-YD-", "GET /api/v1/campaigns"},
    {"AM----", "POST /api/v1/campaigns"},
    {"AM-YD-", "POST /api/v1/campaigns/audience"},
    {"AM----", "POST /api/v1/campaigns/import"},
    {"AM----", "DELETE /api/v1/campaigns/{name}"},
    {"AM-YD-", "GET /api/v1/campaigns/{name}"},
    {"AM----", "PUT /api/v1/campaigns/{name}"},
    {"AM----", "GET /api/v1/campaigns/{name}/files"},
    {"AM----", "GET /api/v1/campaigns/{name}/files/{file}"},
    {"AMGYD-", "GET /api/v1/campaigns/{name}/messages"},
    {"AM----", "POST /api/v1/campaigns/{name}/messages/{id}/resend"},
    {"AM-YD-", "GET /api/v1/campaigns/{name}/result"},
    {"AM----", "POST /api/v1/campaigns/{name}/step"},
    {"AM----", "POST /api/v1/campaigns/{name}/test"},
    {"AM-YD-", "GET /api/v1/channels"},
    {"A-----", "PUT /api/v1/channels/{name}"},
    {"AM-YD-", "GET /api/v1/churn"},
    {"AMGYD-", "GET /api/v1/churn/customers"},
    {"AM-YD-", "GET /api/v1/churn/runs"},
    {"AM-Y--", "POST /api/v1/churn/runs"},
    {"AM-YD-", "GET /api/v1/cohorts"},
    {"AM-YD-", "GET /api/v1/dashboards"},
    {"AM-Y--", "DELETE /api/v1/dashboards/{name}"},
    {"AM-YD-", "GET /api/v1/dashboards/{name}"},
    {"AM-Y--", "PUT /api/v1/dashboards/{name}"},
    {"AM----", "GET /api/v1/dashboards/{name}/mails"},
    {"AM----", "POST /api/v1/dashboards/{name}/mails"},
    {"AM----", "DELETE /api/v1/dashboards/{name}/mails/{id}"},
    {"AM----", "POST /api/v1/dashboards/{name}/mails/{id}/send"},
    {"AM-YD-", "POST /api/v1/dashboards/{name}/sheet"},
    {"AM----", "GET /api/v1/decide"},
    {"AM-YD-", "GET /api/v1/doctor"},
    {"AM-YD-", "GET /api/v1/drivers"},
    {"AM-YD-", "GET /api/v1/drivers/fields"},
    {"AM-YD-", "GET /api/v1/drivers/runs"},
    {"AM-Y--", "POST /api/v1/drivers/runs"},
    {"AM-YD-", "GET /api/v1/experiments"},
    {"AM-YD-", "GET /api/v1/experiments/runs"},
    {"AM-Y--", "POST /api/v1/experiments/runs"},
    {"AM-YD-", "GET /api/v1/experiments/sample-size"},
    {"AM-YD-", "GET /api/v1/experiments/segments"},
    {"AM----", "GET /api/v1/exports"},
    {"AM----", "GET /api/v1/exports/{id}"},
    {"AM-YD-", "GET /api/v1/forecast"},
    {"AM-YD-", "GET /api/v1/forecast/points"},
    {"AM-YD-", "GET /api/v1/forecast/runs"},
    {"AM-Y--", "POST /api/v1/forecast/runs"},
    {"AM-YD-", "GET /api/v1/forecast/series"},
    {"A-----", "GET /api/v1/hooks"},
    {"A-----", "POST /api/v1/hooks"},
    {"A-----", "GET /api/v1/hooks/{id}"},
    {"A-----", "PUT /api/v1/hooks/{id}/mapping"},
    {"A-----", "POST /api/v1/hooks/{id}/secret"},
    {"AMG---", "POST /api/v1/identifiers/{id}/block"},
    {"AMG---", "POST /api/v1/identifiers/{id}/release"},
    {"AMGYD-", "GET /api/v1/identity/conflicts"},
    {"AMG---", "POST /api/v1/identity/conflicts/{id}/decision"},
    {"AMGYD-", "GET /api/v1/identity/guards"},
    {"AM----", "GET /api/v1/imports"},
    {"AM----", "POST /api/v1/imports"},
    {"AM----", "POST /api/v1/imports/proposal"},
    {"AM----", "GET /api/v1/imports/fields"},
    {"AM----", "GET /api/v1/imports/{id}"},
    {"AM----", "DELETE /api/v1/imports/{id}/quarantine"},
    {"AM----", "GET /api/v1/imports/{id}/quarantine"},
    {"AM----", "POST /api/v1/imports/{id}/quarantine/replay"},
    {"AM----", "DELETE /api/v1/imports/{id}/quarantine/{row}"},
    {"AM----", "PUT /api/v1/imports/{id}/quarantine/{row}"},
    {"AM----", "POST /api/v1/imports/{id}/undo"},
    {"AMGYD*", "POST /api/v1/invitations/accept"},
    {"AMGYD*", "POST /api/v1/invitations/check"},
    {"AM-YD-", "GET /api/v1/jobs"},
    {"AM-YD-", "GET /api/v1/jobs/{id}"},
    {"AM----", "POST /api/v1/jobs/{id}/cancel"},
    {"AM-YD-", "GET /api/v1/jobs/{id}/log"},
    {"AM-YD-", "GET /api/v1/live"},
    {"AMGYD-", "GET /api/v1/openapi.json"},
    {"AM----", "POST /api/v1/jobs/{id}/resume"},
    {"A-----", "GET /api/v1/keys"},
    {"A-----", "POST /api/v1/keys"},
    {"A-----", "DELETE /api/v1/keys/{id}"},
    {"AM-YD-", "GET /api/v1/attribution"},
    {"AM-YD-", "GET /api/v1/attribution/costs"},
    {"AM-Y--", "PUT /api/v1/attribution/costs"},
    {"AM-Y--", "DELETE /api/v1/attribution/costs/{id}"},
    {"AM-YD-", "GET /api/v1/attribution/runs"},
    {"AM-Y--", "POST /api/v1/attribution/runs"},
    {"AM-YD-", "GET /api/v1/lifetime-value"},
    {"AMGYD-", "GET /api/v1/lifetime-value/customers"},
    {"AM-YD-", "GET /api/v1/lifetime-value/runs"},
    {"AM-Y--", "POST /api/v1/lifetime-value/runs"},
    {"AMG---", "POST /api/v1/links/{id}/undo"},
    {"AMG---", "POST /api/v1/links/{id}/undo/preview"},
    {"AM-YD-", "GET /api/v1/mail"},
    {"A-----", "PUT /api/v1/mail"},
    {"AM-YD-", "GET /api/v1/mail/checks"},
    {"AM-YD-", "GET /api/v1/mail/destinations"},
    {"A-----", "POST /api/v1/mail/keys"},
    {"A-----", "DELETE /api/v1/mail/keys/{selector}"},
    {"A-----", "POST /api/v1/mail/keys/{selector}/use"},
    {"A-----", "POST /api/v1/mail/received"},
    {"A-----", "POST /api/v1/mail/test"},
    {"AM----", "GET /api/v1/mappings"},
    {"AM----", "DELETE /api/v1/mappings/{name}"},
    {"AM----", "GET /api/v1/mappings/{name}"},
    {"AM----", "PUT /api/v1/mappings/{name}"},
    {"AM-YD-", "GET /api/v1/personas"},
    {"AM-YD-", "GET /api/v1/personas/crossing"},
    {"AMGYD-", "GET /api/v1/personas/customers"},
    {"AM-YD-", "GET /api/v1/personas/names"},
    {"AM-Y--", "PUT /api/v1/personas/names/{number}"},
    {"AM-YD-", "GET /api/v1/personas/runs"},
    {"AM-Y--", "POST /api/v1/personas/runs"},
    {"AM-YD-", "GET /api/v1/products"},
    {"AM-YD-", "GET /api/v1/products/{code}"},
    {"AM----", "POST /api/v1/sample"},
    {"AMGYD-", "GET /api/v1/sales/{id}"},
    {"AM-YD-", "GET /api/v1/metrics"},
    {"AM-YD-", "GET /api/v1/metrics/{name}"},
    {"AM-YD-", "GET /api/v1/metrics/{names}/values"},
    {"A--Y--", "GET /api/v1/queries"},
    {"A--Y--", "DELETE /api/v1/queries/{name}"},
    {"A--Y--", "GET /api/v1/queries/{name}"},
    {"A--Y--", "PUT /api/v1/queries/{name}"},
    {"AM-YD-", "GET /api/v1/reports/bridge"},
    {"AM-YD-", "GET /api/v1/reports/cashiers"},
    {"AM-YD-", "GET /api/v1/reports/histogram"},
    {"AM-YD-", "GET /api/v1/reports/overview"},
    {"AM-YD-", "GET /api/v1/reports/pareto"},
    {"AM-YD-", "GET /api/v1/reports/sales"},
    {"AM-YD-", "GET /api/v1/reports/span"},
    {"AM-YD-", "GET /api/v1/reports/stores"},
    {"AM-YD-", "GET /api/v1/reports/vat"},
    {"AM-YD-", "GET /api/v1/retention"},
    {"AM-YD-", "GET /api/v1/rfm"},
    {"AMGYD-", "GET /api/v1/rfm/customers"},
    {"AMGYD-", "GET /api/v1/segments"},
    {"AM-Y--", "POST /api/v1/segments"},
    {"AMGYD-", "POST /api/v1/segments/count"},
    {"AMGYD-", "GET /api/v1/segments/fields"},
    {"AM-Y--", "DELETE /api/v1/segments/{name}"},
    {"AMGYD-", "GET /api/v1/segments/{name}"},
    {"AM-Y--", "PUT /api/v1/segments/{name}"},
    {"AMGYD-", "GET /api/v1/segments/{name}/count"},
    {"AM----", "POST /api/v1/segments/{name}/export"},
    {"AMGYD-", "GET /api/v1/segments/{name}/history"},
    {"AMGYD-", "GET /api/v1/segments/{name}/members"},
    {"AM-Y--", "POST /api/v1/segments/{name}/refresh"},
    {"AMGYD-", "DELETE /api/v1/session"},
    {"AMGYD*", "GET /api/v1/session"},
    {"AMGYD*", "POST /api/v1/session"},
    {"AM-YD-", "GET /api/v1/settings"},
    {"A-----", "PUT /api/v1/settings/{name}"},
    {"A-----", "GET /api/v1/sms/gateway"},
    {"A-----", "PUT /api/v1/sms/gateway"},
    {"AMGYD-", "GET /api/v1/sms/size"},
    {"A-----", "POST /api/v1/sms/tries"},
    {"AMGYD*", "GET /sms/replies/{handle}"},
    {"AMGYD*", "POST /sms/replies/{handle}"},
    {"AMGYD*", "GET /sms/reports/{token}"},
    {"AMGYD*", "POST /sms/reports/{token}"},
    {"A-----", "GET /api/v1/sources"},
    {"A-----", "POST /api/v1/sources"},
    {"A-----", "GET /api/v1/sources/{id}"},
    {"A-----", "PATCH /api/v1/sources/{id}"},
    {"A-----", "GET /api/v1/sources/{id}/events"},
    {"A-----", "GET /api/v1/sources/{id}/hours"},
    {"A-----", "POST /api/v1/sources/{id}/key"},
    {"A-----", "DELETE /api/v1/sources/{id}/quarantine"},
    {"A-----", "GET /api/v1/sources/{id}/quarantine"},
    {"A-----", "GET /api/v1/sources/{id}/quarantine/reasons"},
    {"A-----", "POST /api/v1/sources/{id}/quarantine/replay"},
    {"A-----", "DELETE /api/v1/sources/{id}/quarantine/{row}"},
    {"A-----", "PUT /api/v1/sources/{id}/quarantine/{row}"},
    {"A-----", "GET /api/v1/sources/{id}/tag"},
    {"A-----", "PUT /api/v1/sources/{id}/tag"},
    {"A-----", "POST /api/v1/sources/{id}/tag/publish"},
    {"A-----", "POST /api/v1/sources/{id}/tag/restore"},
    {"A---D-", "GET /api/v1/sources/{id}/tag/versions/{version}"},
    {"A-----", "GET /api/v1/tags"},
    {"AMGYD-", "GET /api/v1/template-language"},
    {"AMGYD-", "GET /api/v1/templates"},
    {"AMGYD-", "POST /api/v1/templates/preview"},
    {"AMGYD-", "GET /api/v1/templates/{name}"},
    {"AM----", "PUT /api/v1/templates/{name}"},
    {"AMGYD-", "GET /api/v1/templates/{name}/versions"},
    {"AMGYD*", "GET /t/{file}"},
    {"A--Y--", "POST /api/v1/sql"},
    {"A--Y--", "GET /api/v1/sql/columns"},
    {"A--Y--", "POST /api/v1/sql/file"},
    {"AM-YD-", "GET /api/v1/staff"},
    {"AM-YD-", "GET /api/v1/staff/{code}"},
    {"AM-YD-", "GET /api/v1/storage"},
    {"AM-YD-", "GET /api/v1/stores"},
    {"AM-YD-", "GET /api/v1/stores/{code}"},
    {"AM-YD-", "GET /api/v1/uplift"},
    {"AMGYD-", "GET /api/v1/uplift/customers"},
    {"AM-YD-", "GET /api/v1/uplift/runs"},
    {"AM-Y--", "POST /api/v1/uplift/runs"},
    {"AM----", "GET /api/v1/uploads"},
    {"AM----", "POST /api/v1/uploads"},
    {"AM----", "DELETE /api/v1/uploads/{id}"},
    {"A-----", "GET /api/v1/webhook"},
    {"A-----", "PUT /api/v1/webhook"},
    {"A-----", "POST /api/v1/webhook/secret"},
    {"A-----", "PUT /api/v1/webhook/switch"},
    {"A-----", "POST /api/v1/webhook/tries"},
    {"AMGYD*", "GET /c/{token}"},
    {"AMGYD*", "POST /c/{token}"},
    {"AMGYD*", "GET /o/{token}"},
    {"AMGYD*", "POST /o/{token}"},
    {"AMGYD*", "GET /u/{token}"},
    {"AMGYD*", "POST /u/{token}"},
    {"AMGYD*", "POST /hooks/{handle}"},
    {"AMGYD*", "GET /l/{token}"},
};
enum { EXPECTED = sizeof(expected) / sizeof(*expected) };

static const char *line_of(struct scope *scope, const struct route *route) {
    return arena_printf(&scope->arena, "%s %s", method_name(route->method), route->path);
}

static const char *who_may(const char *line) {
    for (size_t i = 0; i < EXPECTED; i++)
        if (strcmp(expected[i].route, line) == 0)
            return expected[i].may;
    return NULL;
}

// The pattern with every placeholder filled in by the same word.
static const char *filled(struct scope *scope, const char *pattern, const char *word) {
    CLEANUP(buffer_clear) struct buffer path = {0};

    for (; *pattern; pattern++) {
        if (*pattern != '{') {
            buffer_add_char(&path, *pattern);
            continue;
        }
        buffer_add_string(&path, word);
        pattern += strcspn(pattern, "}");
    }
    return text_string(&scope->arena, buffer_text(&path));
}

TEST(every_route_has_a_row_in_the_table_of_who_may_and_every_row_a_route) {
    for (size_t i = 0; i < route_count; i++)
        if (!who_may(line_of(scope, &routes[i])))
            test_fail(__FILE__, __LINE__, "%s: who may? Give it a row in this file",
                      line_of(scope, &routes[i]));
    for (size_t i = 0; i < EXPECTED; i++) {
        size_t k = 0;

        while (k < route_count && strcmp(line_of(scope, &routes[k]), expected[i].route) != 0)
            k++;
        if (k == route_count)
            test_fail(__FILE__, __LINE__, "%s is no route any more", expected[i].route);
    }
}

// ---- every cell ----

static code done(struct scope *scope, const struct request *request, struct response *response) {
    (void)scope;
    (void)request;
    (void)response;
    return OK;
}

// The same table with handlers that do nothing, so that a cell is only about permission.
static struct route *harmless_routes(struct scope *scope) {
    struct route *copy = arena_copy(&scope->arena, routes, route_count * sizeof(*routes));

    for (size_t i = 0; i < route_count; i++) {
        copy[i].handler = done;
        copy[i].takes = ROUTE_TAKES_JSON;
        copy[i].parameters = NULL;
        copy[i].body = NULL;
    }
    return copy;
}

static code ask(struct scope *scope, const struct route *table, const struct route *route,
                const struct visitor *visitor) {
    const struct request_client client = {.session = visitor->session,
                                          .csrf = visitor->csrf,
                                          .address = TEXT("192.0.2.7"),
                                          .fetch_site = TEXT("same-origin")};
    const struct request request = {.method = route->method,
                                    .path = text_of(filled(scope, route->path, "1")),
                                    .client = &client};
    struct response response;
    code result;

    scope_forgive(scope);
    scope->actor = (struct actor){0};
    result = access_authenticate(scope, &request, route);
    response_init(&response);
    if (result == OK)
        result = router_handle(scope, table, route_count, &request, &response);
    response_clear(&response);
    return result;
}

static void check_cells(struct scope *scope, const struct visitor *visitor, int column) {
    const struct route *table = harmless_routes(scope);
    const code refusal = visitor->session.size > 0 ? FORBIDDEN : UNAUTHENTICATED;

    for (size_t i = 0; i < route_count; i++) {
        const char *line = line_of(scope, &routes[i]), *may = who_may(line);
        const code wanted = may && may[column] != '-' ? OK : refusal;
        const code result = ask(scope, table, &table[i], visitor);

        if (result != wanted)
            test_fail(__FILE__, __LINE__, "%s for \"%c\": %s, expected %s", line, "AMGYD*"[column],
                      code_info(result) -> name, code_info(wanted) -> name);
    }
}

TEST(every_role_may_exactly_what_the_table_says) {
    static const enum role roles[] = {ROLE_ADMINISTRATOR, ROLE_MARKETER, ROLE_AGENT, ROLE_ANALYST,
                                      ROLE_DATA_PROTECTION_OFFICER};

    test_store(scope);
    for (int column = 0; column < ROLE_COUNT; column++) {
        const char *name = arena_printf(&scope->arena, "person%c", 'a' + column);
        struct visitor visitor = {0};

        test_account(scope, name, roles[column]);
        test_sign_in(scope, &visitor, name);
        check_cells(scope, &visitor, column);
    }
    check_cells(scope, &(struct visitor){0}, ROLE_COUNT);
}

TEST(a_route_without_a_permission_is_nobodys) {
    struct route *table = harmless_routes(scope);
    struct visitor boss = {0};

    test_store(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_sign_in(scope, &boss, "boss");
    CHECK_OK(ask(scope, table, &table[0], &boss));
    table[0].permission = 0;
    CHECK_CODE(ask(scope, table, &table[0], &boss), FORBIDDEN);
}

TEST(denials_are_recorded_but_not_every_one) {
    struct visitor ann = {0};

    test_store(scope);
    test_account(scope, "ann", ROLE_AGENT);
    test_sign_in(scope, &ann, "ann");
    for (int i = 0; i < 20; i++)
        CHECK_CODE(visit(scope, &ann, METHOD_GET, "/api/v1/audit", NULL), FORBIDDEN);
    CHECK_STRING(test_ledger_rows(scope, "SELECT actor, object, details FROM audit "
                                         "WHERE action = 'access.deny'"),
                 "ann|/api/v1/audit|{\"method\":\"GET\",\"permission\":\"read_audit\"}");
    CHECK_CODE(visit(scope, &ann, METHOD_GET, "/api/v1/accounts", NULL), FORBIDDEN);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM audit WHERE action = 'access.deny'"),
                 "2");
}

// ---- what must leave the ledger as it is ----

// Another connection sees this number change with every commit of anybody else.
static int64_t data_version(sqlite3 *watcher) {
    sqlite3_stmt *statement = NULL;
    int64_t version = -1;

    if (sqlite3_prepare_v2(watcher, "PRAGMA data_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        version = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return version;
}

static void close_watcher(void *argument) {
    sqlite3_close(argument);
}

static sqlite3 *watch(struct scope *scope) {
    sqlite3 *watcher = NULL;

    CHECK(sqlite3_open_v2(
              arena_printf(&scope->arena, "%s/ledger.db", store_path(session_store(scope))),
              &watcher, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
    test_at_end(close_watcher, watcher);
    return watcher;
}

// With every GET there is; *watcher NULL: nobody looks.
static void walk_gets(struct scope *scope, struct visitor *visitor, sqlite3 *watcher) {
    static const char *const words[] = {"1", "revenue_gross", "everybody"};
    const int64_t version = watcher ? data_version(watcher) : 0;

    for (size_t i = 0; i < route_count; i++)
        for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++) {
            if (routes[i].method != METHOD_GET)
                continue;
            visit(scope, visitor, METHOD_GET, filled(scope, routes[i].path, words[k]), NULL);
            if (watcher && data_version(watcher) != version)
                test_fail(__FILE__, __LINE__, "GET %s changes the ledger", routes[i].path);
        }
}

// What is counted of a segment is kept beside its definition and brought up to date by who looks at
// it: the first walk does that.
TEST(no_get_changes_the_ledger) {
    struct visitor boss = {0};

    test_store_in_folder(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_sign_in(scope, &boss, "boss");
    CHECK_OK(visit(scope, &boss, METHOD_POST, "/api/v1/segments",
                   "{\"name\": \"everybody\", \"definition\": "
                   "{\"attribute\": \"has_email\", \"operator\": \"is\", \"value\": true}}"));
    walk_gets(scope, &boss, NULL);
    walk_gets(scope, &boss, watch(scope));
}

TEST(a_member_that_a_body_does_not_have_is_refused_and_nothing_is_done) {
    struct visitor boss = {0};
    sqlite3 *watcher;
    int64_t version;
    int asked = 0;

    test_store_in_folder(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_sign_in(scope, &boss, "boss");
    watcher = watch(scope);
    version = data_version(watcher);
    for (size_t i = 0; i < route_count; i++) {
        const char *line = line_of(scope, &routes[i]);
        code result;

        if (routes[i].method == METHOD_GET || routes[i].takes == ROUTE_TAKES_FILE ||
            routes[i].takes == ROUTE_TAKES_BYTES ||
            (routes[i].method == METHOD_DELETE && !routes[i].body))
            continue;
        result = visit(scope, &boss, routes[i].method, filled(scope, routes[i].path, "1"),
                       "{\"points\": 1000000}");
        asked++;
        if (result != INVALID)
            test_fail(__FILE__, __LINE__, "%s: %s", line, code_info(result)->name);
        if (data_version(watcher) != version)
            test_fail(__FILE__, __LINE__, "%s changes the ledger", line);
    }
    CHECK(asked > 20);
}

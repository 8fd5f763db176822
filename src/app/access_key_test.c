// SPDX-License-Identifier: Apache-2.0
// API keys, request by request.
#include "app/access_testing.h"
#include "base/time.h"

static struct text make_key(struct scope *scope, struct visitor *maker, const char *body) {
    CHECK_OK(visit(scope, maker, METHOD_POST, "/api/v1/keys", body));
    CHECK(strncmp(answer_text(scope, maker, "key"), "tsk_", 4) == 0);
    return text_of(answer_text(scope, maker, "key"));
}

static void sign_in_boss(struct scope *scope, struct visitor *boss) {
    test_store(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_sign_in(scope, boss, "boss");
}

TEST(a_key_does_what_it_is_for_and_nothing_else) {
    struct visitor boss = {0}, program = {.fetch_site = ""};

    sign_in_boss(scope, &boss);
    program.key = make_key(scope, &boss,
                           "{\"name\": \"nightly\", \"permissions\": "
                           "[\"read_segments\", \"read_jobs\"]}");
    CHECK_OK(visit(scope, &program, METHOD_GET, "/api/v1/segments", NULL));
    CHECK_OK(visit(scope, &program, METHOD_GET, "/api/v1/jobs", NULL));
    CHECK_CODE(visit(scope, &program, METHOD_GET, "/api/v1/customers", NULL), FORBIDDEN);
    CHECK_CODE(visit(scope, &program, METHOD_GET, "/api/v1/accounts", NULL), FORBIDDEN);
    CHECK_CODE(visit(scope, &program, METHOD_GET, "/api/v1/account/sessions", NULL), FORBIDDEN);
    CHECK_CODE(visit(scope, &program, METHOD_POST, "/api/v1/keys", "{}"), FORBIDDEN);
    CHECK_STRING(test_ledger_rows(scope, "SELECT DISTINCT actor FROM audit "
                                         "WHERE action = 'access.deny'"),
                 "key nightly");
}

TEST(a_key_is_refused_from_the_moment_it_is_revoked_or_expires) {
    struct visitor boss = {0}, program = {0}, other = {0};

    sign_in_boss(scope, &boss);
    program.key = make_key(scope, &boss, "{\"name\": \"a\", \"permissions\": [\"read_jobs\"]}");
    other.key = make_key(scope, &boss,
                         arena_printf(&scope->arena,
                                      "{\"name\": \"b\", \"permissions\": [\"read_jobs\"], "
                                      "\"expires_at\": \"%s\"}",
                                      time_format_utc(scope->now_us + 60 * US_PER_SECOND,
                                                      (char[TIME_TEXT_SIZE]){0})));
    CHECK_OK(visit(scope, &program, METHOD_GET, "/api/v1/jobs", NULL));
    CHECK_OK(visit(scope, &other, METHOD_GET, "/api/v1/jobs", NULL));
    CHECK_OK(visit(scope, &boss, METHOD_DELETE, "/api/v1/keys/a", NULL));
    CHECK_CODE(visit(scope, &program, METHOD_GET, "/api/v1/jobs", NULL), UNAUTHENTICATED);
    CHECK_OK(visit(scope, &other, METHOD_GET, "/api/v1/jobs", NULL));
    scope->now_us += 60 * US_PER_SECOND;
    CHECK_CODE(visit(scope, &other, METHOD_GET, "/api/v1/jobs", NULL), UNAUTHENTICATED);
}

TEST(a_key_never_does_more_than_its_maker_may) {
    struct visitor boss = {0}, other = {0}, program = {0};

    sign_in_boss(scope, &boss);
    test_account(scope, "other", ROLE_ADMINISTRATOR);
    test_sign_in(scope, &other, "other");
    program.key = make_key(scope, &other,
                           "{\"name\": \"a\", \"permissions\": "
                           "[\"query_sql\", \"read_segments\"]}");
    CHECK_OK(visit(scope, &program, METHOD_GET, "/api/v1/segments", NULL));
    CHECK_OK(
        visit(scope, &boss, METHOD_PATCH, "/api/v1/accounts/other", "{\"role\": \"marketer\"}"));
    CHECK_OK(visit(scope, &program, METHOD_GET, "/api/v1/segments", NULL));
    CHECK_CODE(visit(scope, &program, METHOD_POST, "/api/v1/sql", "{\"sql\": \"SELECT 1\"}"),
               FORBIDDEN);
    CHECK_OK(
        visit(scope, &boss, METHOD_PATCH, "/api/v1/accounts/other", "{\"state\": \"disabled\"}"));
    CHECK_CODE(visit(scope, &program, METHOD_GET, "/api/v1/segments", NULL), UNAUTHENTICATED);
}

TEST(no_key_manages_access_or_names_files) {
    static const char *const refused[] = {"manage_access", "sign_in", "name_paths", "everything",
                                          ""};
    struct visitor boss = {0};

    sign_in_boss(scope, &boss);
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
        CHECK_CODE(visit(scope, &boss, METHOD_POST, "/api/v1/keys",
                         arena_printf(&scope->arena, "{\"name\": \"a\", \"permissions\": [\"%s\"]}",
                                      refused[i])),
                   INVALID);
    CHECK_CODE(
        visit(scope, &boss, METHOD_POST, "/api/v1/keys", "{\"name\": \"a\", \"permissions\": []}"),
        INVALID);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM api_key"), "0");
}

TEST(a_key_is_listed_with_the_day_of_its_use_and_never_shown_again) {
    struct visitor boss = {0}, program = {0};
    char today[TIME_TEXT_SIZE];

    sign_in_boss(scope, &boss);
    program.key = make_key(scope, &boss, "{\"name\": \"a\", \"permissions\": [\"read_jobs\"]}");
    CHECK_OK(visit(scope, &program, METHOD_GET, "/api/v1/jobs", NULL));
    CHECK_OK(visit(scope, &boss, METHOD_GET, "/api/v1/keys", NULL));
    CHECK(answer_holds(&boss, "\"read_jobs\",\"boss\""));
    CHECK(answer_holds(&boss, day_format((int32_t)(scope->now_us / US_PER_DAY), today)));
    CHECK(!answer_holds(&boss, text_string(&scope->arena, program.key)));
}

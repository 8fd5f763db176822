// SPDX-License-Identifier: Apache-2.0
// The audit log comes first: what cannot be recorded does not happen.
#include "app/access_testing.h"
#include "base/time.h"
#include "govern/access/invitation.h"
#include "store/ledger.h"

#include <inttypes.h>

// Every table but the log and the throttle's counts, as one text.
static const char *state_of(struct scope *scope) {
    return test_ledger_rows(
        scope,
        "SELECT 'account', count(*), group_concat(name || role || state || display_name || "
        "coalesce(password_hash, '') || coalesce(factor_secret, '') || "
        "coalesce(factor_confirmed_at_us, 0) || coalesce(signed_in_at_us, 0)) FROM account "
        "UNION ALL SELECT 'invitation', count(*), group_concat(token_hash) FROM account_invitation "
        "UNION ALL SELECT 'session', count(*), group_concat(token_hash) FROM account_session "
        "UNION ALL SELECT 'device', count(*), group_concat(token_hash) FROM account_device "
        "UNION ALL SELECT 'key', count(*), group_concat(key_hash) FROM api_key "
        "UNION ALL SELECT 'setting', count(*), group_concat(value) FROM setting "
        "UNION ALL SELECT 'segment', count(*), group_concat(definition || description) FROM "
        "segment "
        "UNION ALL SELECT 'job', count(*), group_concat(id) FROM job "
        "UNION ALL SELECT 'recovery', count(*), group_concat(code_hash) FROM account_recovery");
}

static const char *const segment =
    "{\"name\": \"%s\", \"definition\": {\"attribute\": \"has_email\", \"operator\": \"is\", "
    "\"value\": true}}";

struct action {
    enum method method;
    const char *path, *body;
};

static const struct action actions[] = {
    {METHOD_POST, "/api/v1/session", "{\"name\": \"ann\", \"password\": \"" TEST_PASSWORD "\"}"},
    {METHOD_DELETE, "/api/v1/session", NULL},
    {METHOD_PUT, "/api/v1/account/password",
     "{\"current\": \"" TEST_PASSWORD "\", \"password\": \"eleven blue teapots\"}"},
    {METHOD_POST, "/api/v1/account/second-factor", NULL},
    {METHOD_POST, "/api/v1/accounts", "{\"name\": \"new\", \"role\": \"agent\"}"},
    {METHOD_POST, "/api/v1/accounts/ann/invitation", NULL},
    {METHOD_PATCH, "/api/v1/accounts/ann", "{\"role\": \"analyst\"}"},
    {METHOD_PATCH, "/api/v1/accounts/ann", "{\"state\": \"disabled\"}"},
    {METHOD_PATCH, "/api/v1/accounts/ann", "{\"display_name\": \"Ann\"}"},
    {METHOD_POST, "/api/v1/keys", "{\"name\": \"other\", \"permissions\": [\"read_jobs\"]}"},
    {METHOD_DELETE, "/api/v1/keys/nightly", NULL},
    {METHOD_PUT, "/api/v1/settings/currency", "{\"value\": \"GBP\"}"},
    {METHOD_PUT, "/api/v1/segments/kept", "{\"description\": \"changed\"}"},
    {METHOD_DELETE, "/api/v1/segments/kept", NULL},
};
enum { ACTIONS = sizeof(actions) / sizeof(*actions) };

static void mute(struct scope *scope) {
    test_ledger_refuse_rows(scope, "audit");
}

static void set_up(struct scope *scope, struct visitor *boss) {
    test_store(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_account(scope, "ann", ROLE_MARKETER);
    test_sign_in(scope, boss, "boss");
    CHECK_OK(visit(scope, boss, METHOD_POST, "/api/v1/keys",
                   "{\"name\": \"nightly\", \"permissions\": [\"read_jobs\"]}"));
    CHECK_OK(visit(scope, boss, METHOD_POST, "/api/v1/segments",
                   arena_printf(&scope->arena, segment, "kept")));
}

TEST(what_cannot_be_recorded_does_not_happen) {
    struct visitor boss = {0};
    const char *before;

    set_up(scope, &boss);
    mute(scope);
    before = state_of(scope);
    for (size_t i = 0; i < ACTIONS; i++) {
        struct visitor copy = boss;
        const code result =
            visit(scope, &copy, actions[i].method, actions[i].path, actions[i].body);

        if (result == OK || result == INVALID || result == NOT_FOUND ||
            copy.cookies.size > boss.cookies.size)
            test_fail(__FILE__, __LINE__, "%s %s: %s", method_name(actions[i].method),
                      actions[i].path, code_info(result)->name);
        CHECK_STRING(state_of(scope), before);
    }
    CHECK(visit(scope, &boss, METHOD_POST, "/api/v1/segments",
                arena_printf(&scope->arena, segment, "other")) != OK);
    CHECK_STRING(state_of(scope), before);
}

// The same actions with a log: each is done and leaves at least one record.
TEST(what_happens_is_recorded) {
    for (size_t i = 0; i < ACTIONS; i++) {
        struct visitor boss = {0};
        const char *before;
        int64_t count, again;

        if (i == 0)
            set_up(scope, &boss);
        else
            test_sign_in(scope, &boss, "boss");
        before = state_of(scope);
        CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM audit", NO_BINDS, 0, &count));
        scope->now_us += US_PER_SECOND;
        CHECK_OK(visit(scope, &boss, actions[i].method, actions[i].path, actions[i].body));
        CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM audit", NO_BINDS, 0, &again));
        CHECK(again > count);
        CHECK(strcmp(state_of(scope), before) != 0);
        if (actions[i].method == METHOD_PUT && strstr(actions[i].path, "password"))
            CHECK_OK(visit(scope, &boss, METHOD_PUT, actions[i].path,
                           "{\"current\": \"eleven blue teapots\", \"password\": \"" TEST_PASSWORD
                           "\"}"));
    }
}

TEST(a_failed_sign_in_that_cannot_be_recorded_is_no_answer) {
    struct visitor thief = {0};

    test_store(scope);
    test_account(scope, "ann", ROLE_MARKETER);
    mute(scope);
    CHECK_CODE(try_sign_in(scope, &thief, "ann", "guess number 1234"), CONFLICT);
}

TEST(the_log_names_people_by_their_account_and_never_what_was_typed) {
    struct visitor thief = {0};

    test_store(scope);
    CHECK_CODE(try_sign_in(scope, &thief, "my-secret-password", "ann"), UNAUTHENTICATED);
    CHECK_STRING(test_ledger_rows(scope, "SELECT actor, action, object, details FROM audit"),
                 "nobody|session.refuse|account unknown|"
                 "{\"from\":\"192.0.2.7\",\"why\":\"password\"}");
    CHECK(!strstr(test_ledger_rows(scope, "SELECT group_concat(name) FROM throttle"), "my-secret"));
}

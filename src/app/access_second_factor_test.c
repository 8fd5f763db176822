// SPDX-License-Identifier: Apache-2.0
// A second factor from its secret to its loss, request by request.
#include "app/access_testing.h"
#include "base/time.h"
#include "govern/access/totp.h"

static struct text from_base32(struct scope *scope, const char *written) {
    char *bytes = arena_alloc(&scope->arena, strlen(written));
    size_t size = 0;
    uint32_t bits = 0;
    int bit_count = 0;

    for (; *written; written++) {
        const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

        bits = bits << 5 | (uint32_t)(strchr(letters, *written) - letters);
        bit_count += 5;
        if (bit_count >= 8) {
            bit_count -= 8;
            bytes[size++] = (char)(bits >> bit_count);
        }
    }
    return (struct text){bytes, size};
}

// What the phone shows, some steps from now.
static const char *code_at(struct scope *scope, struct text secret, int steps) {
    return arena_printf(&scope->arena, "%06u", totp_code(secret, totp_step(scope->now_us) + steps));
}

static code with_code(struct scope *scope, struct visitor *visitor, enum method method,
                      const char *written) {
    return visit(scope, visitor, method, "/api/v1/account/second-factor",
                 arena_printf(&scope->arena, "{\"code\": \"%s\"}", written));
}

static code sign_in_with(struct scope *scope, struct visitor *visitor, const char *written) {
    return visit(scope, visitor, METHOD_POST, "/api/v1/session",
                 arena_printf(&scope->arena,
                              "{\"name\": \"ann\", \"password\": \"" TEST_PASSWORD
                              "\", \"code\": \"%s\"}",
                              written));
}

// Ann, signed in, with a second factor; its first recovery code when asked for.
static struct text set_up(struct scope *scope, struct visitor *ann, enum role role,
                          const char **ret_recovery_code) {
    struct json *answer;
    struct text secret;

    test_store(scope);
    test_account(scope, "ann", role);
    test_sign_in(scope, ann, "ann");
    CHECK_OK(visit(scope, ann, METHOD_POST, "/api/v1/account/second-factor", NULL));
    secret = from_base32(scope, answer_text(scope, ann, "secret"));
    CHECK_INT((int64_t)secret.size, TOTP_SECRET_BYTES);
    CHECK_CODE(with_code(scope, ann, METHOD_PUT, "000000"), INVALID);
    CHECK_OK(with_code(scope, ann, METHOD_PUT, code_at(scope, secret, 0)));
    CHECK_OK(json_parse(scope, ann->answer, &answer));
    CHECK_INT((int64_t)json_member(answer, "recovery_codes")->count, 10);
    if (ret_recovery_code)
        *ret_recovery_code =
            text_string(&scope->arena, json_member(answer, "recovery_codes")->first->string);
    return secret;
}

TEST(a_password_alone_asks_for_the_code_and_each_code_works_once) {
    struct visitor ann = {0}, thief = {0};
    struct text secret = set_up(scope, &ann, ROLE_ANALYST, NULL);

    CHECK_OK(try_sign_in(scope, &thief, "ann", TEST_PASSWORD));
    CHECK_TEXT(thief.answer, "{\"account\":null,\"csrf\":null,\"needs_second_factor\":true}");
    CHECK_TEXT(thief.cookies, "");
    CHECK_CODE(sign_in_with(scope, &thief, code_at(scope, secret, 0)), UNAUTHENTICATED); // used
    CHECK_STRING(scope->failure.field, "code");
    CHECK_OK(sign_in_with(scope, &ann, code_at(scope, secret, 1)));
    CHECK_CODE(sign_in_with(scope, &thief, code_at(scope, secret, 1)), UNAUTHENTICATED);
    scope->now_us += 30 * US_PER_SECOND;
    CHECK_CODE(sign_in_with(scope, &thief, code_at(scope, secret, 0)), UNAUTHENTICATED);
    CHECK_CODE(sign_in_with(scope, &thief, code_at(scope, secret, -1)), UNAUTHENTICATED);
    CHECK_CODE(sign_in_with(scope, &thief, code_at(scope, secret, 2)), UNAUTHENTICATED);
    CHECK_OK(sign_in_with(scope, &ann, code_at(scope, secret, 1)));
}

TEST(a_recovery_code_works_once_and_the_ledger_does_not_know_it) {
    const char *recovery_code, *kept;
    struct visitor ann = {0};

    set_up(scope, &ann, ROLE_ANALYST, &recovery_code);
    kept = test_ledger_rows(scope, "SELECT code_hash FROM account_recovery");
    CHECK(!strstr(kept, recovery_code));
    CHECK_OK(sign_in_with(scope, &ann, recovery_code));
    CHECK_CODE(sign_in_with(scope, &ann, recovery_code), UNAUTHENTICATED);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM account_recovery"), "9");
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT object FROM audit WHERE action = 'second_factor.recover'"),
        "account ann");
}

TEST(a_wrong_password_is_not_told_from_a_right_one_without_its_code_by_guessing_codes) {
    struct visitor ann = {0};
    int evaluated = 0;

    set_up(scope, &ann, ROLE_ANALYST, NULL);
    for (int i = 0; i < 100; i++) {
        struct visitor thief = {.address = "198.51.100.9"};
        const code result = sign_in_with(scope, &thief, "123456");

        evaluated += result == UNAUTHENTICATED;
        CHECK(result == UNAUTHENTICATED || result == BUSY);
    }
    CHECK(evaluated <= 20);
}

TEST(removing_a_second_factor_takes_a_code) {
    struct visitor ann = {0};
    struct text secret = set_up(scope, &ann, ROLE_ANALYST, NULL);

    CHECK_CODE(with_code(scope, &ann, METHOD_DELETE, "000000"), INVALID);
    CHECK_OK(with_code(scope, &ann, METHOD_DELETE, code_at(scope, secret, 1)));
    CHECK_OK(try_sign_in(scope, &ann, "ann", TEST_PASSWORD));
    CHECK(answer_holds(&ann, "\"name\":\"ann\""));
}

static void expect_limited(struct scope *scope, struct visitor *visitor, bool expected) {
    const code result = visit(scope, visitor, METHOD_GET, "/api/v1/audit", NULL);

    CHECK_INT(result, expected ? FORBIDDEN : OK);
    CHECK_OK(visit(scope, visitor, METHOD_GET, "/api/v1/session", NULL));
    CHECK_INT(answer_holds(visitor, "\"needs_second_factor\":true"), expected);
    CHECK_INT(answer_holds(visitor, "\"permissions\":[\"sign_in\",\"use_account\"]"), expected);
}

TEST(who_reads_the_audit_log_from_elsewhere_needs_a_second_factor_first) {
    static const enum role roles[] = {ROLE_ADMINISTRATOR, ROLE_DATA_PROTECTION_OFFICER};

    for (size_t i = 0; i < 2; i++) {
        const char *name = i == 0 ? "ann" : "bob";
        struct visitor near = {0}, far = {.is_secure = true};
        struct text secret;

        if (i == 0)
            test_store(scope);
        test_account(scope, name, roles[i]);
        test_sign_in(scope, &near, name);
        expect_limited(scope, &near, false); // on this machine
        test_sign_in(scope, &far, name);
        expect_limited(scope, &far, true);
        CHECK_OK(visit(scope, &far, METHOD_POST, "/api/v1/account/second-factor", NULL));
        secret = from_base32(scope, answer_text(scope, &far, "secret"));
        expect_limited(scope, &far, true); // begun is not enough
        CHECK_OK(with_code(scope, &far, METHOD_PUT, code_at(scope, secret, 0)));
        expect_limited(scope, &far, false);
    }
}

TEST(the_setting_decides_when_a_second_factor_is_required) {
    struct visitor near = {0}, far = {.is_secure = true}, marketer = {.is_secure = true};

    test_store(scope);
    test_account(scope, "ann", ROLE_ADMINISTRATOR);
    test_account(scope, "mia", ROLE_MARKETER);
    test_sign_in(scope, &near, "ann");
    test_sign_in(scope, &far, "ann");
    test_sign_in(scope, &marketer, "mia");
    test_ledger_exec(scope, "INSERT INTO setting VALUES ('require_second_factor', 'never')");
    expect_limited(scope, &far, false);
    test_ledger_exec(scope, "UPDATE setting SET value = 'always' WHERE name LIKE 'require%'");
    expect_limited(scope, &near, true);
    CHECK_OK(visit(scope, &marketer, METHOD_GET, "/api/v1/segments", NULL));
}

TEST(an_invitation_does_not_go_past_a_second_factor_unless_it_resets_it) {
    struct visitor ann = {0}, boss = {0}, thief = {0};
    const char *token;

    set_up(scope, &ann, ROLE_ANALYST, NULL);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_sign_in(scope, &boss, "boss");
    CHECK_OK(visit(scope, &boss, METHOD_POST, "/api/v1/accounts/ann/invitation", NULL));
    token = strchr(answer_text(scope, &boss, "link"), '#') + 1;
    CHECK_OK(visit(scope, &thief, METHOD_POST, "/api/v1/invitations/accept",
                   arena_printf(&scope->arena,
                                "{\"token\": \"%s\", \"password\": \"mine from now on\"}", token)));
    CHECK_TEXT(thief.answer, "{\"account\":null,\"csrf\":null,\"needs_second_factor\":true}");
    CHECK_TEXT(thief.cookies, "");
    CHECK_OK(visit(scope, &boss, METHOD_POST, "/api/v1/accounts/ann/invitation",
                   "{\"reset_second_factor\": true}"));
    token = strchr(answer_text(scope, &boss, "link"), '#') + 1;
    CHECK_OK(visit(scope, &ann, METHOD_POST, "/api/v1/invitations/accept",
                   arena_printf(&scope->arena,
                                "{\"token\": \"%s\", \"password\": \"mine once again\"}", token)));
    CHECK(answer_holds(&ann, "\"name\":\"ann\"") && ann.session.size > 0);
}

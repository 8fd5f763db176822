// SPDX-License-Identifier: Apache-2.0
// What everybody does with their own account. Whoever took over a session must not take over the
// account with it: changes ask for the password or a code, and count against guessing.
#include "access_session_sql.h"
#include "govern/access/access_http.h"
#include "govern/access/password.h"
#include "govern/access/second_factor.h"
#include "govern/access/session_http.h"
#include "govern/access/throttle.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"

#include <inttypes.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

static code own_account(struct scope *scope, struct account *ret_account) {
    if (scope->actor.account_id == 0)
        return scope_fail(scope, FORBIDDEN, "%s is no account", scope->actor.name);
    return account_find(scope, scope->actor.account_id, ret_account);
}

// Guesses of a password or a code within a session: the same few a minute as at the door.
static struct throttle own_throttle(struct scope *scope) {
    return (struct throttle){
        .names = {text_printf(&scope->arena, "own %" PRId64, scope->actor.account_id)}, .count = 1};
}

static code take_try(struct scope *scope, const struct throttle *throttle) {
    int64_t wait_us = 0;
    bool is_news;

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, throttle_take(scope, throttle, &wait_us, &is_news)));
    if (wait_us == 0)
        return OK;
    scope_fail(scope, BUSY, "there were too many tries");
    scope_hint(scope, "try again in a minute");
    return scope_retry_after(scope, wait_us);
}

// ---- password ----

struct password_body {
    struct text current, password;
};

#define AT(member) offsetof(struct password_body, member)
static const struct json_field password_fields[] = {
    {"current", JSON_FIELD_TEXT, AT(current), true, NULL, "the password until now"},
    {"password", JSON_FIELD_TEXT, AT(password), true, NULL, "the new one: 8 to 128 characters"},
};
#undef AT

const struct route_body own_password_body = {.fields = password_fields,
                                             .field_count = COUNT_OF(password_fields)};

static code check_current(struct scope *scope, const struct account *account,
                          struct text password) {
    bool fits = false;

    TRY(password_verify(scope, account->password_hash, password, &fits));
    if (fits)
        return OK;
    TRY(AUDIT(scope, "account.refuse", account_object(&scope->arena, account->name)));
    return scope_fail_field(scope, INVALID, "current", "this is not the password until now");
}

// All sessions end, this one too: it goes on under a new token.
static code change_password(struct scope *scope, const struct account *account, struct text hash,
                            const struct sign_in *wanted, struct signed_in *ret) {
    const struct throttle throttle = own_throttle(scope);

    TRY(account_set_password(scope, account, hash, 0));
    TRY(throttle_give_back(scope, &throttle));
    return sign_in_start(scope, account, wanted, ret);
}

code own_password_http_change(struct scope *scope, const struct request *request,
                              struct response *response) {
    const struct throttle throttle = own_throttle(scope);
    struct signed_in signed_in = {0};
    struct password_body body = {0};
    struct sign_in wanted = {0};
    struct account account = {0};
    struct text hash = {0};

    TRY(json_read_record(scope, request->body, password_fields, COUNT_OF(password_fields), &body));
    TRY(own_account(scope, &account));
    TRY(password_check(scope, body.password, account.name));
    TRY(take_try(scope, &throttle));
    TRY(check_current(scope, &account, body.current));
    TRY(password_hash(scope, body.password, &hash));
    session_http_place(request, &wanted);
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, change_password(scope, &account, hash, &wanted, &signed_in)));
    return session_http_answer(scope, request, &signed_in, response);
}

// ---- sessions ----

code own_sessions_http_list(struct scope *scope, const struct request *request,
                            struct response *response) {
    static const struct column columns[] = {
        {"id", "Session", COLUMN_ID, NULL},        {"created_at", "Since", COLUMN_INSTANT, NULL},
        {"seen_at", "Used", COLUMN_INSTANT, NULL}, {"address", "From", COLUMN_TEXT, NULL},
        {"agent", "With", COLUMN_TEXT, NULL},      {"is_current", "This one", COLUMN_BOOL, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct account account = {0};

    (void)request;
    TRY(own_account(scope, &account));
    TRY(ledger_query(scope, sql_access_session_list,
                     BINDS(BIND_INT64(account.id), BIND_INT64(scope->actor.session_id),
                           BIND_INT64(scope->now_us - SESSION_IDLE_US),
                           BIND_INT64(scope->now_us - SESSION_ABSOLUTE_US)),
                     &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}

const struct route_answer own_session_end_answer = {
    .type = ANSWER_OBJECT,
    .help = "it has ended",
    .members = ANSWER_MEMBERS({.name = "ended", ANSWER_BOOL, "true"}),
};

static code end_session(struct scope *scope, const struct account *account, int64_t id) {
    TRY(access_session_end(scope, account->id, id));
    return AUDIT(scope, "session.end", account_object(&scope->arena, account->name));
}

static code write_done(struct response *response, const char *what) {
    json_begin_object(&response->writer);
    json_key(&response->writer, what);
    json_write_bool(&response->writer, true);
    json_end_object(&response->writer);
    return OK;
}

code own_sessions_http_end(struct scope *scope, const struct request *request,
                           struct response *response) {
    struct account account = {0};
    int64_t id = 0;

    TRY(request_int64(scope, request, "id", 1, INT64_MAX, 0, &id));
    TRY(own_account(scope, &account));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, end_session(scope, &account, id)));
    return write_done(response, "ended");
}

// ---- second factor ----

const struct route_answer own_factor_begin_answer = {
    .type = ANSWER_OBJECT,
    .help = "what the phone needs to know, told this once",
    .members =
        ANSWER_MEMBERS({.name = "secret", ANSWER_TEXT, "to type: letters and digits of base32"},
                       {.name = "uri", ANSWER_TEXT, "to show as a QR code: otpauth://totp/…"}),
};

code own_factor_http_begin(struct scope *scope, const struct request *request,
                           struct response *response) {
    struct account account = {0};
    struct text secret = {0}, uri = {0};

    (void)request;
    TRY(own_account(scope, &account));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, second_factor_begin(scope, &account, &secret, &uri)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "secret");
    json_write_text(&response->writer, secret);
    json_key(&response->writer, "uri");
    json_write_text(&response->writer, uri);
    json_end_object(&response->writer);
    return OK;
}

struct code_body {
    struct text written;
};

static const struct json_field code_fields[] = {
    {"code", JSON_FIELD_TEXT, offsetof(struct code_body, written), true, NULL,
     "the six digits that the phone shows; to remove it, a recovery code as well"},
};

const struct route_body own_factor_body = {.fields = code_fields,
                                           .field_count = COUNT_OF(code_fields)};

const struct route_answer own_factor_confirm_answer = {
    .type = ANSWER_OBJECT,
    .help = "the second factor counts from now on",
    .members = ANSWER_MEMBERS({.name = "recovery_codes",
                               ANSWER_TEXT,
                               "ten codes that work once each, told this once",
                               .is_list = true}),
};

const struct route_answer own_factor_remove_answer = {
    .type = ANSWER_OBJECT,
    .help = "it is gone",
    .members = ANSWER_MEMBERS({.name = "removed", ANSWER_BOOL, "true"}),
};

code own_factor_http_confirm(struct scope *scope, const struct request *request,
                             struct response *response) {
    const struct throttle throttle = own_throttle(scope);
    struct text recovery_codes[RECOVERY_CODES] = {0};
    struct code_body body = {0};
    struct account account = {0};

    TRY(json_read_record(scope, request->body, code_fields, COUNT_OF(code_fields), &body));
    TRY(own_account(scope, &account));
    TRY(take_try(scope, &throttle));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, second_factor_confirm(scope, &account, body.written, recovery_codes)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "recovery_codes");
    json_begin_array(&response->writer);
    for (int i = 0; i < RECOVERY_CODES; i++)
        json_write_text(&response->writer, recovery_codes[i]);
    json_end_array(&response->writer);
    json_end_object(&response->writer);
    return OK;
}

static code remove_factor(struct scope *scope, const struct account *account, struct text written) {
    bool fits = false;

    if (account_has_factor(account)) {
        TRY(second_factor_use(scope, account, written, &fits));
        if (!fits)
            return scope_fail_field(scope, INVALID, "code", "this code does not fit");
    }
    return second_factor_remove(scope, account);
}

code own_factor_http_remove(struct scope *scope, const struct request *request,
                            struct response *response) {
    const struct throttle throttle = own_throttle(scope);
    struct code_body body = {0};
    struct account account = {0};

    TRY(json_read_record(scope, request->body, code_fields, COUNT_OF(code_fields), &body));
    TRY(own_account(scope, &account));
    TRY(take_try(scope, &throttle));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, remove_factor(scope, &account, body.written)));
    return write_done(response, "removed");
}

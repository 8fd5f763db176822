// SPDX-License-Identifier: Apache-2.0
// The session document tells the web app who is signed in and what they may do; every way of
// signing in answers with it.
#include "govern/access/session_http.h"

#include "account_sql.h"
#include "govern/access/access_http.h"
#include "govern/access/invitation.h"
#include "govern/access/password.h"
#include "govern/access/second_factor.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>
#include <stdio.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { DEVICE_COOKIE_SECONDS = 180 * 86400 };

// ---- the document ----

static const struct route_answer account_members[] = {
    {.name = "id", ANSWER_ID, "of the account"},
    {.name = "name", ANSWER_TEXT, "what they sign in with"},
    {.name = "display_name", ANSWER_TEXT, "how they are shown to others"},
    {.name = "role",
     ANSWER_TEXT,
     "administrator, marketer, agent, analyst or data_protection_officer"},
    {.name = "permissions",
     ANSWER_TEXT,
     "what they may do, such as read_customers",
     .is_list = true},
    {.name = NULL},
};

static const struct route_answer business_members[] = {
    {.name = "zone", ANSWER_TEXT, "time zone of the business, IANA: in which to show instants"},
    {.name = "currency", ANSWER_TEXT, "ISO 4217, of amounts that name none"},
    {.name = NULL},
};

const struct route_answer session_answer = {
    .type = ANSWER_OBJECT,
    .help = "who is signed in, and what they may do",
    .members = ANSWER_MEMBERS(
        {.name = "account",
         ANSWER_OBJECT,
         "who is signed in; null: nobody",
         .members = account_members,
         .is_nullable = true},
        {.name = "csrf",
         ANSWER_TEXT,
         "for the header X-CSRF-Token of requests that change something",
         .is_nullable = true},
        {.name = "needs_second_factor",
         ANSWER_BOOL,
         "without an account: the password fits, a code is due; with one: it may do nothing before "
         "it has a second factor"},
        {.name = "has_second_factor",
         ANSWER_BOOL,
         "does the account have one?",
         .is_optional = true},
        {.name = "is_empty",
         ANSWER_BOOL,
         "are there no customers, sales and imports yet?",
         .is_optional = true},
        {.name = "business",
         ANSWER_OBJECT,
         "how values are shown to whoever is signed in",
         .members = business_members,
         .is_optional = true}),
};

static void write_permissions(struct json_writer *writer, uint32_t permissions) {
    json_key(writer, "permissions");
    json_begin_array(writer);
    for (uint32_t bit = 1; bit & MAY_EVERYTHING; bit <<= 1)
        if (permissions & bit)
            json_write_string(writer, permission_key(bit));
    json_end_array(writer);
}

static void write_account(struct json_writer *writer, const struct account *account,
                          uint32_t permissions) {
    char id[24];

    snprintf(id, sizeof(id), "%" PRId64, account->id);
    json_begin_object(writer);
    json_key(writer, "id");
    json_write_string(writer, id);
    json_key(writer, "name");
    json_write_text(writer, account->name);
    json_key(writer, "display_name");
    json_write_text(writer, account->display_name);
    json_key(writer, "role");
    json_write_string(writer, role_names[account->role]);
    write_permissions(writer, permissions);
    json_end_object(writer);
}

static void write_business(struct json_writer *writer, const struct settings *settings) {
    json_begin_object(writer);
    json_key(writer, "zone");
    json_write_text(writer, settings->zone);
    json_key(writer, "currency");
    json_write_text(writer, settings->currency);
    json_end_object(writer);
}

static code write_signed_in(struct scope *scope, struct json_writer *writer,
                            const struct account *account, struct text token, bool is_missing) {
    const uint32_t permissions =
        is_missing ? role_permissions_without_factor() : role_permissions(account->role);
    struct settings settings;
    int64_t is_empty;

    TRY(settings_load(scope, &settings));
    TRY(ledger_int64(scope, sql_account_store_is_empty, NO_BINDS, 0, &is_empty));
    json_begin_object(writer);
    json_key(writer, "account");
    write_account(writer, account, permissions);
    json_key(writer, "csrf");
    json_write_text(writer, access_session_csrf(&scope->arena, token));
    json_key(writer, "needs_second_factor");
    json_write_bool(writer, is_missing);
    json_key(writer, "has_second_factor");
    json_write_bool(writer, account_has_factor(account));
    json_key(writer, "is_empty");
    json_write_bool(writer, is_empty != 0);
    json_key(writer, "business");
    write_business(writer, &settings);
    json_end_object(writer);
    return OK;
}

static void write_nobody(struct json_writer *writer, bool needs_code) {
    json_begin_object(writer);
    json_key(writer, "account");
    json_write_null(writer);
    json_key(writer, "csrf");
    json_write_null(writer);
    json_key(writer, "needs_second_factor");
    json_write_bool(writer, needs_code);
    json_end_object(writer);
}

// ---- cookies ----

static bool is_secure(const struct request *request) {
    return request->client && request->client->is_secure;
}

// Without "Max-Age" a cookie ends with the browser; 0 ends it now.
static code set_cookie(struct scope *scope, const struct request *request,
                       struct response *response, const char *name, struct text value,
                       const char *max_age) {
    return response_header(
        scope, response, "Set-Cookie",
        text_printf(&scope->arena, "%s=%.*s; Path=/%s; HttpOnly; SameSite=Strict%s", name,
                    TEXT_ARG(value), max_age, is_secure(request) ? "; Secure" : ""));
}

code session_http_answer(struct scope *scope, const struct request *request,
                         const struct signed_in *signed_in, struct response *response) {
    const char *max_age;
    bool is_missing = false;

    if (signed_in->needs_code) {
        write_nobody(&response->writer, true);
        return OK;
    }
    TRY(set_cookie(scope, request, response, request_session_cookie(is_secure(request)),
                   signed_in->token, ""));
    max_age = arena_printf(&scope->arena, "; Max-Age=%d", DEVICE_COOKIE_SECONDS);
    if (signed_in->device.size > 0)
        TRY(set_cookie(scope, request, response, request_device_cookie(is_secure(request)),
                       signed_in->device, max_age));
    TRY(second_factor_is_missing(scope, &signed_in->account, is_secure(request), &is_missing));
    return write_signed_in(scope, &response->writer, &signed_in->account, signed_in->token,
                           is_missing);
}

void session_http_place(const struct request *request, struct sign_in *wanted) {
    const struct request_client *client = request->client;

    if (!client)
        return;
    wanted->device = client->device;
    wanted->place = (struct access_place){client->address, client->user_agent};
}

// ---- sessions ----

code session_http_show(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct account account = {0};
    bool is_missing = false;

    if (scope->actor.account_id == 0) {
        write_nobody(&response->writer, false);
        return OK;
    }
    TRY(account_find(scope, scope->actor.account_id, &account));
    TRY(second_factor_is_missing(scope, &account, is_secure(request), &is_missing));
    return write_signed_in(scope, &response->writer, &account, request->client->session,
                           is_missing);
}

#define AT(member) offsetof(struct sign_in, member)
static const struct json_field sign_in_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL, "name of the account"},
    {"password", JSON_FIELD_TEXT, AT(password), true, NULL, "its password"},
    {"code", JSON_FIELD_TEXT, AT(written), false, NULL,
     "of the second factor, when the account has one: six digits, or a recovery code"},
};
#undef AT

const struct route_body session_start_body = {.fields = sign_in_fields,
                                              .field_count = COUNT_OF(sign_in_fields)};

// The session that the browser had until now, if any, ends.
static code end_former(struct scope *scope, const struct actor *former) {
    if (former->session_id == 0)
        return OK;
    TRY(ledger_begin(scope));
    return ledger_end(scope, access_session_end(scope, former->account_id, former->session_id));
}

code session_http_start(struct scope *scope, const struct request *request,
                        struct response *response) {
    const struct actor former = scope->actor;
    struct sign_in wanted = {0};
    struct signed_in signed_in = {0};

    TRY(json_read_record(scope, request->body, sign_in_fields, COUNT_OF(sign_in_fields), &wanted));
    session_http_place(request, &wanted);
    TRY(sign_in(scope, &wanted, &signed_in));
    if (!signed_in.needs_code)
        TRY(end_former(scope, &former));
    return session_http_answer(scope, request, &signed_in, response);
}

static code end_session(struct scope *scope) {
    TRY(access_session_end(scope, scope->actor.account_id, scope->actor.session_id));
    return AUDIT(scope, "session.end", account_object(&scope->arena, text_of(scope->actor.name)));
}

code session_http_end(struct scope *scope, const struct request *request,
                      struct response *response) {
    if (scope->actor.session_id != 0) {
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, end_session(scope)));
    }
    TRY(set_cookie(scope, request, response, request_session_cookie(is_secure(request)), TEXT(""),
                   "; Max-Age=0"));
    write_nobody(&response->writer, false);
    return OK;
}

// ---- one-time links ----

struct invitation_body {
    struct text token, password;
};

#define AT(member) offsetof(struct invitation_body, member)
#define TOKEN                                                                                      \
    { "token", JSON_FIELD_TEXT, AT(token), true, NULL, "what follows # in the link" }
static const struct json_field check_fields[] = {TOKEN};
static const struct json_field accept_fields[] = {
    TOKEN,
    {"password", JSON_FIELD_TEXT, AT(password), true, NULL,
     "the new password: 8 to 128 characters"},
};
#undef TOKEN
#undef AT

const struct route_body invitation_check_body = {.fields = check_fields,
                                                 .field_count = COUNT_OF(check_fields)};
const struct route_body invitation_accept_body = {.fields = accept_fields,
                                                  .field_count = COUNT_OF(accept_fields)};

const struct route_answer invitation_check_answer = {
    .type = ANSWER_OBJECT,
    .help = "whose link it is",
    .members = ANSWER_MEMBERS({.name = "name", ANSWER_TEXT, "what they will sign in with"},
                              {.name = "display_name", ANSWER_TEXT, "how they are shown to others"},
                              {.name = "role", ANSWER_TEXT, "their role"}),
};

code invitation_http_check(struct scope *scope, const struct request *request,
                           struct response *response) {
    struct json_writer *writer = &response->writer;
    struct invitation_body body = {0};
    struct account account = {0};

    TRY(json_read_record(scope, request->body, check_fields, COUNT_OF(check_fields), &body));
    TRY(invitation_find(scope, body.token, &account));
    json_begin_object(writer);
    json_key(writer, "name");
    json_write_text(writer, account.name);
    json_key(writer, "display_name");
    json_write_text(writer, account.display_name);
    json_key(writer, "role");
    json_write_string(writer, role_names[account.role]);
    json_end_object(writer);
    return OK;
}

// Who has a second factor shows it as ever: the link stands for the password alone.
static code accept(struct scope *scope, struct text token, struct text hash,
                   const struct sign_in *wanted, struct signed_in *ret) {
    TRY(invitation_find(scope, token, &ret->account));
    snprintf(scope->actor.name, sizeof(scope->actor.name), "%.*s", TEXT_ARG(ret->account.name));
    TRY(invitation_accept(scope, token, hash, &ret->account));
    ret->needs_code = account_has_factor(&ret->account);
    if (ret->needs_code)
        return OK;
    return sign_in_start(scope, &ret->account, wanted, ret);
}

code invitation_http_accept(struct scope *scope, const struct request *request,
                            struct response *response) {
    struct signed_in signed_in = {0};
    struct invitation_body body = {0};
    struct sign_in wanted = {0};
    struct account account = {0};
    struct text hash = {0};

    TRY(json_read_record(scope, request->body, accept_fields, COUNT_OF(accept_fields), &body));
    TRY(invitation_find(scope, body.token, &account));
    TRY(password_check(scope, body.password, account.name));
    TRY(password_hash(scope, body.password, &hash));
    session_http_place(request, &wanted);
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, accept(scope, body.token, hash, &wanted, &signed_in)));
    return session_http_answer(scope, request, &signed_in, response);
}

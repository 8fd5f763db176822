// SPDX-License-Identifier: Apache-2.0
// Everybody's accounts, for who manages access.
#include "account_sql.h"
#include "govern/access/access_http.h"
#include "govern/access/invitation.h"
#include "govern/access/second_factor.h"
#include "store/ledger.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

code account_http_list(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"name", "Name", COLUMN_TEXT, NULL},
        {"display_name", "Shown as", COLUMN_TEXT, NULL},
        {"role", "Role", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"has_second_factor", "Second factor", COLUMN_BOOL, NULL},
        {"created_at", "Since", COLUMN_INSTANT, NULL},
        {"signed_in_at", "Signed in", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(ledger_query(scope, sql_account_list, NO_BINDS, &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}

static void write_invited(struct response *response, const struct account *account,
                          struct text link) {
    struct json_writer *writer = &response->writer;

    json_begin_object(writer);
    json_key(writer, "id");
    response_int64(response, COLUMN_ID, account->id);
    json_key(writer, "name");
    json_write_text(writer, account->name);
    json_key(writer, "link");
    json_write_text(writer, link);
    json_end_object(writer);
}

// ---- a new account ----

struct create_body {
    struct text name, display_name;
    int role;
};

#define AT(member) offsetof(struct create_body, member)
static const struct json_field create_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL, "what they sign in with"},
    {"display_name", JSON_FIELD_TEXT, AT(display_name), false, NULL,
     "how they are shown to others; the name when absent"},
    {"role", JSON_FIELD_ENUM, AT(role), true, role_names, "what they may do"},
};
#undef AT

const struct route_body account_create_body = {.fields = create_fields,
                                               .field_count = COUNT_OF(create_fields)};

const struct route_answer account_invite_answer = {
    .type = ANSWER_OBJECT,
    .help = "the account with a one-time link to it",
    .members =
        ANSWER_MEMBERS({.name = "id", ANSWER_ID, "of the account"},
                       {.name = "name", ANSWER_TEXT, "what they sign in with"},
                       {.name = "link", ANSWER_TEXT, "told this once; it holds for three days"}),
};

static code create(struct scope *scope, const struct create_body *body, struct account *ret_account,
                   struct text *ret_link) {
    int64_t id = 0;

    TRY(account_create(scope, body->name, body->display_name, (enum role)body->role, &id));
    TRY(account_find(scope, id, ret_account));
    return invitation_make(scope, ret_account, ret_link);
}

code account_http_create(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct create_body body = {0};
    struct account account = {0};
    struct text link = {0};

    TRY(json_read_record(scope, request->body, create_fields, COUNT_OF(create_fields), &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, create(scope, &body, &account, &link)));
    write_invited(response, &account, link);
    return OK;
}

// ---- changes ----

static const char *const state_choices[] = {"active", "disabled", NULL};

struct change_body {
    int role, state; // -1: as it is
    struct text display_name;
};

#define AT(member) offsetof(struct change_body, member)
static const struct json_field change_fields[] = {
    {"role", JSON_FIELD_ENUM, AT(role), false, role_names, "what they may do"},
    {"state", JSON_FIELD_ENUM, AT(state), false, state_choices, "may they sign in?"},
    {"display_name", JSON_FIELD_TEXT, AT(display_name), false, NULL, "how they are shown"},
};
#undef AT

const struct route_body account_change_body = {.fields = change_fields,
                                               .field_count = COUNT_OF(change_fields)};

const struct route_answer account_change_answer = {
    .type = ANSWER_OBJECT,
    .help = "the account as it is now",
    .members = ANSWER_MEMBERS({.name = "name", ANSWER_TEXT, "what they sign in with"},
                              {.name = "display_name", ANSWER_TEXT, "how they are shown to others"},
                              {.name = "role", ANSWER_TEXT, "their role"},
                              {.name = "state", ANSWER_TEXT, "invited, active or disabled"}),
};

static code change(struct scope *scope, struct text name_or_id, const struct change_body *body,
                   struct account *ret_account) {
    static const int states[] = {ACCOUNT_ACTIVE, ACCOUNT_DISABLED};
    const struct account_change change = {.role = body->role,
                                          .state = body->state < 0 ? -1 : states[body->state],
                                          .display_name = body->display_name};
    struct account account = {0};

    TRY(account_look_up(scope, name_or_id, &account));
    TRY(account_change(scope, &account, &change));
    return account_find(scope, account.id, ret_account);
}

code account_http_change(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct change_body body = {.role = -1, .state = -1};
    struct json_writer *writer = &response->writer;
    struct account account = {0};

    TRY(json_read_record(scope, request->body, change_fields, COUNT_OF(change_fields), &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, change(scope, request_text(request, "id"), &body, &account)));
    json_begin_object(writer);
    json_key(writer, "name");
    json_write_text(writer, account.name);
    json_key(writer, "display_name");
    json_write_text(writer, account.display_name);
    json_key(writer, "role");
    json_write_string(writer, role_names[account.role]);
    json_key(writer, "state");
    json_write_string(writer, account_state_names[account.state]);
    json_end_object(writer);
    return OK;
}

// ---- a new link ----

struct invite_body {
    bool reset_second_factor;
};

static const struct json_field invite_fields[] = {
    {"reset_second_factor", JSON_FIELD_BOOL, offsetof(struct invite_body, reset_second_factor),
     false, NULL, "take the second factor away as well: the phone and the recovery codes are lost"},
};

const struct route_body account_invite_body = {
    .fields = invite_fields, .field_count = COUNT_OF(invite_fields), .is_optional = true};

static code invite(struct scope *scope, struct text name_or_id, const struct invite_body *body,
                   struct account *ret_account, struct text *ret_link) {
    TRY(account_look_up(scope, name_or_id, ret_account));
    if (body->reset_second_factor)
        TRY(second_factor_remove(scope, ret_account));
    return invitation_make(scope, ret_account, ret_link);
}

code account_http_invite(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct invite_body body = {0};
    struct account account = {0};
    struct text link = {0};

    if (request->body)
        TRY(json_read_record(scope, request->body, invite_fields, COUNT_OF(invite_fields), &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, invite(scope, request_text(request, "id"), &body, &account, &link)));
    write_invited(response, &account, link);
    return OK;
}

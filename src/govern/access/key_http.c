// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"
#include "govern/access/access_http.h"
#include "govern/access/key.h"
#include "key_sql.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

static const struct column columns[] = {
    {"id", "Id", COLUMN_ID, NULL},
    {"name", "Name", COLUMN_TEXT, NULL},
    {"permissions", "May", COLUMN_TEXT, NULL},
    {"created_by", "Made by", COLUMN_TEXT, NULL},
    {"created_at", "Since", COLUMN_INSTANT, NULL},
    {"expires_at", "Until", COLUMN_INSTANT, NULL},
    {"used_day", "Last used", COLUMN_DAY, NULL},
    {"traits", "Told of customers", COLUMN_TEXT, NULL},
};
enum { PERMISSIONS_COLUMN = 2 };

code key_http_list(struct scope *scope, const struct request *request, struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(ledger_query(scope, sql_key_list, NO_BINDS, &rows));
    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    while (rows_next(rows)) {
        response_begin_row(response);
        for (size_t i = 0; i < COUNT_OF(columns); i++) {
            if (i == PERMISSIONS_COLUMN)
                response_text(response,
                              key_permission_words(&scope->arena, (uint32_t)rows_int64(rows, i)));
            else
                response_cell(response, columns[i].type, rows, i);
        }
        response_end_row(response);
    }
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}

struct create_body {
    struct text name, expires_at;
    const struct json *permissions, *traits;
};

#define AT(member) offsetof(struct create_body, member)
static const struct json_field create_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL, "what it is for"},
    {"permissions", JSON_FIELD_JSON, AT(permissions), true, NULL,
     "what it may do: a list of words such as read_reports"},
    {"traits", JSON_FIELD_JSON, AT(traits), false, NULL,
     "of customers that it is told by decide: a list of names such as language"},
    {"expires_at", JSON_FIELD_TEXT, AT(expires_at), false, NULL,
     "the instant or the day (UTC) from which on it is refused"},
};
#undef AT

const struct route_body key_create_body = {.fields = create_fields,
                                           .field_count = COUNT_OF(create_fields)};

const struct route_answer key_create_answer = {
    .type = ANSWER_OBJECT,
    .help = "the key, told this once",
    .members =
        ANSWER_MEMBERS({.name = "id", ANSWER_ID, "of the key"},
                       {.name = "key", ANSWER_TEXT, "for the header Authorization: Bearer tsk_…"}),
};

const struct route_answer key_revoke_answer = {
    .type = ANSWER_OBJECT,
    .help = "it is refused from now on",
    .members = ANSWER_MEMBERS({.name = "revoked", ANSWER_TEXT, "the key, as it was named"}),
};

static code read_permissions(struct scope *scope, const struct json *list,
                             uint32_t *ret_permissions) {
    uint32_t permissions = 0;

    if (list->type != JSON_ARRAY)
        return scope_fail_field(scope, INVALID, "permissions", "permissions are a list of words");
    for (const struct json *item = list->first; item; item = item->next) {
        const struct text word = json_scalar_text(&scope->arena, item);
        const uint32_t permission = permission_of_key(word.data, word.size);

        if (permission == 0)
            return scope_fail_field(scope, INVALID, "permissions",
                                    "there is no permission \"%.*s\"", TEXT_ARG(word));
        permissions |= permission;
    }
    *ret_permissions = permissions;
    return OK;
}

static code read_traits(struct scope *scope, const struct json *list, struct key_wish *wish) {
    struct text *traits;
    size_t count = 0;

    if (!list)
        return OK;
    if (list->type != JSON_ARRAY)
        return scope_fail_field(scope, INVALID, "traits", "traits are a list of names");
    for (const struct json *item = list->first; item; item = item->next)
        count++;
    traits = arena_array(&scope->arena, count + 1, sizeof(*traits));
    for (const struct json *item = list->first; item; item = item->next)
        traits[wish->trait_count++] = json_scalar_text(&scope->arena, item);
    wish->traits = traits;
    return OK;
}

static code read_expiry(struct scope *scope, struct text written, int64_t *ret_at_us) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    bool has_time;

    *ret_at_us = 0;
    if (written.size == 0)
        return OK;
    TRY(zone_open(scope, TEXT("UTC"), &zone));
    if (time_parse(written, DATE_ORDER_YMD, zone, ret_at_us, &has_time))
        return OK;
    return scope_fail_field(scope, INVALID, "expires_at",
                            "\"%.*s\" is neither an instant nor a day", TEXT_ARG(written));
}

code key_http_create(struct scope *scope, const struct request *request,
                     struct response *response) {
    struct json_writer *writer = &response->writer;
    struct create_body body = {0};
    struct key_wish wish = {0};
    struct text key = {0};
    int64_t id = 0;

    TRY(json_read_record(scope, request->body, create_fields, COUNT_OF(create_fields), &body));
    wish.name = body.name;
    TRY(read_permissions(scope, body.permissions, &wish.permissions));
    TRY(read_traits(scope, body.traits, &wish));
    TRY(read_expiry(scope, body.expires_at, &wish.expires_at_us));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, key_make(scope, &wish, &id, &key)));
    json_begin_object(writer);
    json_key(writer, "id");
    response_int64(response, COLUMN_ID, id);
    json_key(writer, "key");
    json_write_text(writer, key);
    json_end_object(writer);
    return OK;
}

code key_http_revoke(struct scope *scope, const struct request *request,
                     struct response *response) {
    const struct text name_or_id = request_text(request, "id");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, key_revoke(scope, name_or_id)));
    response_done(response, "revoked", name_or_id);
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
#include "plug/sender/sender_http.h"

#include "base/time.h"
#include "govern/operation/pulse.h"
#include "plug/sender/schema.h"
#include "plug/sender/sender.h"
#include "sender_sql.h"
#include "store/ledger.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))
#define HOUR_US         (3600 * US_PER_SECOND)
#define KEEP_USUALLY_S  86400

// ---- the list ----

static const struct column columns[] = {
    {"id", "Id", COLUMN_ID, NULL},
    {"name", "Source", COLUMN_TEXT, NULL},
    {"type", "Type", COLUMN_TEXT, NULL},
    {"state", "State", COLUMN_TEXT, NULL},
    {"last_at", "Last event", COLUMN_INSTANT, NULL},
    {"silence_s", "Silent after", COLUMN_INTEGER, NULL},
    {"hourly", "Events an hour", COLUMN_NUMBER, NULL},
    {"accepted_day", "Events, 24 h", COLUMN_INTEGER, NULL},
    {"duplicate_day", "Again, 24 h", COLUMN_INTEGER, NULL},
    {"quarantined_day", "Kept apart, 24 h", COLUMN_INTEGER, NULL},
    {"waiting", "In quarantine", COLUMN_INTEGER, NULL},
    {"accepted", "Events, all", COLUMN_INTEGER, NULL},
};

// Of the last 24 hours, or of as many as the source is old.
static double hourly_of(const struct scope *scope, const struct pulse *pulse) {
    const int64_t age_us = scope->now_us - pulse->created_at_us;
    const double hours = (double)(age_us < HOUR_US        ? HOUR_US
                                  : age_us < 24 * HOUR_US ? age_us
                                                          : 24 * HOUR_US) /
                         (double)HOUR_US;

    return (double)pulse->day_count / hours;
}

static void write_row(const struct scope *scope, struct response *response,
                      const struct pulse *pulse) {
    response_begin_row(response);
    response_int64(response, COLUMN_ID, pulse->id);
    response_text(response, pulse->name);
    response_text(response, pulse->type);
    response_text(response, text_of(pulse->state));
    if (pulse->last_at_us > 0)
        response_int64(response, COLUMN_INSTANT, pulse->last_at_us);
    else
        response_null(response);
    if (pulse->silence_s > 0)
        response_int64(response, COLUMN_INTEGER, pulse->silence_s);
    else
        response_null(response);
    response_double(response, hourly_of(scope, pulse));
    response_int64(response, COLUMN_INTEGER, pulse->day_count);
    response_int64(response, COLUMN_INTEGER, pulse->duplicate_day_count);
    response_int64(response, COLUMN_INTEGER, pulse->quarantined_day_count);
    response_int64(response, COLUMN_INTEGER, pulse->waiting_count);
    response_int64(response, COLUMN_INTEGER, pulse->accepted_count);
    response_end_row(response);
}

code sender_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct pulse *pulses;
    size_t count;

    (void)request;
    TRY(pulse_read(scope, &pulses, &count));
    TRY(pulse_count_waiting(scope, pulses, count));
    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++)
        write_row(scope, response, &pulses[i]);
    response_end_table(response);
    return OK;
}

// ---- bodies ----

struct body {
    struct text name;
    int type;
    bool is_enabled;
    int64_t silence_s;
    const struct json *schema;
    int schema_policy;
};

#define AT(member) offsetof(struct body, member)
#define CHOICES                                                                                    \
    {"silence_s",                                                                                  \
     JSON_FIELD_INT64,                                                                             \
     AT(silence_s),                                                                                \
     false,                                                                                        \
     NULL,                                                                                         \
     "seconds without an event from which on it is an alarm; 0: never, -1: learnt from its "       \
     "rhythm"},                                                                                    \
        {"schema",                                                                                 \
         JSON_FIELD_JSON,                                                                          \
         AT(schema),                                                                               \
         false,                                                                                    \
         NULL,                                                                                     \
         "by the names of its events the JSON Schema of their properties; null: anything goes"},   \
    {                                                                                              \
        "schema_policy", JSON_FIELD_ENUM, AT(schema_policy), false, schema_policy_names,           \
            "what becomes of an event that the schema does not fit"                                \
    }
static const struct json_field add_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL,
     "what its events, receipts and customer numbers are known by"},
    {"type", JSON_FIELD_ENUM, AT(type), true, sender_type_names,
     "what it is; the keys of a website and an app are public"},
    CHOICES,
};
static const struct json_field change_fields[] = {
    {"is_enabled", JSON_FIELD_BOOL, AT(is_enabled), false, NULL, "whether it may send"},
    CHOICES,
};
#undef AT
#undef CHOICES

const struct route_body sender_add_body = {.fields = add_fields,
                                           .field_count = COUNT_OF(add_fields)};
const struct route_body sender_change_body = {.fields = change_fields,
                                              .field_count = COUNT_OF(change_fields)};

static code read_schema(struct scope *scope, const struct json *given, struct text *ret_schema) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    if (!given)
        return OK;
    if (given->type != JSON_OBJECT)
        return scope_fail_field(scope, INVALID, "schema", "a schema is a JSON object");
    TRY(schema_check(scope, given));
    json_writer_init(&writer, &out);
    json_write(&writer, given);
    *ret_schema = text_copy(&scope->arena, buffer_text(&out));
    return OK;
}

// ---- making ----

const struct route_answer sender_add_answer = {
    .type = ANSWER_OBJECT,
    .help = "the source and its write key, told this once",
    .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "of the source"},
                              {.name = "key", ANSWER_TEXT, "the write key: tsw_…"}),
};

static void write_added(struct response *response, int64_t id, struct text key) {
    json_begin_object(&response->writer);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, id);
    json_key(&response->writer, "key");
    json_write_text(&response->writer, key);
    json_end_object(&response->writer);
}

code sender_http_add(struct scope *scope, const struct request *request,
                     struct response *response) {
    struct body body = {0};
    struct sender sender = {0};
    struct text key = {0};
    int64_t id = 0;

    TRY(json_read_record(scope, request->body, add_fields, COUNT_OF(add_fields), &body));
    TRY(read_schema(scope, body.schema, &sender.schema));
    if (body.type == SENDER_WEBHOOK) {
        scope_fail_field(scope, INVALID, "type", "a webhook needs a mapping and a secret");
        return scope_hint(scope, "make it with POST /api/v1/hooks (`tessera hook add`)");
    }
    sender.name = body.name;
    sender.type = (enum sender_type)body.type;
    sender.silence_s = body.silence_s;
    sender.schema_policy = (enum schema_policy)body.schema_policy;
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, sender_add(scope, &sender, &id, &key)));
    write_added(response, id, key);
    return OK;
}

// ---- one of them ----

const struct route_answer sender_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "id", ANSWER_ID, "its id"}, {.name = "name", ANSWER_TEXT, "what it is called"},
        {.name = "type", ANSWER_TEXT, "website, app, server or till"},
        {.name = "is_enabled", ANSWER_BOOL, "whether it may send"},
        {.name = "is_public", ANSWER_BOOL, "whether its key can be read by others"},
        {.name = "silence_s",
         ANSWER_INTEGER,
         "seconds without an event that are an alarm; 0: none, -1: learnt"},
        {.name = "schema", ANSWER_ANY, "JSON Schema of its events", .is_nullable = true},
        {.name = "schema_policy", ANSWER_TEXT, "what becomes of others: mark, quarantine"},
        {.name = "old_key_until",
         ANSWER_INSTANT,
         "until when the key before counts",
         .is_nullable = true},
        {.name = "created_at", ANSWER_INSTANT, "when it was made"},
        {.name = "created_by", ANSWER_TEXT, "who made it"},
        {.name = "is_exempt", ANSWER_BOOL, "whether its audience is counted without consent"},
        {.name = "deleted_at",
         ANSWER_INSTANT,
         "when events counted without consent were last deleted, being too old",
         .is_nullable = true},
        {.name = "deleted_count", ANSWER_INTEGER, "how many such events were deleted in all"}),
};

static void write_text(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    json_write_text(writer, value);
}

static void write_instant(struct response *response, const char *key, int64_t at_us) {
    json_key(&response->writer, key);
    if (at_us > 0)
        response_int64(response, COLUMN_INSTANT, at_us);
    else
        json_write_null(&response->writer);
}

static code write_expiry(struct scope *scope, struct response *response, int64_t id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_sender_expiry, BINDS(BIND_INT64(id)), &rows, &found));
    json_key(&response->writer, "is_exempt");
    json_write_bool(&response->writer, found && text_is(rows_text(rows, 0), "exempt"));
    write_instant(response, "deleted_at", found ? rows_int64(rows, 2) : 0);
    json_key(&response->writer, "deleted_count");
    json_write_int64(&response->writer, found ? rows_int64(rows, 3) : 0);
    return OK;
}

static code write_sender(struct scope *scope, struct response *response,
                         const struct sender *sender) {
    struct json_writer *writer = &response->writer;
    struct json *schema = NULL;

    if (sender->schema.size > 0)
        TRY(json_parse_own(scope, sender->schema, &schema));
    json_begin_object(writer);
    json_key(writer, "id");
    response_int64(response, COLUMN_ID, sender->id);
    write_text(writer, "name", sender->name);
    write_text(writer, "type", text_of(sender_type_names[sender->type]));
    json_key(writer, "is_enabled");
    json_write_bool(writer, sender->is_enabled);
    json_key(writer, "is_public");
    json_write_bool(writer, sender_type_is_public(sender->type));
    json_key(writer, "silence_s");
    json_write_int64(writer, sender->silence_s);
    json_key(writer, "schema");
    if (schema)
        json_write(writer, schema);
    else
        json_write_null(writer);
    write_text(writer, "schema_policy", text_of(schema_policy_names[sender->schema_policy]));
    write_instant(response, "old_key_until",
                  sender->old_key_until_us > scope->now_us ? sender->old_key_until_us : 0);
    write_instant(response, "created_at", sender->created_at_us);
    write_text(writer, "created_by", sender->created_by);
    TRY(write_expiry(scope, response, sender->id));
    json_end_object(writer);
    return OK;
}

code sender_http_show(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct sender sender;

    TRY(sender_find(scope, request_text(request, "id"), &sender));
    return write_sender(scope, response, &sender);
}

// ---- changing ----

const struct route_answer sender_change_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "of the source"}),
};

static code change(struct scope *scope, const struct request *request, int64_t *ret_id) {
    struct sender sender;
    struct body body;

    TRY(sender_find(scope, request_text(request, "id"), &sender));
    body = (struct body){.is_enabled = sender.is_enabled,
                         .silence_s = sender.silence_s,
                         .schema_policy = (int)sender.schema_policy};
    TRY(json_read_record(scope, request->body, change_fields, COUNT_OF(change_fields), &body));
    if (json_member(request->body, "schema"))
        sender.schema = (struct text){0};
    TRY(read_schema(scope, body.schema, &sender.schema));
    sender.is_enabled = body.is_enabled;
    sender.silence_s = body.silence_s;
    sender.schema_policy = (enum schema_policy)body.schema_policy;
    *ret_id = sender.id;
    return sender_change(scope, &sender);
}

code sender_http_change(struct scope *scope, const struct request *request,
                        struct response *response) {
    int64_t id = 0;

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, change(scope, request, &id)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, id);
    json_end_object(&response->writer);
    return OK;
}

// ---- a new key ----

struct rotate_body {
    int64_t keep_s;
};
static const struct json_field rotate_fields[] = {
    {"keep_s", JSON_FIELD_INT64, offsetof(struct rotate_body, keep_s), false, NULL,
     "seconds for which the key before counts as well (86400); 0: it ends now"},
};
const struct route_body sender_rotate_body = {
    .fields = rotate_fields, .field_count = COUNT_OF(rotate_fields), .is_optional = true};
const struct route_answer sender_rotate_answer = {
    .type = ANSWER_OBJECT,
    .help = "the new key, told this once",
    .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "of the source"},
                              {.name = "key", ANSWER_TEXT, "the write key: tsw_…"}),
};

static code rotate(struct scope *scope, const struct request *request, int64_t keep_s,
                   int64_t *ret_id, struct text *ret_key) {
    struct sender sender;

    TRY(sender_find(scope, request_text(request, "id"), &sender));
    *ret_id = sender.id;
    return sender_rotate(scope, sender.id, keep_s, ret_key);
}

code sender_http_rotate(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct rotate_body body = {.keep_s = KEEP_USUALLY_S};
    struct text key = {0};
    int64_t id = 0;

    if (request->body)
        TRY(json_read_record(scope, request->body, rotate_fields, COUNT_OF(rotate_fields), &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, rotate(scope, request, body.keep_s, &id, &key)));
    write_added(response, id, key);
    return OK;
}

// ---- figures ----

const struct route_parameter sender_hours_parameters[] = {
    {.name = "days",
     .type = PARAMETER_INTEGER,
     .help = "how far back",
     .usual = "2",
     .minimum = 1,
     .maximum = 31},
    PARAMETERS_END,
};

code sender_http_hours(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const struct column hour_columns[] = {
        {"hour", "Hour", COLUMN_INSTANT, NULL},
        {"read", "Came", COLUMN_INTEGER, NULL},
        {"accepted", "Events", COLUMN_INTEGER, NULL},
        {"duplicate", "Again", COLUMN_INTEGER, NULL},
        {"quarantined", "Kept apart", COLUMN_INTEGER, NULL},
        {"marked", "Taken in part", COLUMN_INTEGER, NULL},
        {"bytes", "Sent", COLUMN_INTEGER, "bytes"},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct sender sender;

    TRY(sender_find(scope, request_text(request, "id"), &sender));
    TRY(ledger_query(
        scope, sql_sender_hours,
        BINDS(BIND_INT64(sender.id),
              BIND_INT64(scope->now_us / HOUR_US - 24 * request_integer(request, "days") + 1)),
        &rows));
    return response_rows(scope, response, NULL, hour_columns, COUNT_OF(hour_columns), rows);
}

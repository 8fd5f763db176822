// SPDX-License-Identifier: Apache-2.0
// Definitions, counts and history. Members and exports: member_http.c.
#include "analyze/segment/segment_http.h"

#include "analyze/rfm/rfm_score.h"
#include "analyze/segment/segment.h"
#include "base/limits.h"
#include "base/time.h"
#include "govern/audit/audit.h"
#include "segment_sql.h"
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <inttypes.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

// ---- what requests say ----

struct segment_request {
    struct text name, description;
    const struct json *definition;
    bool live;
};

#define AT(member) offsetof(struct segment_request, member)
#define DEFINITION(required)                                                                       \
    { "definition", JSON_FIELD_JSON, AT(definition), required, NULL, "condition tree" }
#define DESCRIPTION                                                                                \
    { "description", JSON_FIELD_TEXT, AT(description), false, NULL, "what it is for" }
#define LIVE                                                                                       \
    { "live", JSON_FIELD_BOOL, AT(live), false, NULL, "whether its members follow what happens" }
static const struct json_field create_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL, "name of the segment"},
    DESCRIPTION,
    DEFINITION(true),
    LIVE,
};
static const struct json_field update_fields[] = {DESCRIPTION, DEFINITION(false), LIVE};
static const struct json_field count_fields[] = {DEFINITION(true)};
#undef AT

#define TREE_WORDS                                                                                 \
    "The definition is a condition tree: {\"all\": [...]}, {\"any\": [...]}, {\"not\": ...}, "     \
    "{\"segment\": NAME} or one clause of the fields that GET /api/v1/segments/fields lists."
const struct route_body segment_create_body = {create_fields, COUNT_OF(create_fields), TREE_WORDS,
                                               false};
const struct route_body segment_update_body = {update_fields, COUNT_OF(update_fields), TREE_WORDS,
                                               false};
const struct route_body segment_count_tree_body = {count_fields, COUNT_OF(count_fields), TREE_WORDS,
                                                   false};

const struct route_parameter segment_as_of_parameters[] = {SEGMENT_AS_OF_PARAMETER, PARAMETERS_END};

static code read_body(struct scope *scope, const struct request *request,
                      const struct json_field *fields, size_t field_count,
                      struct segment_request *wanted) {
    if (!request->body)
        return scope_fail(scope, INVALID, "the request has no body");
    return json_read_record(scope, request->body, fields, field_count, wanted);
}

static code read_as_of(struct scope *scope, const struct request *request, int32_t *ret_day) {
    return request_day(scope, request, "as_of", SEGMENT_TODAY, ret_day);
}

static code write_audit(struct scope *scope, const char *action, struct text name) {
    CLEANUP(buffer_clear) struct buffer details = {0};
    struct json_writer writer;

    json_writer_init(&writer, &details);
    json_begin_object(&writer);
    json_key(&writer, "name");
    json_write_text(&writer, name);
    json_end_object(&writer);
    return audit_append(scope, action, text_printf(&scope->arena, "segment %.*s", TEXT_ARG(name)),
                        buffer_text(&details));
}

// What was done, when it was done, with its record.
static code recorded(struct scope *scope, code done, const char *action, struct text name) {
    TRY(done);
    return write_audit(scope, action, name);
}

// ---- definitions ----

const struct route_answer segment_create_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "created", ANSWER_TEXT, "name of the segment"}),
};
const struct route_answer segment_update_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "updated", ANSWER_TEXT, "name of the segment"}),
};
const struct route_answer segment_delete_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "deleted", ANSWER_TEXT, "name of the segment"}),
};

static code create(struct scope *scope, const struct segment_request *wanted) {
    TRY(segment_create(scope, wanted->name, wanted->description, wanted->definition));
    return wanted->live ? OK : segment_set_live(scope, wanted->name, false);
}

code segment_http_create(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct segment_request wanted = {.description = TEXT(""), .live = true};

    TRY(read_body(scope, request, create_fields, COUNT_OF(create_fields), &wanted));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, recorded(scope, create(scope, &wanted), "segment.create", wanted.name)));
    response_done(response, "created", wanted.name);
    return OK;
}

static code update(struct scope *scope, const struct segment_request *wanted, bool says_live) {
    TRY(segment_update(scope, wanted->name, wanted->description, wanted->definition));
    return says_live ? segment_set_live(scope, wanted->name, wanted->live) : OK;
}

code segment_http_update(struct scope *scope, const struct request *request,
                         struct response *response) {
    const struct text name = request_text(request, "name");
    struct segment_request wanted = {.name = name};

    TRY(read_body(scope, request, update_fields, COUNT_OF(update_fields), &wanted));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope,
                   recorded(scope, update(scope, &wanted, json_member(request->body, "live")),
                            "segment.update", name)));
    response_done(response, "updated", name);
    return OK;
}

code segment_http_delete(struct scope *scope, const struct request *request,
                         struct response *response) {
    const struct text name = request_text(request, "name");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, recorded(scope, segment_delete(scope, name), "segment.delete", name)));
    response_done(response, "deleted", name);
    return OK;
}

static const struct column segment_columns[] = {
    {"name", "Segment", COLUMN_TEXT, NULL},
    {"size", "Customers", COLUMN_INTEGER, "customers"},
    {"entered", "Entered", COLUMN_INTEGER, "customers"},
    {"departed", "Departed", COLUMN_INTEGER, "customers"},
    {"as_of", "As of", COLUMN_DAY, NULL},
    {"evaluated_at", "Evaluated", COLUMN_INSTANT, NULL},
    {"description", "Description", COLUMN_TEXT, NULL},
    {"live", "Live", COLUMN_BOOL, NULL},
    {"behind", "Behind", COLUMN_NUMBER, "seconds"},
    {"problem", "Problem", COLUMN_TEXT, NULL},
};

// Of a segment that follows: how long the oldest change waits that its members do not reflect.
static void write_following(struct response *response, const struct segment *segment,
                            int64_t behind_us) {
    response_int64(response, COLUMN_BOOL, segment->is_live);
    if (segment->is_live && !segment->is_pinned && segment->evaluated_at_us > 0)
        response_double(response, (double)behind_us / (double)US_PER_SECOND);
    else
        response_null(response);
    if (segment->problem.size > 0)
        response_text(response, segment->problem);
    else
        response_null(response);
}

static void write_segment(struct response *response, const struct segment *segment,
                          int64_t behind_us) {
    response_begin_row(response);
    response_text(response, segment->name);
    if (segment->evaluated_at_us == 0) {
        for (int i = 0; i < 5; i++)
            response_null(response);
    } else {
        response_int64(response, COLUMN_INTEGER, segment->size);
        response_int64(response, COLUMN_INTEGER, segment->entered);
        response_int64(response, COLUMN_INTEGER, segment->departed);
        response_int64(response, COLUMN_DAY, segment->as_of_day);
        response_int64(response, COLUMN_INSTANT, segment->evaluated_at_us);
    }
    response_text(response, segment->description);
    write_following(response, segment, behind_us);
    response_end_row(response);
}

const struct route_parameter segment_list_parameters[] = {
    SEGMENT_AS_OF_PARAMETER,
    {.name = "stored", PARAMETER_BOOL, "as they were evaluated last", .usual = "false"},
    PARAMETERS_END,
};

code segment_http_list(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct segment *segments;
    int32_t as_of_day;
    const bool stored = request_flag(request, "stored");
    size_t count;

    TRY(read_as_of(scope, request, &as_of_day));
    TRY(segment_list(scope, &segments, &count));
    for (size_t i = 0; i < count && !stored; i++)
        TRY(segment_freshen(scope, &segments[i], as_of_day));
    response_begin_table(response, NULL, segment_columns, COUNT_OF(segment_columns));
    for (size_t i = 0; i < count; i++) {
        int64_t behind_us;

        TRY(change_behind_us(scope, segments[i].change_id, &behind_us));
        write_segment(response, &segments[i], behind_us);
    }
    response_end_table(response);
    return OK;
}

// "is, is_not, in"
static void write_comparisons(struct response *response, enum value_type type) {
    CLEANUP(buffer_clear) struct buffer names = {0};

    for (int i = 0; i < COMPARISON_COUNT; i++)
        if (value_type_comparisons(type) & 1u << i)
            buffer_printf(&names, "%s%s", names.size > 0 ? ", " : "",
                          comparison_name((enum comparison)i));
    response_text(response, buffer_text(&names));
}

static void write_restrictions(struct response *response) {
    static const struct column columns[] = {
        {"name", "Where", COLUMN_TEXT, NULL},
        {"definition", "Values", COLUMN_TEXT, NULL},
        {"clauses", "Clauses", COLUMN_TEXT, NULL},
    };

    response_begin_table(response, "where", columns, COUNT_OF(columns));
    for (size_t i = 0; i < RESTRICTION_COUNT; i++) {
        response_begin_row(response);
        response_text(response, text_of(segment_restrictions[i].name));
        response_text(response, text_of(segment_restrictions[i].definition));
        response_text(response,
                      segment_restrictions[i].of_events ? TEXT("sales, event") : TEXT("sales"));
        response_end_row(response);
    }
    response_end_table(response);
}

static void write_groups(struct response *response) {
    static const struct column columns[] = {
        {"name", "RFM group", COLUMN_TEXT, NULL},
        {"meaning", "Meaning", COLUMN_TEXT, NULL},
    };

    response_begin_table(response, "groups", columns, COUNT_OF(columns));
    for (size_t i = 0; i < rfm_group_count; i++) {
        response_begin_row(response);
        response_text(response, text_of(rfm_groups[i].name));
        response_text(response, text_of(rfm_groups[i].meaning));
        response_end_row(response);
    }
    response_end_table(response);
}

// The names that the data gives, for whoever chooses one.
static code write_names(struct scope *scope, struct response *response) {
    static const struct column consents[] = {
        {"purpose", "Purpose", COLUMN_TEXT, NULL},
        {"channel", "Channel", COLUMN_TEXT, NULL},
    };
    static const struct column events[] = {{"name", "Event", COLUMN_TEXT, NULL}};
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(lake_refresh(scope));
    TRY(lake_query(scope, sql_segment_consents, NO_BINDS, &rows));
    TRY(response_rows(scope, response, "consents", consents, COUNT_OF(consents), rows));
    rows_close(&rows);
    rows = NULL;
    TRY(lake_query(scope, sql_segment_events, NO_BINDS, &rows));
    return response_rows(scope, response, "events", events, COUNT_OF(events), rows);
}

const struct route_answer segment_fields_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "fields", ANSWER_TABLE, "clauses, their fields, types and operators"},
        {.name = "where", ANSWER_TABLE, "what clauses over sales and events can be restricted by"},
        {.name = "groups", ANSWER_TABLE, "the groups of RFM scores"},
        {.name = "consents", ANSWER_TABLE, "purposes and channels that consents are known of"},
        {.name = "events", ANSWER_TABLE, "names of events that are known"}),
};

code segment_http_fields(struct scope *scope, const struct request *request,
                         struct response *response) {
    static const struct column columns[] = {
        {"clause", "Clause", COLUMN_TEXT, NULL},      {"field", "Field", COLUMN_TEXT, NULL},
        {"type", "Type", COLUMN_TEXT, NULL},          {"operators", "Operators", COLUMN_TEXT, NULL},
        {"definition", "Meaning", COLUMN_TEXT, NULL},
    };

    (void)request;
    json_begin_object(&response->writer);
    response_begin_table(response, "fields", columns, COUNT_OF(columns));
    for (size_t i = 0; i < segment_field_count; i++) {
        const struct segment_field *field = &segment_fields[i];

        response_begin_row(response);
        response_text(response, text_of(clause_type_name(field->clause)));
        response_text(response, text_of(field->name));
        response_text(response, text_of(value_type_name(field->type)));
        write_comparisons(response, field->type);
        response_text(response, text_of(field->definition));
        response_end_row(response);
    }
    response_end_table(response);
    write_restrictions(response);
    write_groups(response);
    TRY(write_names(scope, response));
    json_end_object(&response->writer);
    return OK;
}

// ---- a tree explained ----

// A value as SQL text shows it.
static void write_bind(struct json_writer *writer, const struct bind *bind) {
    switch (bind->type) {
    case BIND_TYPE_INT64:
        json_write_int64(writer, bind->int64);
        return;
    case BIND_TYPE_DOUBLE:
        json_write_double(writer, bind->number);
        return;
    case BIND_TYPE_BOOL:
        json_write_bool(writer, bind->boolean);
        return;
    case BIND_TYPE_TEXT:
        json_write_text(writer, bind->text);
        return;
    case BIND_TYPE_NULL:
        break;
    }
    json_write_null(writer);
}

// A text of several lines as a table, so that it keeps its lines wherever it is shown.
static void write_lines(struct response *response, const char *key, const char *label,
                        struct text text) {
    const struct column column = {key, label, COLUMN_TEXT, NULL};

    response_begin_table(response, key, &column, 1);
    while (text.size > 0) {
        response_begin_row(response);
        response_text(response, text_split(text, '\n', &text));
        response_end_row(response);
    }
    response_end_table(response);
}

static code write_sql(struct scope *scope, struct response *response,
                      const struct segment_node *tree, int32_t as_of_day) {
    struct json_writer *writer = &response->writer;
    struct binds binds;
    const char *sql;

    TRY(segment_sql(scope, tree, as_of_day, &sql, &binds));
    write_lines(response, "sql", "SQL", text_of(sql));
    json_key(writer, "values");
    json_begin_array(writer);
    for (size_t i = 0; i < binds.count; i++)
        write_bind(writer, &binds.values[i]);
    json_end_array(writer);
    return OK;
}

static code write_explained(struct scope *scope, struct response *response,
                            const struct segment_node *tree, int32_t as_of_day) {
    CLEANUP(buffer_clear) struct buffer words = {0};

    segment_write_tree(&words, tree);
    write_lines(response, "conditions", "Conditions", buffer_text(&words));
    return write_sql(scope, response, tree, as_of_day);
}

// ---- numbers ----

const struct route_answer segment_count_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "count", ANSWER_INTEGER, "customers"}),
};

const struct route_parameter segment_count_tree_parameters[] = {
    SEGMENT_AS_OF_PARAMETER,
    {.name = "sql",
     .type = PARAMETER_BOOL,
     .help = "say the conditions in words and as SQL, too",
     .usual = "false"},
    PARAMETERS_END,
};
const struct route_answer segment_count_tree_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "count", ANSWER_INTEGER, "customers"},
        {.name = "conditions", ANSWER_TABLE, "in words, one line a row", .is_optional = true},
        {.name = "sql", ANSWER_TABLE, "the query, one line a row", .is_optional = true},
        {.name = "values",
         ANSWER_ANY,
         "the query's values, in order",
         .is_optional = true,
         .is_list = true}),
};

static void write_count(struct response *response, int64_t count) {
    json_key(&response->writer, "count");
    json_write_int64(&response->writer, count);
}

code segment_http_count_tree(struct scope *scope, const struct request *request,
                             struct response *response) {
    struct segment_request wanted = {0};
    const struct segment_node *tree;
    int32_t as_of_day;
    int64_t count;
    bool explained;

    TRY(request_bool(scope, request, "sql", &explained));
    TRY(read_as_of(scope, request, &as_of_day));
    TRY(read_body(scope, request, count_fields, COUNT_OF(count_fields), &wanted));
    TRY(segment_tree(scope, wanted.definition, TEXT(""), &tree, NULL));
    TRY(segment_count(scope, tree, as_of_day, &count));
    json_begin_object(&response->writer);
    write_count(response, count);
    if (explained)
        TRY(write_explained(scope, response, tree, as_of_day));
    json_end_object(&response->writer);
    return OK;
}

code segment_http_count(struct scope *scope, const struct request *request,
                        struct response *response) {
    const struct segment_node *tree;
    struct segment segment = {0};
    int32_t as_of_day;
    int64_t count;

    TRY(read_as_of(scope, request, &as_of_day));
    TRY(segment_find(scope, request_text(request, "name"), &segment));
    TRY(segment_tree_of(scope, &segment, &tree, NULL));
    TRY(segment_count(scope, tree, as_of_day, &count));
    json_begin_object(&response->writer);
    write_count(response, count);
    json_end_object(&response->writer);
    return OK;
}

code segment_http_refresh(struct scope *scope, const struct request *request,
                          struct response *response) {
    int32_t as_of_day;
    int64_t job_id;

    TRY(read_as_of(scope, request, &as_of_day));
    TRY(segment_refresh_start(scope, request_text(request, "name"), as_of_day, &job_id));
    response_done(response, "job_id", text_printf(&scope->arena, "%" PRId64, job_id));
    return OK;
}

static const struct column history_columns[] = {
    {"evaluated_at", "Evaluated", COLUMN_INSTANT, NULL},
    {"as_of", "As of", COLUMN_DAY, NULL},
    {"size", "Customers", COLUMN_INTEGER, "customers"},
    {"entered", "Entered", COLUMN_INTEGER, "customers"},
    {"departed", "Departed", COLUMN_INTEGER, "customers"},
};

static code write_history(struct scope *scope, struct response *response, int64_t segment_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_segment_history_page,
                     BINDS(BIND_INT64(segment_id), BIND_INT64(INT64_MAX), BIND_INT64(20)), &rows));
    return response_rows(scope, response, "history", history_columns, COUNT_OF(history_columns),
                         rows);
}

const struct route_parameter segment_history_parameters[] = {PARAMETER_LIMIT("50"), PARAMETER_AFTER,
                                                             PARAMETERS_END};

code segment_http_history(struct scope *scope, const struct request *request,
                          struct response *response) {
    const int64_t limit = request_integer(request, "limit");
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct segment segment = {0};
    int64_t after;

    TRY(request_int64(scope, request, "after", 1, INT64_MAX, INT64_MAX, &after));
    TRY(segment_find(scope, request_text(request, "name"), &segment));
    TRY(ledger_query(scope, sql_segment_history_page,
                     BINDS(BIND_INT64(segment.id), BIND_INT64(after), BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, history_columns, COUNT_OF(history_columns), rows, limit);
}

const struct route_answer segment_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "name", ANSWER_TEXT, "the segment"},
        {.name = "description", ANSWER_TEXT, "what it is for"},
        {.name = "conditions", ANSWER_TABLE, "its conditions in words, one line a row"},
        {.name = "definition", ANSWER_OBJECT, "its condition tree"},
        {.name = "sql", ANSWER_TABLE, "its query, one line a row"},
        {.name = "values", ANSWER_ANY, "the query's values, in order", .is_list = true},
        {.name = "history", ANSWER_TABLE, "its last 20 evaluations"}),
};

code segment_http_show(struct scope *scope, const struct request *request,
                       struct response *response) {
    CLEANUP(buffer_clear) struct buffer words = {0};
    struct json_writer *writer = &response->writer;
    const struct segment_node *tree;
    struct segment segment = {0};
    struct json *definition;
    int32_t as_of_day;

    TRY(read_as_of(scope, request, &as_of_day));
    TRY(segment_find(scope, request_text(request, "name"), &segment));
    TRY(segment_tree_of(scope, &segment, &tree, NULL));
    TRY(json_parse_own(scope, segment.definition, &definition));
    segment_write_tree(&words, tree);
    json_begin_object(writer);
    json_key(writer, "name");
    json_write_text(writer, segment.name);
    json_key(writer, "description");
    json_write_text(writer, segment.description);
    write_lines(response, "conditions", "Conditions", buffer_text(&words));
    json_key(writer, "definition");
    json_write(writer, definition);
    TRY(write_sql(scope, response, tree, as_of_day));
    TRY(write_history(scope, response, segment.id));
    json_end_object(writer);
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/persona_http.h"

#include "analyze/persona/persona.h"
#include "analyze/run/run_http.h"
#include "govern/audit/audit.h"
#include "persona_sql.h"
#include "store/lake.h"

#include <inttypes.h>

// ---- runs ----

const struct route_answer persona_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANALYSIS_SHOW_MEMBERS(
        "what was found: figures, and the tables personas (a card each), effects (what sets each "
        "apart), baskets, channels, moves (from the earlier day), map and axes (principal "
        "components), choice (of their number); model is what assigns customers; warnings say when "
        "not to trust it"),
};

code persona_http_show(struct scope *scope, const struct request *request,
                       struct response *response) {
    return analysis_http_show(scope, ANALYSIS_PERSONA, request, response);
}

code persona_http_runs(struct scope *scope, const struct request *request,
                       struct response *response) {
    return analysis_http_runs(scope, ANALYSIS_PERSONA, request, response);
}

const struct route_body persona_start_body = {
    .fields = persona_fields,
    .field_count = PERSONA_FIELDS,
    .is_optional = true,
};

code persona_http_start(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct persona_options options;
    int64_t job_id;

    TRY(persona_read_options(scope, request->body, &options));
    TRY(persona_start(scope, &options, &job_id));
    return analysis_http_started(scope, "persona.run", job_id, response);
}

// ---- names ----

static const struct column name_columns[] = {
    {"persona", "Persona", COLUMN_INTEGER, NULL},
    {"name", "Name", COLUMN_TEXT, NULL},
};

code persona_http_names(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct persona_names names;

    (void)request;
    TRY(persona_names_read(scope, &names));
    response_begin_table(response, NULL, name_columns, 2);
    for (size_t i = 0; i < names.count; i++) {
        response_begin_row(response);
        response_int64(response, COLUMN_INTEGER, names.numbers[i]);
        response_text(response, names.names[i]);
        response_end_row(response);
    }
    response_end_table(response);
    return OK;
}

struct renaming {
    struct text name;
};
static const struct json_field rename_fields[] = {
    {"name", JSON_FIELD_TEXT, offsetof(struct renaming, name), true, NULL,
     "at most 80 bytes; empty: back to the name that describes it"},
};
const struct route_body persona_rename_body = {.fields = rename_fields, .field_count = 1};
const struct route_answer persona_rename_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "persona", ANSWER_INTEGER, "its number"},
                              {.name = "name", ANSWER_TEXT, "its name now"}),
};

code persona_http_rename(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct renaming renaming = {0};
    int64_t number;

    TRY(request_int64(scope, request, "number", 1, PERSONA_NUMBERS_MOST, 0, &number));
    TRY(json_read_record(scope, request->body, rename_fields, 1, &renaming));
    TRY(persona_rename(scope, number, renaming.name));
    TRY(audit_append(scope, "persona.rename",
                     text_printf(&scope->arena, "persona %" PRId64, number), TEXT("{}")));
    json_begin_object(&response->writer);
    json_key(&response->writer, "persona");
    json_write_int64(&response->writer, number);
    json_key(&response->writer, "name");
    json_write_text(&response->writer, text_trim(renaming.name));
    json_end_object(&response->writer);
    return OK;
}

// ---- micro-segments ----

// To add one: a block in persona.sql, its name and the block here, a word in the web app.
static const char *const crossings[] = {"channel", "sale_country", "country",
                                        "city",    "gender",       NULL};
static const char *crossing_sql(size_t i) {
    const char *const sql[] = {sql_persona_by_channel, sql_persona_by_sale_country,
                               sql_persona_by_country, sql_persona_by_city, sql_persona_by_gender};

    return sql[i];
}

const struct route_parameter persona_crossing_parameters[] = {
    {.name = "by",
     PARAMETER_CHOICE,
     "what personas are crossed with: the channel or country of a customer's last sale, or the "
     "country, city or gender that is known of them",
     .usual = "channel",
     .choices = crossings},
    {.name = "values",
     PARAMETER_INTEGER,
     "the most frequent so many values",
     .usual = "12",
     .minimum = 1,
     .maximum = 100},
    PARAMETERS_END,
};
const struct route_answer persona_crossing_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS({.name = "by", ANSWER_TEXT, "what personas are crossed with"},
                       {.name = "crossing", ANSWER_TABLE, "customers of each value and persona"}),
};

static const struct column crossing_columns[] = {
    {"value", "Value", COLUMN_TEXT, NULL},
    {"persona", "Persona", COLUMN_INTEGER, NULL},
    {"customers", "Customers", COLUMN_INTEGER, NULL},
};

code persona_http_crossing(struct scope *scope, const struct request *request,
                           struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct text by = request_text(request, "by");
    const int64_t values = request_integer(request, "values");
    size_t i = 0;

    while (crossings[i + 1] != NULL && !text_is(by, crossings[i]))
        i++;
    TRY(lake_refresh(scope));
    TRY(lake_query(scope, crossing_sql(i), BINDS(BIND_INT64(values)), &rows));
    json_begin_object(&response->writer);
    json_key(&response->writer, "by");
    json_write_string(&response->writer, crossings[i]);
    TRY(response_rows(scope, response, "crossing", crossing_columns, 3, rows));
    json_end_object(&response->writer);
    return OK;
}

// ---- customers ----

const struct route_parameter persona_customers_parameters[] = {
    {.name = "persona",
     PARAMETER_INTEGER,
     "its number",
     .minimum = 1,
     .maximum = PERSONA_NUMBERS_MOST,
     .is_required = true},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_answer persona_customers_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "list", ANSWER_TABLE, "customers, the most typical first"},
                              ANSWER_NEXT),
};

static const struct column customer_columns[] = {
    {"customer", "Customer", COLUMN_ID, NULL},
    {"number", "Number", COLUMN_TEXT, NULL},
    {"persona", "Persona", COLUMN_INTEGER, NULL},
    {"certainty", "Certainty", COLUMN_SHARE, NULL},
    {"earlier", "Persona before", COLUMN_INTEGER, NULL},
};

static void write_customer(struct response *response, const struct rows *rows) {
    response_begin_row(response);
    for (size_t i = 0; i < 5; i++)
        response_cell(response, customer_columns[i].type, rows, i);
    response_end_row(response);
}

code persona_http_customers(struct scope *scope, const struct request *request,
                            struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    int64_t after, count = 0;

    TRY(request_int64(scope, request, "after", 0, 1000000000, 0, &after));
    TRY(lake_refresh(scope));
    TRY(lake_query(scope, sql_persona_customers,
                   BINDS(BIND_INT64(request_integer(request, "persona")), BIND_INT64(after),
                         BIND_INT64(limit + 1)),
                   &rows));
    json_begin_object(&response->writer);
    response_begin_table(response, "list", customer_columns, 5);
    for (; count < limit && rows_next(rows); count++)
        write_customer(response, rows);
    response_end_table(response);
    if (count == limit && rows_next(rows)) {
        json_key(&response->writer, "next");
        json_write_text(&response->writer, text_printf(&scope->arena, "%" PRId64, after + limit));
    }
    TRY(rows_end(rows));
    json_end_object(&response->writer);
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
#include "analyze/metric/selection_http.h"

#include "store/lake.h"

#include <inttypes.h>
#include <stdio.h>

const struct route_answer selection_answer[] = {
    {.name = "from", ANSWER_DAY, "first day; null: from the beginning", .is_nullable = true},
    {.name = "to", ANSWER_DAY, "last day; null: to the end", .is_nullable = true},
    {.name = "filters", ANSWER_TEXT, "FIELD=VALUE", .is_list = true},
    {.name = "watermark", ANSWER_ID, "the last change that is counted"},
    {.name = NULL},
};

const struct route_answer explanation_answer[] = {
    {.name = "definition", ANSWER_TEXT, "what the numbers mean"},
    {.name = "sql", ANSWER_TEXT, "the query behind them"},
    {.name = "values_bound", ANSWER_ANY, "the query's values, in order", .is_list = true},
    {.name = NULL},
};

code selection_read(struct scope *scope, const struct request *request,
                    struct selection *ret_selection) {
    struct selection selection = {.has_from = request_text(request, "from").size > 0,
                                  .has_to = request_text(request, "to").size > 0};
    struct text filters[SELECTION_FILTERS + 1];
    size_t count;

    TRY(lake_refresh(scope));
    TRY(request_day(scope, request, "from", 0, &selection.from_day));
    TRY(request_day(scope, request, "to", 0, &selection.to_day));
    if (selection.has_from && selection.has_to && selection.from_day > selection.to_day)
        return scope_fail_field(scope, INVALID, "to", "the period ends before it begins");
    count = request_all(request, "filter", filters, SELECTION_FILTERS + 1);
    for (size_t i = 0; i < count && i <= SELECTION_FILTERS; i++)
        TRY(selection_add_filter(scope, &selection, filters[i]));
    *ret_selection = selection;
    return OK;
}

static void write_day(struct json_writer *writer, const char *key, bool present, int32_t day) {
    char text[TIME_TEXT_SIZE];

    json_key(writer, key);
    if (present)
        json_write_string(writer, day_format(day, text));
    else
        json_write_null(writer);
}

static void write_filter(struct scope *scope, struct json_writer *writer,
                         const struct filter *filter) {
    json_write_text(writer, text_printf(&scope->arena, "%s%s%.*s", filter->field->name,
                                        filter_comparison_text(filter->comparison),
                                        TEXT_ARG(filter->value)));
}

code selection_write(struct scope *scope, struct response *response,
                     const struct selection *selection) {
    struct json_writer *writer = &response->writer;
    int64_t watermark;
    char text[24];

    TRY(lake_watermark(scope, &watermark));
    snprintf(text, sizeof(text), "%" PRId64, watermark);
    json_key(writer, "selection");
    json_begin_object(writer);
    write_day(writer, "from", selection->has_from, selection->from_day);
    write_day(writer, "to", selection->has_to, selection->to_day);
    json_key(writer, "filters");
    json_begin_array(writer);
    for (size_t i = 0; i < selection->filter_count; i++)
        write_filter(scope, writer, &selection->filters[i]);
    json_end_array(writer);
    json_key(writer, "watermark");
    json_write_string(writer, text);
    json_end_object(writer);
    return OK;
}

void statement_write(struct json_writer *writer, struct statement *statement) {
    json_key(writer, "sql");
    json_write_string(writer, statement_sql(statement));
    json_key(writer, "values_bound");
    json_begin_array(writer);
    for (size_t i = 0; i < statement->bind_count; i++) {
        if (statement->binds[i].type == BIND_TYPE_INT64)
            json_write_int64(writer, statement->binds[i].int64);
        else
            json_write_text(writer, statement->binds[i].text);
    }
    json_end_array(writer);
}

code explanation_write(struct scope *scope, const struct request *request,
                       struct response *response, const struct selection *selection,
                       const char *definition, const char *fragment) {
    CLEANUP(statement_clear) struct statement statement = {0};
    struct json_writer *writer = &response->writer;
    bool wanted;

    TRY(request_bool(scope, request, "sql", &wanted));
    if (!wanted)
        return OK;
    selection_documents(&statement, selection);
    statement_add(&statement, fragment);
    json_key(writer, "explanation");
    json_begin_object(writer);
    json_key(writer, "definition");
    json_write_string(writer, definition);
    statement_write(writer, &statement);
    json_end_object(writer);
    return OK;
}

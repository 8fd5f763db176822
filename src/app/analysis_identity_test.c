// SPDX-License-Identifier: Apache-2.0
// Every analysis says the same to the last digit: of the same data in both databases, with the rows
// in another order, with one thread and with all, and when it is asked again.
#include "analyze/attribution/attribution.h"
#include "analyze/churn/churn.h"
#include "analyze/forecast/forecast.h"
#include "analyze/lifetime_value/lifetime_value.h"
#include "analyze/persona/persona.h"
#include "analyze/regression/regression.h"
#include "analyze/run/run.h"
#include "analyze/segment/segment.h"
#include "analyze/uplift/uplift_run.h"
#include "app/tables.h"
#include "govern/access/access.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "tests/two_databases.h"
#include "web/router.h"

#include <sched.h>
#include <string.h>

struct run {
    enum analysis_kind kind;
    code (*run)(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result);
    const char *parameters;
};

static const struct run runs[] = {
    {ANALYSIS_LIFETIME_VALUE, lifetime_value_run, "{}"},
    {ANALYSIS_CHURN, churn_run, "{}"},
    {ANALYSIS_REGRESSION, regression_run, "{}"},
    {ANALYSIS_FORECAST, forecast_run, "{}"},
    {ANALYSIS_FORECAST, forecast_run, "{\"by\": \"store,category\", \"grain\": \"month\"}"},
    {ANALYSIS_PERSONA, persona_run, "{\"method\": \"gaussian_mixture\"}"},
    {ANALYSIS_PERSONA, persona_run, "{}"},
    {ANALYSIS_PERSONA, persona_run, "{\"frozen\": true}"},
    {ANALYSIS_ATTRIBUTION, attribution_run, "{}"},
    {ANALYSIS_UPLIFT, uplift_run,
     "{\"treated\": \"many\", \"control\": \"few\", \"start\": \"2026-05-01\"}"},
};

static const char *const addresses[] = {
    "/api/v1/rfm",
    "/api/v1/rfm/customers",
    "/api/v1/cohorts",
    "/api/v1/retention",
    "/api/v1/reports/overview",
    "/api/v1/reports/pareto",
    "/api/v1/reports/histogram",
    "/api/v1/reports/bridge?from=2026-04-01&to=2026-06-30",
    "/api/v1/experiments/segments?segment=many&segment=few&from=2026-01-01&to=2026-06-30",
    "/api/v1/segments/many/count",
    "/api/v1/segments/few/count",
};

// ---- writing out ----

// A line for each figure or text, so that what differs is found.
static void add_lines(struct buffer *out, const char *title, struct text json) {
    buffer_printf(out, "%s: ", title);
    for (size_t i = 0; i < json.size; i++) {
        buffer_add_char(out, json.data[i]);
        if (json.data[i] == ',' || json.data[i] == '[' || json.data[i] == '{')
            buffer_printf(out, "\n%s: ", title);
    }
    buffer_add_char(out, '\n');
}

static void add_scores(struct scope *scope, struct buffer *out, const struct run *run,
                       int64_t run_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    CHECK_OK(ledger_query(scope,
                          "SELECT customer, value_1, value_2, value_3, value_4, value_5, value_6 "
                          "FROM analysis_score WHERE kind = $1 AND run_id = $2 ORDER BY customer",
                          BINDS(BIND_INT64(run->kind), BIND_INT64(run_id)), &rows));
    while (rows_next(rows)) {
        buffer_printf(out, "score of %s:", analysis_kind_name(run->kind));
        for (size_t i = 0; i < rows_column_count(rows); i++)
            buffer_printf(out, " %.*s",
                          TEXT_ARG(rows_is_null(rows, i) ? TEXT("-") : rows_text(rows, i)));
        buffer_add_char(out, '\n');
    }
    CHECK_OK(rows_end(rows));
}

static void add_series(struct scope *scope, struct buffer *out, int64_t run_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    CHECK_OK(ledger_query(scope,
                          "SELECT result FROM forecast_series WHERE run_id = $1 ORDER BY place",
                          BINDS(BIND_INT64(run_id)), &rows));
    while (rows_next(rows))
        add_lines(out, "series", rows_text(rows, 0));
    CHECK_OK(rows_end(rows));
}

// What the lake shows of the run: its figures and the cells of its tables, rows of series.
static void add_lake_rows(struct scope *scope, struct buffer *out, const char *sql,
                          int64_t run_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    CHECK_OK(lake_query(scope, sql, BINDS(BIND_INT64(run_id)), &rows));
    while (rows_next(rows)) {
        buffer_add_string(out, "in the lake:");
        for (size_t i = 0; i < rows_column_count(rows); i++)
            if (rows_is_null(rows, i))
                buffer_add_string(out, " -");
            else if (rows_column_type(rows, i) == ROW_DOUBLE)
                buffer_printf(out, " %.17g", rows_double(rows, i));
            else
                buffer_printf(out, " %.*s", TEXT_ARG(rows_text(rows, i)));
        buffer_add_char(out, '\n');
    }
    CHECK_OK(rows_end(rows));
}

static void add_lake(struct scope *scope, struct buffer *out, int64_t run_id) {
    CHECK_OK(lake_refresh(scope));
    add_lake_rows(scope, out,
                  "SELECT kind, name, value, number FROM analysis_figure WHERE run_id = $1 "
                  "ORDER BY name",
                  run_id);
    add_lake_rows(scope, out,
                  "SELECT table_name, row_number, column_name, value, number FROM analysis_cell "
                  "WHERE run_id = $1 ORDER BY table_name, row_number, column_name",
                  run_id);
    add_lake_rows(scope, out,
                  "SELECT metric, dimension, value, label, model, CAST(period AS TEXT) AS period, "
                  "actual, forecast, low_80, high_80, low_95, high_95 FROM forecast "
                  "WHERE run_id = $1 ORDER BY metric, dimension, value, label, period",
                  run_id);
}

static void add_run(struct scope *scope, struct buffer *out, const struct run *run) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct analysis_run kept;
    struct json_writer writer;
    struct json *parameters;
    bool found;

    CHECK_OK(json_parse_own(scope, text_of(run->parameters), &parameters));
    json_writer_init(&writer, &text);
    if (run->run(scope, 0, parameters, &writer) != OK)
        test_fail(__FILE__, __LINE__, "%s: %s (%s)", analysis_kind_name(run->kind),
                  scope->failure.message, scope->failure.detail);
    CHECK_OK(analysis_run_latest(scope, run->kind, &kept, &found));
    CHECK(found);
    add_lines(out, analysis_kind_name(run->kind), kept.parameters);
    add_lines(out, analysis_kind_name(run->kind), kept.result);
    add_scores(scope, out, run, kept.id);
    if (run->kind == ANALYSIS_FORECAST)
        add_series(scope, out, kept.id);
    add_lake(scope, out, kept.id);
}

// The watermark is the store's own.
static void blank_watermark(struct response *response) {
    char *found = strstr(buffer_string(&response->body), "\"watermark\":\"");

    if (found)
        for (found += strlen("\"watermark\":\""); *found != '"'; found++)
            *found = '-';
}

static void add_answer(struct scope *scope, struct buffer *out, const char *address) {
    struct request_parameter parameters[8];
    struct request request = {.method = METHOD_GET, .parameters = parameters};
    struct response response;
    struct text query;

    request.path = text_split(text_of(address), '?', &query);
    while (query.size > 0) {
        struct text value, parameter = text_split(query, '&', &query);
        const struct text name = text_split(parameter, '=', &value);

        parameters[request.parameter_count++] = (struct request_parameter){name, value};
    }
    response_init(&response);
    if (router_handle(scope, routes, route_count, &request, &response) != OK)
        test_fail(__FILE__, __LINE__, "%s: %s (%s)", address, scope->failure.message,
                  scope->failure.detail);
    blank_watermark(&response);
    add_lines(out, address, buffer_text(&response.body));
    response_clear(&response);
}

static void ask_all(struct scope *scope, struct buffer *out) {
    scope->actor.permissions = MAY_EVERYTHING;
    for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
        add_run(scope, out, &runs[i]);
    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
        add_answer(scope, out, addresses[i]);
}

// The numbers of personas go on from the run before: each begins anew.
static void forget_runs(struct scope *scope) {
    test_ledger_exec(scope, "DELETE FROM analysis_run; DELETE FROM analysis_score");
}

static void check_again(struct scope *scope, const char *name, const struct buffer *expected) {
    CLEANUP(buffer_clear) struct buffer found = {0};

    forget_runs(scope);
    ask_all(scope, &found);
    test_same_lines("at first", expected, name, &found);
}

// ---- the ways ----

static void use_one_core(struct scope *scope, const struct buffer *expected) {
    cpu_set_t all, one;

    CHECK(sched_getaffinity(0, sizeof(all), &all) == 0);
    CPU_ZERO(&one);
    for (size_t core = 0; CPU_COUNT(&one) == 0; core++)
        if (CPU_ISSET(core, &all))
            CPU_SET(core, &one);
    CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
    check_again(scope, "with one thread", expected);
    CHECK(sched_setaffinity(0, sizeof(all), &all) == 0);
}

// A changed row stands behind the others in its table.
static void move_rows(struct scope *scope) {
    test_ledger_exec(scope, "UPDATE sale SET till = till WHERE id % 3 = 0;"
                            "UPDATE sale_line SET coupon = coupon WHERE sale_id % 2 = 0;"
                            "UPDATE event SET name = name WHERE id % 3 = 1;"
                            "UPDATE customer SET name = name WHERE id % 2 = 0;"
                            "UPDATE product SET name = name WHERE id % 2 = 1");
}

static void add_segment(struct scope *scope, const char *name, const char *definition) {
    struct json *tree;

    CHECK_OK(json_parse_own(scope, text_of(definition), &tree));
    CHECK_OK(segment_create(scope, text_of(name), TEXT(""), tree));
}

TEST(every_analysis_says_the_same_to_the_last_digit_whoever_counts) {
    CLEANUP(buffer_clear) struct buffer expected = {0};
    CLEANUP(buffer_clear) struct buffer found = {0};
    struct scope *copy;

    test_sample_company(scope, 400, 0);
    add_segment(scope, "many", "{\"sales\": \"count\", \"operator\": \">=\", \"value\": 6}");
    add_segment(scope, "few", "{\"sales\": \"count\", \"operator\": \"<\", \"value\": 6}");
    copy = test_copy_to_postgresql(scope);
    ask_all(scope, &expected);
    check_again(scope, "once more", &expected);
    use_one_core(scope, &expected);
    ask_all(copy, &found);
    test_same_lines("DuckDB says", &expected, "PostgreSQL says", &found);
    move_rows(copy);
    check_again(copy, "PostgreSQL, with rows in another order", &expected);
}

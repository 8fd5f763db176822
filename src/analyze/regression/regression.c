// SPDX-License-Identifier: Apache-2.0
// Nothing is left to chance, so a run has no seed.
#include "analyze/regression/regression.h"

#include "analyze/kernel/multiple_tests.h"
#include "analyze/kernel/parallel.h"
#include "analyze/run/run.h"
#include "base/progress.h"
#include "base/time.h"
#include "store/job.h"
#include "store/lake.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

// ---- options ----

struct regression_request { // as it is written in JSON
    int of;
    struct text outcome;
    const struct json *drivers;
    struct text from, to;
    bool logarithm;
    double confidence_percent;
};

#define AT(member) offsetof(struct regression_request, member)
const struct json_field regression_request_fields[REGRESSION_FIELDS] = {
    {"of", JSON_FIELD_ENUM, AT(of), false, regression_units,
     "what one row is; receipts when nothing is said"},
    {"outcome", JSON_FIELD_TEXT, AT(outcome), false, NULL,
     "what is to be explained: a name of drivers/fields; spend when nothing is said"},
    {"drivers", JSON_FIELD_JSON, AT(drivers), false, NULL,
     "what it may go with: a list of names of drivers/fields, and of \"name:name\" where one "
     "may "
     "go with it differently by the other"},
    {"from", JSON_FIELD_TEXT, AT(from), false, NULL, "the first day; otherwise that of the data"},
    {"to", JSON_FIELD_TEXT, AT(to), false, NULL, "the last day; otherwise that of the data"},
    {"logarithm", JSON_FIELD_BOOL, AT(logarithm), false, NULL,
     "explain the logarithm of the outcome: effects are percentages then"},
    {"confidence_percent", JSON_FIELD_DOUBLE, AT(confidence_percent), false, NULL,
     "of intervals; 95 when nothing is said"},
};
#undef AT

static const struct regression_field *find_field(enum regression_unit unit, struct text name) {
    for (size_t i = 0; i < regression_field_count(unit); i++)
        if (text_is(name, regression_field_at(unit, i)->name))
            return regression_field_at(unit, i);
    return NULL;
}

static code unknown_field(struct scope *scope, enum regression_unit unit, const char *of,
                          struct text name) {
    CLEANUP(buffer_clear) struct buffer names = {0};
    const bool is_outcome = strcmp(of, "outcome") == 0;

    for (size_t i = 0; i < regression_field_count(unit); i++) {
        const struct regression_field *field = regression_field_at(unit, i);

        if (is_outcome ? field->can_be_outcome : field->can_be_driver)
            buffer_printf(&names, "%s%s", names.size > 0 ? ", " : "", field->name);
    }
    scope_fail_field(scope, INVALID, of, "%s have no %s \"%.*s\"", regression_units[unit], of,
                     TEXT_ARG(name));
    return scope_hint(scope, "there are: %s", buffer_string(&names));
}

// Its place among the drivers; a new one comes last.
static code place_driver(struct scope *scope, struct regression_options *options, struct text name,
                         size_t *ret_place) {
    const struct regression_field *field = find_field(options->unit, name);

    if (!field || !field->can_be_driver)
        return unknown_field(scope, options->unit, "drivers", name);
    if (field == options->outcome)
        return scope_fail_field(scope, INVALID, "drivers", "\"%s\" is what is to be explained",
                                field->name);
    for (size_t i = 0; i < options->driver_count; i++)
        if (options->drivers[i] == field) {
            *ret_place = i;
            return OK;
        }
    if (options->driver_count == REGRESSION_DRIVERS)
        return scope_fail_field(scope, INVALID, "drivers", "more than %d drivers",
                                REGRESSION_DRIVERS);
    *ret_place = options->driver_count;
    options->drivers[options->driver_count++] = field;
    return OK;
}

// An interaction brings its two drivers along: without them it says nothing that can be read.
static code add_interaction(struct scope *scope, struct regression_options *options,
                            struct text first, struct text second) {
    size_t *places = options->interactions[options->interaction_count];

    if (options->interaction_count == REGRESSION_INTERACTIONS)
        return scope_fail_field(scope, INVALID, "drivers", "more than %d interactions",
                                REGRESSION_INTERACTIONS);
    TRY(place_driver(scope, options, first, &places[0]));
    TRY(place_driver(scope, options, second, &places[1]));
    if (places[0] == places[1])
        return scope_fail_field(scope, INVALID, "drivers",
                                "\"%.*s\" cannot go differently by itself", TEXT_ARG(first));
    options->interaction_count++;
    return OK;
}

static code read_drivers(struct scope *scope, const struct json *list,
                         struct regression_options *options) {
    if (list->type != JSON_ARRAY)
        return scope_fail_field(scope, INVALID, "drivers", "drivers are a list of names");
    for (const struct json *item = list->first; item; item = item->next) {
        const struct text word = json_scalar_text(&scope->arena, item);
        struct text second;
        const struct text first = text_split(word, ':', &second);
        size_t place;

        if (text_contains(word, ':'))
            TRY(add_interaction(scope, options, text_trim(first), text_trim(second)));
        else
            TRY(place_driver(scope, options, text_trim(word), &place));
    }
    if (options->driver_count == 0)
        return scope_fail_field(scope, INVALID, "drivers", "there is no driver to look at");
    return OK;
}

// What a first look asks of either.
static code usual_drivers(struct scope *scope, struct regression_options *options) {
    static const char *const usual[][6] = {
        [REGRESSION_OF_RECEIPTS] = {"channel", "weekday", "known", "discount"},
        [REGRESSION_OF_CUSTOMERS] = {"channel", "tenure", "recency", "discount"},
    };
    size_t place;

    for (size_t i = 0; usual[options->unit][i]; i++) {
        const struct regression_field *field =
            find_field(options->unit, text_of(usual[options->unit][i]));

        if (field != options->outcome)
            TRY(place_driver(scope, options, text_of(field->name), &place));
    }
    return OK;
}

static code read_day(struct scope *scope, const char *field, struct text text, int32_t *ret_day) {
    if (text.size == 0)
        return OK;
    if (!day_parse(text, DATE_ORDER_YMD, ret_day) || *ret_day < -200000 || *ret_day > 1000000)
        return scope_fail_field(scope, INVALID, field, "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(text));
    return OK;
}

code regression_read_options(struct scope *scope, const struct json *object,
                             struct regression_options *ret_options) {
    struct regression_request request = {.outcome = TEXT("spend"), .confidence_percent = 95};
    struct regression_options options = {.from_day = REGRESSION_NO_DAY,
                                         .to_day = REGRESSION_NO_DAY};

    if (object != NULL)
        TRY(json_read_record(scope, object, regression_request_fields, REGRESSION_FIELDS,
                             &request));
    options.unit = (enum regression_unit)request.of;
    options.outcome = find_field(options.unit, request.outcome);
    if (!options.outcome || !options.outcome->can_be_outcome)
        return unknown_field(scope, options.unit, "outcome", request.outcome);
    if (request.drivers)
        TRY(read_drivers(scope, request.drivers, &options));
    else
        TRY(usual_drivers(scope, &options));
    TRY(read_day(scope, "from", request.from, &options.from_day));
    TRY(read_day(scope, "to", request.to, &options.to_day));
    if (options.from_day != REGRESSION_NO_DAY && options.to_day != REGRESSION_NO_DAY &&
        options.from_day > options.to_day)
        return scope_fail_field(scope, INVALID, "from", "the period ends before it begins");
    if (!(request.confidence_percent >= 50 && request.confidence_percent <= 99.99))
        return scope_fail_field(scope, INVALID, "confidence_percent",
                                "a confidence of %g percent is not 50 to 99.99",
                                request.confidence_percent);
    options.confidence_percent = request.confidence_percent;
    options.is_logarithmic = request.logarithm;
    *ret_options = options;
    return OK;
}

static void write_drivers(struct json_writer *writer, struct scope *scope,
                          const struct regression_options *options) {
    json_begin_array(writer);
    for (size_t i = 0; i < options->driver_count; i++)
        json_write_string(writer, options->drivers[i]->name);
    for (size_t i = 0; i < options->interaction_count; i++)
        json_write_text(writer, text_printf(&scope->arena, "%s:%s",
                                            options->drivers[options->interactions[i][0]]->name,
                                            options->drivers[options->interactions[i][1]]->name));
    json_end_array(writer);
}

struct text regression_options_json(struct scope *scope, const struct regression_options *options) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;
    char day[TIME_TEXT_SIZE];

    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    json_key(&writer, "of");
    json_write_string(&writer, regression_units[options->unit]);
    json_key(&writer, "outcome");
    json_write_string(&writer, options->outcome->name);
    json_key(&writer, "drivers");
    write_drivers(&writer, scope, options);
    if (options->from_day != REGRESSION_NO_DAY) {
        json_key(&writer, "from");
        json_write_string(&writer, day_format(options->from_day, day));
    }
    if (options->to_day != REGRESSION_NO_DAY) {
        json_key(&writer, "to");
        json_write_string(&writer, day_format(options->to_day, day));
    }
    json_key(&writer, "logarithm");
    json_write_bool(&writer, options->is_logarithmic);
    json_key(&writer, "confidence_percent");
    json_write_double(&writer, options->confidence_percent);
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&text));
}

code regression_start(struct scope *scope, const struct regression_options *options,
                      int64_t *ret_job_id) {
    return job_create(scope, "regression", TEXT("look for drivers"),
                      regression_options_json(scope, options), ret_job_id);
}

// ---- what a run works out ----

static void list_terms(struct regression_analysis *analysis) {
    for (size_t i = 0; i < analysis->options.driver_count; i++)
        analysis->terms[analysis->term_count++] = (struct regression_term){.columns = {i}};
    for (size_t i = 0; i < analysis->options.interaction_count; i++) {
        const size_t *places = analysis->options.interactions[i];

        analysis->terms[analysis->term_count++] =
            (struct regression_term){.columns = {places[0], places[1]}, .is_interaction = true};
    }
}

static code fit(struct scope *scope, struct regression_analysis *analysis) {
    const struct regression regression = {
        .row_count = analysis->table.row_count,
        .outcome = analysis->table.outcome,
        .columns = analysis->table.columns,
        .column_count = analysis->options.driver_count,
        .terms = analysis->terms,
        .term_count = analysis->term_count,
    };
    double *p;

    progress_report(scope->progress, "fitting", 0, 0, "rows");
    if (analysis->table.row_count == 0) {
        scope_fail(scope, INVALID, "no row states all that is asked for (%" PRId64 " do not)",
                   analysis->table.incomplete_count + analysis->table.not_positive_count);
        return scope_hint(scope, "leave the drivers out that are rarely known");
    }
    TRY(regression_fit(scope, &regression, analysis->options.confidence_percent / 100,
                       parallel_threads(0), &analysis->fit));
    p = arena_array(&scope->arena, analysis->fit.column_count, sizeof(*p));
    for (size_t j = 0; j < analysis->fit.column_count; j++)
        p[j] = j == 0 ? NAN : analysis->fit.coefficients[j].robust_p;
    analysis->discoveries = arena_array(&scope->arena, analysis->fit.column_count, sizeof(*p));
    false_discovery_adjust(scope, p, analysis->fit.column_count, analysis->discoveries);
    return OK;
}

// ---- correlations ----

enum { CORRELATED_ROWS = 1000000 }; // of more rows every so many are taken

struct variables {
    size_t count, row_count;
    size_t places[REGRESSION_DRIVERS + 1]; // 0: the outcome, 1 + that of a driver
    double *values[REGRESSION_DRIVERS + 1];
    double *ranks[REGRESSION_DRIVERS + 1];
};

static void add_variable(struct scope *scope, struct variables *variables, size_t place,
                         const double *values, size_t row_count) {
    const size_t step = (row_count + CORRELATED_ROWS - 1) / CORRELATED_ROWS;
    double *chosen, *ranks;

    variables->row_count = (row_count - 1) / step + 1;
    chosen = arena_array(&scope->arena, variables->row_count, sizeof(*chosen));
    ranks = arena_array(&scope->arena, variables->row_count, sizeof(*ranks));
    for (size_t i = 0; i < variables->row_count; i++)
        chosen[i] = values[i * step];
    variables->places[variables->count] = place;
    variables->values[variables->count] = chosen;
    variables->ranks[variables->count++] = ranks;
}

static struct correlation of_pair(const struct variables *variables, size_t a, size_t b,
                                  bool of_ranks, double confidence) {
    return of_ranks ? correlation_of_ranks(variables->ranks[a], variables->ranks[b],
                                           variables->row_count, confidence)
                    : correlation_of(variables->values[a], variables->values[b],
                                     variables->row_count, confidence);
}

static void adjust(struct scope *scope, struct regression_analysis *analysis) {
    const size_t count = analysis->correlation_count;
    double *p = arena_array(&scope->arena, count, sizeof(*p));
    double *q = arena_array(&scope->arena, count, sizeof(*q));

    for (size_t i = 0; i < count; i++)
        p[i] = analysis->correlations[i].pearson.p;
    false_discovery_adjust(scope, p, count, q);
    for (size_t i = 0; i < count; i++) {
        analysis->correlations[i].pearson_q = q[i];
        p[i] = analysis->correlations[i].spearman.p;
    }
    false_discovery_adjust(scope, p, count, q);
    for (size_t i = 0; i < count; i++)
        analysis->correlations[i].spearman_q = q[i];
}

static code correlate(struct scope *scope, struct regression_analysis *analysis) {
    const struct regression_table *table = &analysis->table;
    const double confidence = analysis->options.confidence_percent / 100;
    struct variables variables = {0};
    size_t count = 0;

    progress_report(scope->progress, "correlating", 0, 0, "pairs");
    add_variable(scope, &variables, 0, table->outcome, table->row_count);
    for (size_t i = 0; i < analysis->options.driver_count; i++)
        if (table->columns[i].numbers)
            add_variable(scope, &variables, 1 + i, table->columns[i].numbers, table->row_count);
    for (size_t i = 0; i < variables.count && variables.count > 1; i++)
        correlation_ranks(scope, variables.values[i], variables.row_count, variables.ranks[i]);
    analysis->correlations = arena_array(&scope->arena, variables.count * variables.count,
                                         sizeof(*analysis->correlations));
    for (size_t a = 0; a < variables.count; a++)
        for (size_t b = a + 1; b < variables.count; b++) {
            TRY(scope_check(scope));
            analysis->correlations[count++] = (struct regression_correlation){
                .variables = {variables.places[a], variables.places[b]},
                .pearson = of_pair(&variables, a, b, false, confidence),
                .spearman = of_pair(&variables, a, b, true, confidence),
            };
        }
    analysis->correlation_count = count;
    analysis->correlation_rows = variables.row_count;
    adjust(scope, analysis);
    return OK;
}

// ---- the job ----

static code keep(struct scope *scope, const struct regression_analysis *analysis, int64_t job_id,
                 struct analysis_run *run) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    const struct analysis_scores nobody = {0};
    struct json_writer writer;

    json_writer_init(&writer, &text);
    regression_write(scope, &writer, analysis);
    *run = (struct analysis_run){
        .kind = ANALYSIS_REGRESSION,
        .version = REGRESSION_VERSION,
        .as_of_day = analysis->table.last_day,
        .change_id = analysis->change_id,
        .parameters = regression_options_json(scope, &analysis->options),
        .result = text_copy(&scope->arena, buffer_text(&text)),
        .job_id = job_id,
    };
    return analysis_run_keep(scope, run, &nobody);
}

code regression_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                    struct json_writer *result) {
    struct regression_analysis analysis = {0};
    struct analysis_run run;

    TRY(regression_read_options(scope, parameters, &analysis.options));
    progress_report(scope->progress, "reading", 0, 0, "rows");
    TRY(lake_snapshot_begin(scope, &analysis.change_id));
    TRY(lake_snapshot_end(scope, regression_read(scope, &analysis.options, &analysis.table)));
    list_terms(&analysis);
    TRY(fit(scope, &analysis));
    TRY(correlate(scope, &analysis));
    TRY(keep(scope, &analysis, job_id, &run));
    json_begin_object(result);
    json_key(result, "run_id");
    json_write_text(result, text_printf(&scope->arena, "%" PRId64, run.id));
    json_key(result, "rows");
    json_write_int64(result, (int64_t)analysis.table.row_count);
    json_key(result, "r_squared");
    json_write_double(result, analysis.fit.r_squared);
    json_end_object(result);
    return OK;
}

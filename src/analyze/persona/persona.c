// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/persona.h"

#include "analyze/kernel/parallel.h"
#include "analyze/run/run.h"
#include "base/progress.h"
#include "base/time.h"
#include "persona_sql.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    MOVES_DAYS = 90,
    ALWAYS = 200000, // days before the first one: sales of all times
    STARTS = 10,     // of the grouping of all customers
    STARTS_MANY = 3, // the same of very many
    MANY = 200000,
    NAME_BYTES_MOST = 80,
};
static const double same_persona = 0.3; // the share of both that is enough to be the same

// ---- options ----

struct persona_request { // as it is written in JSON
    struct text as_of, before, features;
    int64_t window_days, k, k_most, seed;
    int method;
    bool frozen;
};

static const char *const methods[] = {"k_means", "gaussian_mixture", NULL};

#define AT(member) offsetof(struct persona_request, member)
const struct json_field persona_fields[PERSONA_FIELDS] = {
    {"as_of", JSON_FIELD_TEXT, AT(as_of), false, NULL,
     "the last day whose sales count; otherwise that of the last sale"},
    {"before", JSON_FIELD_TEXT, AT(before), false, NULL,
     "the day that moves between personas are counted from; otherwise 90 days earlier"},
    {"window_days", JSON_FIELD_INT64, AT(window_days), false, NULL,
     "sales of so many days count; 0, and when nothing is said: all"},
    {"features", JSON_FIELD_TEXT, AT(features), false, NULL,
     "what customers are grouped by, with commas between: recency, receipts, spend, "
     "average_receipt, lines, tenure, discount_share, return_share, channels, categories; "
     "recency,receipts,spend when nothing is said"},
    {"method", JSON_FIELD_ENUM, AT(method), false, methods, "k_means when nothing is said"},
    {"personas", JSON_FIELD_INT64, AT(k), false, NULL,
     "how many; 0, and when nothing is said: chosen"},
    {"most", JSON_FIELD_INT64, AT(k_most), false, NULL,
     "the largest number that is tried; 8 when nothing is said"},
    {"seed", JSON_FIELD_INT64, AT(seed), false, NULL, "of what is drawn; 1 when nothing is said"},
    {"frozen", JSON_FIELD_BOOL, AT(frozen), false, NULL,
     "keep the model of the latest run, and only say who belongs where now; features, method and "
     "numbers are the model's"},
};
#undef AT

static code check_request(struct scope *scope, const struct persona_request *request) {
    if (request->window_days < 0 || request->window_days > 36500)
        return scope_fail_field(scope, INVALID, "window_days",
                                "%" PRId64 " days are not 0 to 36500", request->window_days);
    if (request->k < 0 || request->k > PERSONA_K_MOST)
        return scope_fail_field(scope, INVALID, "personas", "%" PRId64 " personas are not 0 to %d",
                                request->k, PERSONA_K_MOST);
    if (request->k_most < 2 || request->k_most > PERSONA_K_MOST)
        return scope_fail_field(scope, INVALID, "most", "%" PRId64 " personas are not 2 to %d",
                                request->k_most, PERSONA_K_MOST);
    return OK;
}

static code read_day(struct scope *scope, const char *field, struct text text, int32_t *ret_day) {
    if (text.size > 0 && !day_parse(text, DATE_ORDER_YMD, ret_day))
        return scope_fail_field(scope, INVALID, field, "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(text));
    return OK;
}

code persona_read_options(struct scope *scope, const struct json *object,
                          struct persona_options *ret_options) {
    struct persona_options options = {.as_of_day = PERSONA_LAST_DAY,
                                      .before_day = PERSONA_LAST_DAY};
    struct persona_request request = {
        .features = TEXT("recency,receipts,spend"), .k_most = 8, .seed = 1};

    if (object != NULL)
        TRY(json_read_record(scope, object, persona_fields, PERSONA_FIELDS, &request));
    TRY(check_request(scope, &request));
    TRY(read_day(scope, "as_of", request.as_of, &options.as_of_day));
    TRY(read_day(scope, "before", request.before, &options.before_day));
    TRY(persona_features_parse(scope, request.features, &options.features));
    options.window_days = request.window_days;
    options.method = (enum persona_method)request.method;
    options.k = request.k;
    options.k_most = request.k_most;
    options.seed = request.seed;
    options.frozen = request.frozen;
    *ret_options = options;
    return OK;
}

static struct text feature_names(struct scope *scope, uint32_t features) {
    CLEANUP(buffer_clear) struct buffer text = {0};

    for (int i = 0; i < PERSONA_MEASURES; i++)
        if (features & 1u << i)
            buffer_printf(&text, "%s%s", text.size > 0 ? "," : "", persona_features[i].name);
    return text_copy(&scope->arena, buffer_text(&text));
}

static struct text options_json(struct scope *scope, const struct persona_options *options) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct persona_request request = {.window_days = options->window_days,
                                      .features = feature_names(scope, options->features),
                                      .k = options->k,
                                      .k_most = options->k_most,
                                      .seed = options->seed,
                                      .method = (int)options->method,
                                      .frozen = options->frozen};
    struct json_writer writer;
    char as_of[TIME_TEXT_SIZE], before[TIME_TEXT_SIZE];

    if (options->as_of_day != PERSONA_LAST_DAY)
        request.as_of = text_of(day_format(options->as_of_day, as_of));
    if (options->before_day != PERSONA_LAST_DAY)
        request.before = text_of(day_format(options->before_day, before));
    json_writer_init(&writer, &text);
    json_write_record(&writer, persona_fields, PERSONA_FIELDS, &request);
    return text_copy(&scope->arena, buffer_text(&text));
}

code persona_start(struct scope *scope, const struct persona_options *options,
                   int64_t *ret_job_id) {
    return job_create(scope, "persona",
                      options->frozen ? TEXT("assign customers to personas")
                                      : TEXT("find personas"),
                      options_json(scope, options), ret_job_id);
}

// ---- names ----

code persona_rename(struct scope *scope, int64_t number, struct text name) {
    const struct text trimmed = text_trim(name);

    if (trimmed.size > NAME_BYTES_MOST)
        return scope_fail_field(scope, INVALID, "name", "a name of %zu bytes is longer than %d",
                                trimmed.size, NAME_BYTES_MOST);
    TRY(ledger_begin(scope));
    if (trimmed.size == 0)
        return ledger_end(scope, ledger_exec(scope, sql_persona_unname, BINDS(BIND_INT64(number))));
    return ledger_end(
        scope, ledger_exec(scope, sql_persona_rename,
                           BINDS(BIND_INT64(number), BIND_TEXT(trimmed),
                                 BIND_STRING(scope->actor.name), BIND_INT64(time_now_us()))));
}

code persona_names_read(struct scope *scope, struct persona_names *ret_names) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct persona_names names = {
        .numbers = arena_array(&scope->arena, PERSONA_NUMBERS_MOST, sizeof(int64_t)),
        .names = arena_array(&scope->arena, PERSONA_NUMBERS_MOST, sizeof(struct text)),
    };

    TRY(ledger_query(scope, sql_persona_names, NO_BINDS, &rows));
    while (rows_next(rows) && names.count < PERSONA_NUMBERS_MOST) {
        names.numbers[names.count] = rows_int64(rows, 0);
        names.names[names.count++] = text_copy(&scope->arena, rows_text(rows, 1));
    }
    TRY(rows_end(rows));
    *ret_names = names;
    return OK;
}

struct text persona_name_of(const struct persona_names *names, int64_t number) {
    for (size_t i = 0; i < names->count; i++)
        if (names->numbers[i] == number)
            return names->names[i];
    return (struct text){0};
}

// ---- reading ----

static code choose_days(struct scope *scope, struct persona *persona) {
    const struct persona_options *options = &persona->options;
    const int32_t window =
        (int32_t)(persona->model.window_days > 0 ? persona->model.window_days : ALWAYS);
    int32_t end, before;

    TRY(persona_days(scope, &persona->first_day, &persona->last_day));
    end = options->as_of_day == PERSONA_LAST_DAY ? persona->last_day : options->as_of_day;
    before = options->before_day == PERSONA_LAST_DAY ? end - MOVES_DAYS : options->before_day;
    if (end < persona->first_day)
        return scope_fail_field(scope, INVALID, "as_of",
                                "no known customer had bought anything by that day");
    if (before >= end)
        return scope_fail_field(scope, INVALID, "before",
                                "moves are counted from a day before that of the personas");
    persona->span = (struct persona_span){end, end - window};
    persona->before = (struct persona_span){before, before - window};
    return OK;
}

static code read_model(struct scope *scope, const struct analysis_run *run,
                       struct persona_model *ret_model) {
    struct json *result;

    TRY(json_parse_own(scope, run->result, &result));
    return persona_model_read(scope, json_member(result, "model"), ret_model);
}

// A model that is found now, or the frozen one.
static code begin_model(struct scope *scope, struct persona *persona) {
    struct analysis_run latest;
    bool found;

    if (persona->options.frozen) {
        TRY(analysis_run_latest(scope, ANALYSIS_PERSONA, &latest, &found));
        if (!found)
            return scope_fail_field(scope, INVALID, "frozen",
                                    "there is no model yet that could be frozen");
        return read_model(scope, &latest, &persona->model);
    }
    persona->model.method = persona->options.method;
    persona->model.features = persona->options.features;
    persona->model.window_days = persona->options.window_days;
    return OK;
}

static code check_data(struct scope *scope, const struct persona *persona) {
    const size_t count = persona->data.count;

    if (count == 0)
        return scope_fail(scope, INVALID, "no known customer bought anything in these days");
    if (persona->model.columns.count == 0) {
        scope_fail(scope, INVALID, "%zu customer%s not differ in what they are grouped by", count,
                   count == 1 ? " does" : "s do");
        return scope_hint(scope, "choose other features");
    }
    if (persona->options.k > (int64_t)count)
        return scope_fail_field(scope, INVALID, "personas",
                                "%zu customers cannot be %" PRId64 " personas", count,
                                persona->options.k);
    return OK;
}

static code read_all(struct scope *scope, struct persona *persona) {
    progress_report(scope->progress, "reading customers", 0, 0, "customers");
    TRY(begin_model(scope, persona));
    TRY(choose_days(scope, persona));
    TRY(persona_currency(scope, persona->span, &persona->currency));
    if (!persona->options.frozen)
        TRY(persona_columns(scope, persona->model.features, persona->span,
                            &persona->model.columns));
    TRY(persona_data_read(scope, &persona->model.columns, persona->span, PERSONA_WITH_MEASURES,
                          &persona->data));
    if (!persona->options.frozen)
        persona_model_scale(scope, &persona->model, &persona->data, persona->dropped);
    TRY(check_data(scope, persona));
    TRY(persona_data_read(scope, &persona->model.columns, persona->before, PERSONA_VALUES,
                          &persona->earlier));
    persona->points = persona_model_points(scope, &persona->model, &persona->data);
    return OK;
}

// ---- grouping ----

// Groups that nobody belongs to are no personas.
static size_t drop_empty(struct k_means *fit, size_t count) {
    uint32_t moved[K_MEANS_K_MOST];
    size_t kept = 0;

    for (size_t c = 0; c < fit->k; c++) {
        moved[c] = (uint32_t)kept;
        if (fit->sizes[c] == 0)
            continue;
        memmove(fit->centres + kept * fit->dimensions, fit->centres + c * fit->dimensions,
                fit->dimensions * sizeof(double));
        kept++;
    }
    for (size_t i = 0; i < count; i++)
        fit->labels[i] = moved[fit->labels[i]];
    return kept;
}

static code group(struct scope *scope, struct persona *persona, int threads) {
    struct persona_model *model = &persona->model;
    const struct points *points = &persona->points;
    struct k_means fit;

    progress_report(scope->progress, "grouping", 0, 0, "customers");
    TRY(k_means_fit(scope, points,
                    &(struct k_means_options){.k = model->k,
                                              .seed = (uint64_t)persona->options.seed,
                                              .starts = points->count > MANY ? STARTS_MANY : STARTS,
                                              .threads = threads},
                    &fit));
    model->k = drop_empty(&fit, points->count);
    model->centres = fit.centres;
    persona->inertia = fit.inertia;
    persona->iterations = fit.iterations;
    persona->converged = fit.converged;
    if (model->method == PERSONA_K_MEANS)
        return OK;
    TRY(gaussian_mixture_fit(
        scope, points,
        &(struct gaussian_mixture_options){.k = model->k, .labels = fit.labels, .threads = threads},
        &model->mixture));
    model->centres = model->mixture.means;
    persona->mean_log_likelihood = model->mixture.mean_log_likelihood;
    persona->iterations = model->mixture.iterations;
    persona->converged = model->mixture.converged;
    return OK;
}

static code assign_earlier(struct scope *scope, struct persona *persona, int threads) {
    const struct points points = persona_model_points(scope, &persona->model, &persona->earlier);
    double *certainty = arena_array(&scope->arena, points.count + 1, sizeof(double));

    return persona_model_assign(scope, &persona->model, &points, threads, persona->earlier_labels,
                                certainty);
}

static code assign(struct scope *scope, struct persona *persona, int threads) {
    struct arena_mark mark;
    code result;

    persona->labels = arena_array(&scope->arena, persona->data.count, sizeof(uint32_t));
    persona->certainty = arena_array(&scope->arena, persona->data.count, sizeof(double));
    persona->earlier_labels =
        arena_array(&scope->arena, persona->earlier.count + 1, sizeof(uint32_t));
    TRY(persona_model_assign(scope, &persona->model, &persona->points, threads, persona->labels,
                             persona->certainty));
    mark = arena_mark(&scope->arena);
    result = assign_earlier(scope, persona, threads);
    arena_rewind(&scope->arena, mark);
    return result;
}

// ---- numbers: a group that is mostly a persona of before is that persona ----

struct overlap {
    size_t count;
    int64_t numbers[PERSONA_K_MOST];              // personas of before
    int64_t before[PERSONA_K_MOST];               // their customers
    int64_t both[PERSONA_K_MOST][PERSONA_K_MOST]; // of group and persona
    int64_t size[PERSONA_K_MOST];                 // of the group, of customers not in doubt
};

static void count_both(const struct persona *persona, int64_t customer, int64_t number,
                       struct overlap *overlap) {
    const size_t i = persona_place(&persona->data, customer);
    size_t old = 0;

    if (number == 0) { // nothing is known of this customer's persona of before
        if (i != SIZE_MAX)
            overlap->size[persona->labels[i]]--;
        return;
    }
    while (old < overlap->count && overlap->numbers[old] != number)
        old++;
    if (old == PERSONA_K_MOST)
        return;
    if (old == overlap->count)
        overlap->numbers[overlap->count++] = number;
    overlap->before[old]++;
    if (i != SIZE_MAX)
        overlap->both[persona->labels[i]][old]++;
}

static code read_overlap(struct scope *scope, const struct persona *persona, int64_t run_id,
                         struct overlap *overlap) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    for (size_t i = 0; i < persona->data.count; i++)
        overlap->size[persona->labels[i]]++;
    TRY(lake_query(scope, sql_persona_assigned, BINDS(BIND_INT64(run_id)), &rows));
    while (rows_next(rows))
        count_both(persona, rows_int64(rows, 0), rows_int64(rows, 1), overlap);
    return rows_end(rows);
}

static double likeness(const struct overlap *overlap, size_t group, size_t old) {
    const int64_t both = overlap->both[group][old];

    return (double)both / (double)(overlap->size[group] + overlap->before[old] - both);
}

// The pair that is most alike, then the next one: of equals the smaller number.
static void match_numbers(struct persona_model *model, const struct overlap *overlap) {
    bool is_taken[PERSONA_K_MOST] = {0};

    for (;;) {
        size_t best_group = 0, best_old = 0;
        double best = same_persona;

        for (size_t group = 0; group < model->k; group++)
            for (size_t old = 0; old < overlap->count && model->numbers[group] == 0; old++)
                if (!is_taken[old] &&
                    (likeness(overlap, group, old) > best ||
                     (likeness(overlap, group, old) == best && best > same_persona &&
                      overlap->numbers[old] < overlap->numbers[best_old]))) {
                    best = likeness(overlap, group, old);
                    best_group = group;
                    best_old = old;
                }
        if (best == same_persona)
            return;
        is_taken[best_old] = true;
        model->numbers[best_group] = overlap->numbers[best_old];
    }
}

// The others get new numbers, the group that spends most the first one.
static void add_numbers(struct persona *persona) {
    struct persona_model *model = &persona->model;
    double spend[PERSONA_K_MOST] = {0}, size[PERSONA_K_MOST] = {0};

    for (size_t i = 0; i < persona->data.count; i++) {
        spend[persona->labels[i]] += persona->data.measures[i * PERSONA_CHANNELS + PERSONA_SPEND];
        size[persona->labels[i]]++;
    }
    for (;;) {
        size_t best = model->k;

        for (size_t c = 0; c < model->k; c++)
            if (model->numbers[c] == 0 &&
                (best == model->k ||
                 spend[c] / fmax(1, size[c]) > spend[best] / fmax(1, size[best])))
                best = c;
        if (best == model->k)
            return;
        model->numbers[best] = ++model->last_number;
    }
}

// A model that cannot be read gave no numbers but those that its run's scores show.
static code number_groups(struct scope *scope, struct persona *persona) {
    struct overlap overlap = {0};
    struct persona_model model = {0};
    struct analysis_run latest;
    bool found;

    TRY(analysis_run_latest(scope, ANALYSIS_PERSONA, &latest, &found));
    if (found) {
        if (read_model(scope, &latest, &model) != OK) {
            if (scope->failure.code != INVALID)
                return scope->failure.code;
            scope_forgive(scope);
        }
        TRY(read_overlap(scope, persona, latest.id, &overlap));
    }
    persona->model.last_number = model.last_number;
    for (size_t old = 0; old < overlap.count; old++)
        if (overlap.numbers[old] > persona->model.last_number)
            persona->model.last_number = overlap.numbers[old];
    match_numbers(&persona->model, &overlap);
    add_numbers(persona);
    return OK;
}

// ---- scores ----

static void score(struct scope *scope, struct persona *persona) {
    const struct persona_data *data = &persona->data;

    for (size_t k = 0; k < 3; k++)
        persona->scores[k] = arena_array(&scope->arena, data->count, sizeof(int64_t));
    for (size_t i = 0; i < data->count; i++) {
        const size_t earlier = persona_place(&persona->earlier, data->customers[i]);

        persona->scores[0][i] = persona->model.numbers[persona->labels[i]] * 1000000;
        persona->scores[1][i] = llround(persona->certainty[i] * 1e6);
        persona->scores[2][i] =
            earlier == SIZE_MAX
                ? ANALYSIS_UNKNOWN
                : persona->model.numbers[persona->earlier_labels[earlier]] * 1000000;
    }
}

// ---- the job ----

static code keep(struct scope *scope, const struct persona *persona, struct text result,
                 int64_t job_id, struct analysis_run *run) {
    const struct analysis_scores scores = {
        .count = persona->data.count,
        .customers = persona->data.customers,
        .value_count = 3,
        .values = {persona->scores[0], persona->scores[1], persona->scores[2]},
    };
    *run = (struct analysis_run){
        .kind = ANALYSIS_PERSONA,
        .version = PERSONA_VERSION,
        .as_of_day = persona->span.end_day,
        .seed = persona->options.seed,
        .change_id = persona->change_id,
        .parameters = options_json(scope, &persona->options),
        .result = text_copy(&scope->arena, result),
        .job_id = job_id,
    };
    return analysis_run_keep(scope, run, &scores);
}

// What is told of a persona is read once it is known who belongs to it.
static code work_out(struct scope *scope, struct persona *persona, int threads,
                     struct buffer *text) {
    struct json_writer writer;

    TRY(read_all(scope, persona));
    if (!persona->options.frozen) {
        TRY(persona_choose(scope, persona, threads));
        TRY(group(scope, persona, threads));
    }
    TRY(assign(scope, persona, threads));
    if (!persona->options.frozen)
        TRY(number_groups(scope, persona));
    score(scope, persona);
    json_writer_init(&writer, text);
    return persona_write(scope, &writer, persona);
}

code persona_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                 struct json_writer *result) {
    CLEANUP(buffer_clear) struct buffer dropped = {0}, text = {0};
    struct persona persona = {.dropped = &dropped};
    struct analysis_run run;

    TRY(persona_read_options(scope, parameters, &persona.options));
    TRY(lake_snapshot_begin(scope, &persona.change_id));
    TRY(lake_snapshot_end(scope, work_out(scope, &persona, parallel_threads(0), &text)));
    TRY(keep(scope, &persona, buffer_text(&text), job_id, &run));
    json_begin_object(result);
    json_key(result, "run_id");
    json_write_text(result, text_printf(&scope->arena, "%" PRId64, run.id));
    json_key(result, "customers");
    json_write_int64(result, run.customer_count);
    json_key(result, "personas");
    json_write_int64(result, (int64_t)persona.model.k);
    json_end_object(result);
    return OK;
}

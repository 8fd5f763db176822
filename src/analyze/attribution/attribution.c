// SPDX-License-Identifier: Apache-2.0
// Nothing is left to chance, so a run has no seed.
#include "analyze/attribution/attribution.h"

#include "analyze/attribution/touchpoint.h"
#include "analyze/kernel/parallel.h"
#include "analyze/run/run.h"
#include "base/progress.h"
#include "base/time.h"
#include "store/job.h"
#include "store/lake.h"

#include <inttypes.h>
#include <math.h>

enum { DAYS_BY_DEFAULT = 365, LOOK_BACK_MOST = 365, PERIOD_MOST = 3660 };

// ---- options ----

struct attribution_request { // as it is written in JSON
    struct text from, until;
    int64_t look_back_days, order;
    int conversions;
    bool with_nulls;
    double half_life_days, half_life_touches;
    const struct json *costs;
};

#define AT(member) offsetof(struct attribution_request, member)
const struct json_field attribution_fields[ATTRIBUTION_FIELDS] = {
    {"from", JSON_FIELD_TEXT, AT(from), false, NULL,
     "the first day whose sales count; otherwise a year before the last, or the first touch"},
    {"until", JSON_FIELD_TEXT, AT(until), false, NULL,
     "the last day whose sales count; otherwise that of the last sale"},
    {"look_back_days", JSON_FIELD_INT64, AT(look_back_days), false, NULL,
     "days for which a touch counts, 1 to 365; 30 when nothing is said"},
    {"conversions", JSON_FIELD_ENUM, AT(conversions), false, journey_conversion_names,
     "which sales count: \"all\", the \"first\" of each customer in the period, or of \"new\" "
     "customers the first"},
    {"order", JSON_FIELD_INT64, AT(order), false, NULL,
     "touches that the Markov chain remembers, 1 to 3; 1 when nothing is said"},
    {"with_nulls", JSON_FIELD_BOOL, AT(with_nulls), false, NULL,
     "whether the chain knows journeys without a sale; true when nothing is said"},
    {"half_life_days", JSON_FIELD_DOUBLE, AT(half_life_days), false, NULL,
     "days in which a touch fades by half; 7 when nothing is said"},
    {"half_life_touches", JSON_FIELD_DOUBLE, AT(half_life_touches), false, NULL,
     "touches in which one fades by half; 7 when nothing is said"},
    {"costs", JSON_FIELD_JSON, AT(costs), false, NULL,
     "what channels cost in the period: [{\"channel\": \"email\", \"cost\": 120.5}, …]; of others "
     "what was noted down"},
};
#undef AT

struct attribution_options attribution_default_options(void) {
    return (struct attribution_options){
        .journeys = {.from_day = ATTRIBUTION_NO_DAY,
                     .until_day = ATTRIBUTION_NO_DAY,
                     .look_back_days = 30,
                     .half_life_days = 7},
        .rules = rule_default_options(),
        .order = 1,
        .with_nulls = true,
    };
}

static code check_request(struct scope *scope, const struct attribution_request *request) {
    if (request->look_back_days < 1 || request->look_back_days > LOOK_BACK_MOST)
        return scope_fail_field(scope, INVALID, "look_back_days",
                                "%" PRId64 " days are not 1 to %d", request->look_back_days,
                                LOOK_BACK_MOST);
    if (request->order < 1 || request->order > MARKOV_ORDER_MOST)
        return scope_fail_field(scope, INVALID, "order", "an order of %" PRId64 " is not 1 to %d",
                                request->order, MARKOV_ORDER_MOST);
    if (!(request->half_life_days >= 0.01 && request->half_life_days <= 3650))
        return scope_fail_field(scope, INVALID, "half_life_days",
                                "a half-life of %g days is not 0.01 to 3650",
                                request->half_life_days);
    if (!(request->half_life_touches >= 0.01 && request->half_life_touches <= 1000))
        return scope_fail_field(scope, INVALID, "half_life_touches",
                                "a half-life of %g touches is not 0.01 to 1000",
                                request->half_life_touches);
    return OK;
}

static code read_day(struct scope *scope, const char *field, struct text written,
                     int32_t *ret_day) {
    if (written.size > 0 && !day_parse(written, DATE_ORDER_YMD, ret_day))
        return scope_fail_field(scope, INVALID, field, "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(written));
    return OK;
}

static const struct json_field cost_fields[] = {
    {"channel", JSON_FIELD_TEXT, offsetof(struct channel_cost, channel), true, NULL, "its name"},
    {"cost", JSON_FIELD_DOUBLE, offsetof(struct channel_cost, cost), true, NULL, "its cost"},
};

static code read_cost(struct scope *scope, const struct json *item,
                      struct attribution_options *options) {
    struct channel_cost cost = {0};

    TRY(json_read_record(scope, item, cost_fields, 2, &cost));
    cost.channel = text_trim(cost.channel);
    if (cost.channel.size == 0 || cost.channel.size > 200)
        return scope_fail_field(scope, INVALID, "costs", "a cost is that of no channel");
    if (!(cost.cost >= 0 && cost.cost <= 1e12))
        return scope_fail_field(scope, INVALID, "costs",
                                "a cost of %g of \"%.*s\" is not 0 to 10¹²", cost.cost,
                                TEXT_ARG(cost.channel));
    for (size_t i = 0; i < options->cost_count; i++)
        if (text_equal(options->costs[i].channel, cost.channel))
            return scope_fail_field(scope, INVALID, "costs", "\"%.*s\" has two costs",
                                    TEXT_ARG(cost.channel));
    cost.channel = text_copy(&scope->arena, cost.channel);
    options->costs[options->cost_count++] = cost;
    return OK;
}

static code read_costs(struct scope *scope, const struct json *list,
                       struct attribution_options *options) {
    if (list == NULL || list->type == JSON_NULL)
        return OK;
    if (list->type != JSON_ARRAY || list->count > ATTRIBUTION_COSTS)
        return scope_fail_field(scope, INVALID, "costs",
                                "costs are no list of up to %d channels with a cost",
                                ATTRIBUTION_COSTS);
    options->costs = arena_array(&scope->arena, list->count, sizeof(*options->costs));
    for (const struct json *item = list->first; item != NULL; item = item->next)
        TRY(read_cost(scope, item, options));
    return OK;
}

code attribution_read_options(struct scope *scope, const struct json *object,
                              struct attribution_options *ret_options) {
    struct attribution_options options = attribution_default_options();
    struct attribution_request request = {
        .look_back_days = options.journeys.look_back_days,
        .order = options.order,
        .with_nulls = options.with_nulls,
        .half_life_days = options.journeys.half_life_days,
        .half_life_touches = options.rules.half_life_touches,
    };

    if (object != NULL)
        TRY(json_read_record(scope, object, attribution_fields, ATTRIBUTION_FIELDS, &request));
    TRY(check_request(scope, &request));
    TRY(read_day(scope, "from", request.from, &options.journeys.from_day));
    TRY(read_day(scope, "until", request.until, &options.journeys.until_day));
    TRY(read_costs(scope, request.costs, &options));
    options.journeys.look_back_days = request.look_back_days;
    options.journeys.conversions = (enum journey_conversions)request.conversions;
    options.journeys.half_life_days = request.half_life_days;
    options.rules.half_life_touches = request.half_life_touches;
    options.order = (int)request.order;
    options.with_nulls = request.with_nulls;
    *ret_options = options;
    return OK;
}

// ---- as JSON again ----

static void write_day(struct json_writer *writer, const char *key, int32_t day) {
    char text[TIME_TEXT_SIZE];

    if (day == ATTRIBUTION_NO_DAY)
        return;
    json_key(writer, key);
    json_write_string(writer, day_format(day, text));
}

static void write_costs(struct json_writer *writer, const struct attribution_options *options) {
    json_key(writer, "costs");
    json_begin_array(writer);
    for (size_t i = 0; i < options->cost_count; i++)
        json_write_record(writer, cost_fields, 2, &options->costs[i]);
    json_end_array(writer);
}

static struct text options_json(struct scope *scope, const struct attribution_options *options) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;

    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    write_day(&writer, "from", options->journeys.from_day);
    write_day(&writer, "until", options->journeys.until_day);
    json_key(&writer, "look_back_days");
    json_write_int64(&writer, options->journeys.look_back_days);
    json_key(&writer, "conversions");
    json_write_string(&writer, journey_conversion_names[options->journeys.conversions]);
    json_key(&writer, "order");
    json_write_int64(&writer, options->order);
    json_key(&writer, "with_nulls");
    json_write_bool(&writer, options->with_nulls);
    json_key(&writer, "half_life_days");
    json_write_double(&writer, options->journeys.half_life_days);
    json_key(&writer, "half_life_touches");
    json_write_double(&writer, options->rules.half_life_touches);
    write_costs(&writer, options);
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&text));
}

code attribution_start(struct scope *scope, const struct attribution_options *options,
                       int64_t *ret_job_id) {
    return job_create(scope, "attribution", TEXT("attribute sales to channels"),
                      options_json(scope, options), ret_job_id);
}

// ---- the rules ----

// The channel that is none, by its usual names.
static size_t find_direct(const struct attribution_level *level) {
    for (size_t c = 0; c < level->paths->channel_count; c++)
        if (text_equal_ascii_case(level->names[c], TEXT(TOUCHPOINT_DIRECT)) ||
            text_equal_ascii_case(level->names[c], TEXT("(direct)")) ||
            text_is(level->names[c], JOURNEY_NO_CAMPAIGN))
            return c;
    return SIZE_MAX;
}

static void apply_rules(struct scope *scope, const struct attribution_options *options,
                        struct attribution_level *level) {
    const size_t count = level->paths->channel_count;
    struct rule_options rules = options->rules;

    rules.direct = find_direct(level);
    for (int rule = 0; rule < RULE_PATH_COUNT; rule++) {
        if (rule == RULE_LAST_NON_DIRECT && rules.direct == SIZE_MAX)
            continue; // it is the last touch
        level->conversions[rule] = arena_array(&scope->arena, count, sizeof(double));
        level->values[rule] = arena_array(&scope->arena, count, sizeof(double));
        rule_credit(level->paths, (enum attribution_rule)rule, &rules, level->conversions[rule],
                    level->values[rule]);
    }
}

static code apply_markov(struct scope *scope, const struct attribution_options *options,
                         struct attribution_level *level) {
    const struct markov_options markov = {
        .order = options->order, .with_nulls = options->with_nulls, .threads = parallel_threads(0)};
    struct markov_removal removal;

    TRY(markov_remove(scope, level->paths, &markov, &removal));
    level->conversions[RULE_MARKOV] = removal.conversions;
    level->values[RULE_MARKOV] = removal.values;
    return OK;
}

static code apply_all_orders(struct scope *scope, struct attribution *attribution) {
    for (int order = 1; order <= MARKOV_ORDER_MOST; order++)
        for (int with_nulls = 0; with_nulls < 2; with_nulls++) {
            const struct markov_options markov = {
                .order = order, .with_nulls = with_nulls == 1, .threads = parallel_threads(0)};

            TRY(markov_remove(scope, attribution->channels.paths, &markov,
                              &attribution->orders[order - 1][with_nulls]));
        }
    return OK;
}

static void set_costs(struct scope *scope, struct attribution *attribution) {
    const struct attribution_options *options = &attribution->options;
    const size_t count = attribution->channels.paths->channel_count;

    attribution->costs = arena_array(&scope->arena, count, sizeof(double));
    for (size_t c = 0; c < count; c++) {
        attribution->costs[c] = NAN;
        for (size_t i = 0; i < options->cost_count; i++)
            if (text_equal_ascii_case(options->costs[i].channel, attribution->channels.names[c]))
                attribution->costs[c] = options->costs[i].cost;
    }
}

static code attribute(struct scope *scope, struct attribution *attribution) {
    const struct attribution_options *options = &attribution->options;
    const struct markov_removal *chosen =
        &attribution->orders[options->order - 1][options->with_nulls];

    progress_report(scope->progress, "dividing up the credit", 0, 0, "channels");
    apply_rules(scope, options, &attribution->channels);
    TRY(apply_all_orders(scope, attribution));
    attribution->channels.conversions[RULE_MARKOV] = chosen->conversions;
    attribution->channels.values[RULE_MARKOV] = chosen->values;
    if (attribution->campaigns.paths != NULL) {
        apply_rules(scope, options, &attribution->campaigns);
        TRY(apply_markov(scope, options, &attribution->campaigns));
    }
    set_costs(scope, attribution);
    return OK;
}

struct credit_spread attribution_spread(double *const credit[RULE_COUNT], size_t name) {
    struct credit_spread spread = {.least = INFINITY, .most = -INFINITY};

    for (int rule = 0; rule < RULE_COUNT; rule++) {
        if (credit[rule] == NULL)
            continue;
        if (credit[rule][name] < spread.least) {
            spread.least = credit[rule][name];
            spread.least_rule = (enum attribution_rule)rule;
        }
        if (credit[rule][name] > spread.most) {
            spread.most = credit[rule][name];
            spread.most_rule = (enum attribution_rule)rule;
        }
    }
    return spread;
}

// ---- the job ----

static code choose_days(struct scope *scope, struct journey_options *options) {
    struct journey_span span;

    TRY(journey_span(scope, &span));
    if (!span.has_touches) {
        scope_fail(scope, INVALID, "no event of a customer can be a touch yet");
        return scope_hint(scope, "connect the web site's tag, or import events with channels");
    }
    if (options->until_day == ATTRIBUTION_NO_DAY)
        options->until_day = span.has_sales ? span.last_sale_day : span.last_touch_day;
    if (options->from_day == ATTRIBUTION_NO_DAY) {
        options->from_day = options->until_day - DAYS_BY_DEFAULT + 1;
        if (options->from_day < span.first_touch_day && span.first_touch_day <= options->until_day)
            options->from_day = span.first_touch_day;
    }
    if (options->from_day > options->until_day)
        return scope_fail_field(scope, INVALID, "from", "the period ends before it begins");
    if (options->until_day - options->from_day >= PERIOD_MOST)
        return scope_fail_field(scope, INVALID, "from", "the period is longer than %d days",
                                PERIOD_MOST);
    return OK;
}

static void use_level(const struct journey_level *from, struct attribution_level *to) {
    to->paths = &from->paths;
    to->names = from->names;
    to->conversions[RULE_TIME_DECAY_DAYS] = from->aged_conversions;
    to->values[RULE_TIME_DECAY_DAYS] = from->aged_values;
}

static code keep(struct scope *scope, const struct attribution *attribution, int64_t job_id,
                 struct analysis_run *run) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    const struct analysis_scores scores = {0}; // it says nothing of single customers
    struct json_writer writer;

    json_writer_init(&writer, &text);
    attribution_write(scope, &writer, attribution);
    *run = (struct analysis_run){
        .kind = ANALYSIS_ATTRIBUTION,
        .version = ATTRIBUTION_VERSION,
        .as_of_day = attribution->options.journeys.until_day,
        .change_id = attribution->change_id,
        .parameters = options_json(scope, &attribution->options),
        .result = text_copy(&scope->arena, buffer_text(&text)),
        .job_id = job_id,
    };
    return analysis_run_keep(scope, run, &scores);
}

// Those that were given stand; of other channels, those that were noted down for the period.
static code read_noted_costs(struct scope *scope, struct attribution *attribution) {
    struct attribution_options *options = &attribution->options;
    const size_t given_count = options->cost_count;
    struct channel_cost *noted, *all;
    size_t noted_count;

    TRY(channel_costs_read(scope, options->journeys.from_day, options->journeys.until_day,
                           attribution->journeys.currency, &noted, &noted_count,
                           &attribution->foreign_costs));
    all = arena_array(&scope->arena, options->cost_count + noted_count + 1, sizeof(*all));
    for (size_t i = 0; i < options->cost_count; i++)
        all[i] = options->costs[i];
    options->costs = all;
    for (size_t i = 0; i < noted_count; i++) {
        size_t at = 0;

        while (at < options->cost_count &&
               !text_equal_ascii_case(all[at].channel, noted[i].channel))
            at++;
        if (at == options->cost_count)
            all[options->cost_count++] = noted[i];
        else if (at >= given_count) // the same channel in other letters
            all[at].cost += noted[i].cost;
    }
    return OK;
}

static code read_journeys(struct scope *scope, struct attribution *attribution) {
    TRY(choose_days(scope, &attribution->options.journeys));
    return journeys_read(scope, &attribution->options.journeys, &attribution->journeys);
}

code attribution_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                     struct json_writer *result) {
    struct attribution attribution = {.has_values = true};
    struct analysis_run run;

    TRY(attribution_read_options(scope, parameters, &attribution.options));
    progress_report(scope->progress, "following journeys", 0, 0, "events");
    TRY(lake_snapshot_begin(scope, &attribution.change_id));
    TRY(lake_snapshot_end(scope, read_journeys(scope, &attribution)));
    TRY(read_noted_costs(scope, &attribution));
    use_level(&attribution.journeys.channels, &attribution.channels);
    use_level(&attribution.journeys.campaigns, &attribution.campaigns);
    TRY(attribute(scope, &attribution));
    TRY(keep(scope, &attribution, job_id, &run));
    json_begin_object(result);
    json_key(result, "run_id");
    json_write_text(result, text_printf(&scope->arena, "%" PRId64, run.id));
    json_key(result, "conversions");
    json_write_int64(result, attribution.channels.paths->conversion_total);
    json_key(result, "channels");
    json_write_int64(result, (int64_t)attribution.channels.paths->channel_count);
    json_end_object(result);
    return OK;
}

// ---- a file ----

code attribution_of_file(struct scope *scope, const struct attribution_options *options,
                         const char *file, struct text *ret_result) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct attribution attribution = {.options = *options, .is_file = true};
    struct journeys *journeys = &attribution.journeys;
    struct path_file found;
    struct json_writer writer;

    TRY(path_file_read(scope, file, &found));
    attribution.has_values = found.has_values;
    attribution.channels.paths = &found.paths;
    attribution.channels.names = found.channels;
    journeys->sales = found.paths.conversion_total;
    journeys->sale_value_micros = found.paths.value_total_micros;
    journeys->touches = found.paths.touch_total;
    TRY(attribute(scope, &attribution));
    json_writer_init(&writer, &text);
    attribution_write(scope, &writer, &attribution);
    *ret_result = text_copy(&scope->arena, buffer_text(&text));
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
// What a run found, written once, as tables in the form that the API answers with: the page, the
// command line and an export show the same numbers.
#include "analyze/attribution/attribution.h"

#include "analyze/run/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATHS_SHOWN = 50, LENGTHS = 10 };

const char *const rule_names[RULE_COUNT] = {
    [RULE_FIRST] = "first",
    [RULE_LAST] = "last",
    [RULE_LAST_NON_DIRECT] = "last_non_direct",
    [RULE_LINEAR] = "linear",
    [RULE_POSITION] = "position",
    [RULE_TIME_DECAY] = "time_decay",
    [RULE_SHAPLEY] = "shapley",
    [RULE_TIME_DECAY_DAYS] = "time_decay_days",
    [RULE_MARKOV] = "markov",
};
const char *const rule_labels[RULE_COUNT] = {
    [RULE_FIRST] = "First touch",
    [RULE_LAST] = "Last touch",
    [RULE_LAST_NON_DIRECT] = "Last but direct",
    [RULE_LINEAR] = "Linear",
    [RULE_POSITION] = "Position",
    [RULE_TIME_DECAY] = "Decay by touches",
    [RULE_SHAPLEY] = "Shapley",
    [RULE_TIME_DECAY_DAYS] = "Decay by days",
    [RULE_MARKOV] = "Markov",
};

static const char *money_unit(struct scope *scope, const struct attribution *attribution) {
    const struct text currency = attribution->journeys.currency;

    return currency.size > 0 ? text_string(&scope->arena, currency) : NULL;
}

// ---- credit ----

// Names by the credit of the linear rule, the most first; of equal ones by name.
struct ranked {
    size_t name;
    double credit;
};

static int by_credit(const void *a, const void *b) {
    const struct ranked *first = a, *second = b;

    if (first->credit != second->credit)
        return first->credit > second->credit ? -1 : 1;
    return (first->name > second->name) - (first->name < second->name);
}

static struct ranked *ranked(struct scope *scope, const struct attribution_level *level) {
    const size_t count = level->paths->channel_count;
    struct ranked *list = arena_array(&scope->arena, count, sizeof(*list));

    for (size_t c = 0; c < count; c++)
        list[c] = (struct ranked){c, level->conversions[RULE_LINEAR][c]};
    if (count > 1)
        qsort(list, count, sizeof(*list), by_credit);
    return list;
}

// A column for each rule that says something.
static void write_credit(struct scope *scope, struct json_writer *writer, const char *key,
                         const char *label, const struct attribution_level *level,
                         double *const credit[RULE_COUNT], const struct figure_column *form) {
    struct figure_column columns[RULE_COUNT + 1] = {{"name", label, "text", NULL}};
    const size_t count = level->paths->channel_count;
    const struct ranked *order = ranked(scope, level);
    size_t column_count = 1;

    for (int rule = 0; rule < RULE_COUNT; rule++)
        if (credit[rule] != NULL)
            columns[column_count++] =
                (struct figure_column){rule_names[rule], rule_labels[rule], form->type, form->unit};
    figures_begin_table(writer, key, columns, column_count);
    for (size_t i = 0; i < count; i++) {
        json_begin_array(writer);
        json_write_text(writer, level->names[order[i].name]);
        for (int rule = 0; rule < RULE_COUNT; rule++)
            if (credit[rule] != NULL)
                json_write_double(writer, credit[rule][order[i].name]);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)count);
}

static void write_credits(struct scope *scope, struct json_writer *writer,
                          const struct attribution *attribution) {
    const struct figure_column sales = {.type = "number"};
    const struct figure_column money = {.type = "money", .unit = money_unit(scope, attribution)};
    const struct attribution_level *channels = &attribution->channels;
    const struct attribution_level *campaigns = &attribution->campaigns;

    write_credit(scope, writer, "credit", "Channel", channels, channels->conversions, &sales);
    if (attribution->has_values)
        write_credit(scope, writer, "values", "Channel", channels, channels->values, &money);
    if (campaigns->paths == NULL)
        return;
    write_credit(scope, writer, "campaign_credit", "Campaign", campaigns, campaigns->conversions,
                 &sales);
    write_credit(scope, writer, "campaign_values", "Campaign", campaigns, campaigns->values,
                 &money);
}

// ---- how much it depends on the rule ----

static void write_spread(struct scope *scope, struct json_writer *writer,
                         const struct attribution *attribution) {
    static const struct figure_column columns[] = {
        {"name", "Channel", "text", NULL},          {"least", "Least", "share", NULL},
        {"least_rule", "by", "text", NULL},         {"most", "Most", "share", NULL},
        {"most_rule", "by", "text", NULL},          {"markov", "Markov", "share", NULL},
        {"difference", "Difference", "share", NULL}};
    const struct attribution_level *level = &attribution->channels;
    const double total = (double)level->paths->conversion_total;
    const struct ranked *order = ranked(scope, level);
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, "spread", columns);
    for (size_t i = 0; i < level->paths->channel_count && total > 0; i++, count++) {
        const size_t name = order[i].name;
        const struct credit_spread spread = attribution_spread(level->conversions, name);

        json_begin_array(writer);
        json_write_text(writer, level->names[name]);
        json_write_double(writer, spread.least / total);
        json_write_string(writer, rule_labels[spread.least_rule]);
        json_write_double(writer, spread.most / total);
        json_write_string(writer, rule_labels[spread.most_rule]);
        json_write_double(writer, level->conversions[RULE_MARKOV][name] / total);
        json_write_double(writer, (spread.most - spread.least) / total);
        json_end_array(writer);
    }
    figures_end_table(writer, count);
}

static void write_orders(struct scope *scope, struct json_writer *writer,
                         const struct attribution *attribution) {
    static const struct figure_column columns[] = {
        {"name", "Channel", "text", NULL},
        {"effect", "Removal effect", "share", NULL},
        {"order_1", "Order 1", "number", NULL},
        {"order_2", "Order 2", "number", NULL},
        {"order_3", "Order 3", "number", NULL},
        {"order_1_sales_only", "Order 1, sales only", "number", NULL},
        {"order_2_sales_only", "Order 2, sales only", "number", NULL},
        {"order_3_sales_only", "Order 3, sales only", "number", NULL},
    };
    const struct attribution_level *level = &attribution->channels;
    const struct markov_removal *chosen =
        &attribution->orders[attribution->options.order - 1][attribution->options.with_nulls];
    const struct ranked *order = ranked(scope, level);

    FIGURES_BEGIN_TABLE(writer, "orders", columns);
    for (size_t i = 0; i < level->paths->channel_count; i++) {
        json_begin_array(writer);
        json_write_text(writer, level->names[order[i].name]);
        json_write_double(writer, chosen->effects[order[i].name]);
        for (int with_nulls = 1; with_nulls >= 0; with_nulls--)
            for (int k = 0; k < MARKOV_ORDER_MOST; k++)
                json_write_double(writer,
                                  attribution->orders[k][with_nulls].conversions[order[i].name]);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)level->paths->channel_count);
    figure_integer(writer, "markov_states", (int64_t)chosen->state_count);
    figure_integer(writer, "markov_edges", (int64_t)chosen->edge_count);
    figure_number(writer, "markov_chance", chosen->conversion);
    figure_number(writer, "markov_error", chosen->error);
}

// ---- cost and return ----

static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : NAN;
}

static void write_return(struct json_writer *writer, const struct attribution *attribution,
                         size_t name) {
    const struct attribution_level *level = &attribution->channels;
    const double cost = attribution->costs[name];
    const struct credit_spread spread = attribution_spread(level->values, name);

    json_begin_array(writer);
    json_write_text(writer, level->names[name]);
    json_write_double(writer, cost);
    json_write_double(writer, level->conversions[RULE_MARKOV][name]);
    json_write_double(writer, level->values[RULE_MARKOV][name]);
    json_write_double(writer, ratio(level->values[RULE_MARKOV][name], cost));
    json_write_double(writer, ratio(spread.least, cost));
    json_write_double(writer, ratio(spread.most, cost));
    json_write_double(writer, ratio(cost, level->conversions[RULE_MARKOV][name]));
    json_end_array(writer);
}

static void write_returns(struct scope *scope, struct json_writer *writer,
                          const struct attribution *attribution) {
    const char *unit = money_unit(scope, attribution);
    const struct figure_column columns[] = {
        {"name", "Channel", "text", NULL},
        {"cost", "Cost", "money", unit},
        {"conversions", "Sales (Markov)", "number", NULL},
        {"value", "Value (Markov)", "money", unit},
        {"roas", "Value per cost (Markov)", "number", NULL},
        {"roas_least", "Least by any rule", "number", NULL},
        {"roas_most", "Most by any rule", "number", NULL},
        {"cpa", "Cost per sale (Markov)", "money", unit},
    };
    const struct ranked *order = ranked(scope, &attribution->channels);

    if (!attribution->has_values)
        return;
    FIGURES_BEGIN_TABLE(writer, "returns", columns);
    for (size_t i = 0; i < attribution->channels.paths->channel_count; i++)
        write_return(writer, attribution, order[i].name);
    figures_end_table(writer, (int64_t)attribution->channels.paths->channel_count);
}

// ---- journeys ----

struct told_path {
    size_t path;
    int64_t conversions, nulls;
};

static int by_conversions(const void *a, const void *b) {
    const struct told_path *first = a, *second = b;

    if (first->conversions != second->conversions)
        return first->conversions > second->conversions ? -1 : 1;
    if (first->nulls != second->nulls)
        return first->nulls > second->nulls ? -1 : 1;
    return (first->path > second->path) - (first->path < second->path);
}

// "email, search × 3": a channel that comes again at once is counted.
static void add_path(struct buffer *out, const struct attribution_level *level, size_t path) {
    const size_t end = level->paths->starts[path + 1];

    for (size_t i = level->paths->starts[path], next; i < end; i = next) {
        const uint16_t channel = level->paths->touches[i];

        for (next = i + 1; next < end && level->paths->touches[next] == channel;)
            next++;
        if (i > level->paths->starts[path])
            buffer_add_string(out, " > ");
        if (out->size > 300) {
            buffer_printf(out, "… (%zu more)", end - i);
            return;
        }
        buffer_add_text(out, level->names[channel]);
        if (next - i > 1)
            buffer_printf(out, " × %zu", next - i);
    }
}

static void write_paths(struct scope *scope, struct json_writer *writer,
                        const struct attribution *attribution) {
    const struct figure_column columns[] = {
        {"path", "Path", "text", NULL},
        {"touches", "Touches", "integer", NULL},
        {"conversions", "Sales", "integer", NULL},
        {"nulls", "Without a sale", "integer", NULL},
        {"share", "Ended in a sale", "share", NULL},
        {"value", "Value", "money", money_unit(scope, attribution)},
    };
    const struct paths *paths = attribution->channels.paths;
    struct told_path *list = arena_array(&scope->arena, paths->count, sizeof(*list));
    int64_t count = 0;

    for (size_t i = 0; i < paths->count; i++)
        list[i] = (struct told_path){i, paths->conversions[i], paths->nulls[i]};
    if (paths->count > 1)
        qsort(list, paths->count, sizeof(*list), by_conversions);
    FIGURES_BEGIN_TABLE(writer, "top_paths", columns);
    for (size_t i = 0; i < paths->count && i < PATHS_SHOWN; i++, count++) {
        CLEANUP(buffer_clear) struct buffer text = {0};
        const size_t path = list[i].path;

        add_path(&text, &attribution->channels, path);
        json_begin_array(writer);
        json_write_text(writer, buffer_text(&text));
        json_write_int64(writer, (int64_t)(paths->starts[path + 1] - paths->starts[path]));
        json_write_int64(writer, list[i].conversions);
        json_write_int64(writer, list[i].nulls);
        json_write_double(writer, ratio((double)list[i].conversions,
                                        (double)(list[i].conversions + list[i].nulls)));
        json_write_micros(writer, paths->value_micros[path]);
        json_end_array(writer);
    }
    figures_end_table(writer, count);
}

static void write_lengths(struct json_writer *writer, const struct attribution *attribution) {
    static const struct figure_column columns[] = {
        {"touches", "Touches", "text", NULL},
        {"conversions", "Sales", "integer", NULL},
        {"nulls", "Without a sale", "integer", NULL},
        {"share", "Ended in a sale", "share", NULL},
    };
    const struct paths *paths = attribution->channels.paths;
    int64_t conversions[LENGTHS] = {0}, nulls[LENGTHS] = {0};

    for (size_t i = 0; i < paths->count; i++) {
        const size_t touches = paths->starts[i + 1] - paths->starts[i];
        const size_t place = touches < LENGTHS ? touches - 1 : LENGTHS - 1;

        conversions[place] += paths->conversions[i];
        nulls[place] += paths->nulls[i];
    }
    FIGURES_BEGIN_TABLE(writer, "lengths", columns);
    for (int i = 0; i < LENGTHS; i++) {
        char text[24];

        snprintf(text, sizeof(text), i + 1 < LENGTHS ? "%d" : "%d or more", i + 1);
        json_begin_array(writer);
        json_write_string(writer, text);
        json_write_int64(writer, conversions[i]);
        json_write_int64(writer, nulls[i]);
        json_write_double(writer,
                          ratio((double)conversions[i], (double)(conversions[i] + nulls[i])));
        json_end_array(writer);
    }
    figures_end_table(writer, LENGTHS);
}

static void write_times(struct json_writer *writer, const struct attribution *attribution) {
    static const struct figure_column columns[] = {
        {"days", "Days from the first touch to the sale", "text", NULL},
        {"conversions", "Sales", "integer", NULL},
    };
    static const char *const labels[JOURNEY_DAY_STEPS] = {
        "less than 1", "1", "2 to 3", "4 to 7", "8 to 14", "15 to 30", "31 to 60", "61 or more"};

    if (attribution->is_file)
        return;
    FIGURES_BEGIN_TABLE(writer, "times", columns);
    for (int i = 0; i < JOURNEY_DAY_STEPS; i++) {
        json_begin_array(writer);
        json_write_string(writer, labels[i]);
        json_write_int64(writer, attribution->journeys.by_days[i]);
        json_end_array(writer);
    }
    figures_end_table(writer, JOURNEY_DAY_STEPS);
}

// ---- the whole ----

static void write_facts(struct scope *scope, struct json_writer *writer,
                        const struct attribution *attribution) {
    const struct journeys *journeys = &attribution->journeys;
    const struct attribution_options *options = &attribution->options;
    const struct paths *paths = attribution->channels.paths;

    figure_text(writer, "currency", money_unit(scope, attribution));
    if (!attribution->is_file) {
        figure_day(writer, "from", options->journeys.from_day);
        figure_day(writer, "until", options->journeys.until_day);
        figure_integer(writer, "look_back_days", options->journeys.look_back_days);
        figure_text(writer, "conversions_counted",
                    journey_conversion_names[options->journeys.conversions]);
        figure_number(writer, "half_life_days", options->journeys.half_life_days);
        figure_integer(writer, "customers", journeys->customers);
        figure_integer(writer, "untouched", journeys->untouched);
        figure_integer(writer, "open", journeys->open);
    }
    figure_number(writer, "half_life_touches", options->rules.half_life_touches);
    figure_integer(writer, "order", options->order);
    figure_bool(writer, "with_nulls", options->with_nulls);
    figure_integer(writer, "sales", journeys->sales);
    figure_integer(writer, "conversions", paths->conversion_total);
    figure_integer(writer, "nulls", paths->null_total);
    figure_integer(writer, "paths", (int64_t)paths->count);
    figure_integer(writer, "touches", journeys->touches);
    json_key(writer, "value");
    json_write_micros(writer, paths->value_total_micros);
    json_key(writer, "untouched_value");
    json_write_micros(writer, journeys->untouched_value_micros);
}

void attribution_write(struct scope *scope, struct json_writer *writer,
                       const struct attribution *attribution) {
    json_begin_object(writer);
    write_facts(scope, writer, attribution);
    json_key(writer, "reading");
    json_begin_array(writer);
    attribution_write_reading(scope, writer, attribution);
    json_end_array(writer);
    json_key(writer, "warnings");
    json_begin_array(writer);
    attribution_write_warnings(scope, writer, attribution);
    json_end_array(writer);
    write_credits(scope, writer, attribution);
    write_spread(scope, writer, attribution);
    write_returns(scope, writer, attribution);
    write_orders(scope, writer, attribution);
    write_paths(scope, writer, attribution);
    write_lengths(writer, attribution);
    write_times(writer, attribution);
    json_end_object(writer);
}

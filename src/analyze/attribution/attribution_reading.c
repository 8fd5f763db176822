// SPDX-License-Identifier: Apache-2.0
// What the figures mean, in sentences: what all rules agree on, what turns with the rule, and what
// no rule can say.
#include "analyze/attribution/attribution.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>

#define SAY(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

static size_t first_of(const struct attribution_level *level, int rule) {
    size_t best = 0;

    for (size_t c = 1; c < level->paths->channel_count; c++)
        if (level->conversions[rule][c] > level->conversions[rule][best])
            best = c;
    return best;
}

// ---- who comes first ----

static void say_first(struct scope *scope, struct json_writer *writer,
                      const struct attribution_level *level) {
    const double total = (double)level->paths->conversion_total;
    const size_t best = first_of(level, RULE_MARKOV);
    const struct credit_spread spread = attribution_spread(level->conversions, best);
    int rules = 0, agreeing = 0;

    for (int rule = 0; rule < RULE_COUNT; rule++)
        if (level->conversions[rule] != NULL) {
            rules++;
            agreeing += first_of(level, rule) == best;
        }
    if (agreeing == rules)
        SAY("Every rule gives “%.*s” the most credit: %.0f to %.0f percent of the sales.",
            TEXT_ARG(level->names[best]), 100 * spread.least / total, 100 * spread.most / total);
    else
        SAY("“%.*s” comes first under %d of %d rules, with %.0f to %.0f percent of the sales: "
            "who comes first depends on the rule.",
            TEXT_ARG(level->names[best]), agreeing, rules, 100 * spread.least / total,
            100 * spread.most / total);
}

// ---- how much moves ----

struct move {
    double share; // of all credit that changes hands between two rules
    int from, to;
};

static struct move largest_move(const struct attribution_level *level) {
    const double total = (double)level->paths->conversion_total;
    struct move largest = {0};

    for (int a = 0; a < RULE_COUNT; a++)
        for (int b = a + 1; b < RULE_COUNT; b++) {
            double moved = 0;

            if (level->conversions[a] == NULL || level->conversions[b] == NULL)
                continue;
            for (size_t c = 0; c < level->paths->channel_count; c++)
                moved += fabs(level->conversions[a][c] - level->conversions[b][c]) / 2 / total;
            if (moved > largest.share)
                largest = (struct move){moved, a, b};
        }
    return largest;
}

static void say_moves(struct scope *scope, struct json_writer *writer,
                      const struct attribution_level *level) {
    const struct move move = largest_move(level);
    const double share = 100 * move.share;

    if (share < 5)
        SAY("The choice of the rule hardly matters here: at most %.1f percent of the credit "
            "changes "
            "hands, between “%s” and “%s”.",
            share, rule_labels[move.from], rule_labels[move.to]);
    else
        SAY("%.0f percent of the credit changes hands between “%s” and “%s”, the two rules that "
            "differ most.",
            share, rule_labels[move.from], rule_labels[move.to]);
}

// The channel whose share turns most with the rule, and why.
static void say_most_moved(struct scope *scope, struct json_writer *writer,
                           const struct attribution_level *level) {
    const double total = (double)level->paths->conversion_total;
    struct credit_spread widest = {0};
    size_t name = 0;

    for (size_t c = 0; c < level->paths->channel_count; c++) {
        const struct credit_spread spread = attribution_spread(level->conversions, c);

        if (spread.most - spread.least > widest.most - widest.least) {
            widest = spread;
            name = c;
        }
    }
    if ((widest.most - widest.least) / total < 0.02)
        return;
    const double first = level->conversions[RULE_FIRST][name];
    const double last = level->conversions[RULE_LAST][name];
    const char *why = first > 1.1 * last   ? ": it opens journeys more often than it closes them"
                      : last > 1.1 * first ? ": it closes journeys more often than it opens them"
                                           : "";

    SAY("“%.*s” turns most: from %.0f percent (“%s”) to %.0f percent (“%s”)%s.",
        TEXT_ARG(level->names[name]), 100 * widest.least / total, rule_labels[widest.least_rule],
        100 * widest.most / total, rule_labels[widest.most_rule], why);
}

// ---- cost ----

static void say_return(struct scope *scope, struct json_writer *writer,
                       const struct attribution *attribution, size_t c) {
    const struct attribution_level *level = &attribution->channels;
    const double cost = attribution->costs[c];
    const struct credit_spread spread = attribution_spread(level->values, c);
    int rules = 0, paying = 0;

    for (int rule = 0; rule < RULE_COUNT; rule++)
        if (level->values[rule] != NULL) {
            rules++;
            paying += level->values[rule][c] >= cost;
        }
    if (paying == rules)
        SAY("“%.*s” is credited with more than it cost under every rule: %.2f to %.2f for each 1 "
            "spent.",
            TEXT_ARG(level->names[c]), spread.least / cost, spread.most / cost);
    else if (paying == 0)
        SAY("“%.*s” is credited with less than it cost under every rule: %.2f to %.2f for each 1 "
            "spent.",
            TEXT_ARG(level->names[c]), spread.least / cost, spread.most / cost);
    else
        SAY("Whether “%.*s” is worth its cost depends on the rule: %.2f to %.2f for each 1 spent, "
            "at least 1 under %d of %d rules.",
            TEXT_ARG(level->names[c]), spread.least / cost, spread.most / cost, paying, rules);
}

static bool is_direct(struct text name) {
    return text_equal_ascii_case(name, TEXT("direct")) ||
           text_equal_ascii_case(name, TEXT("(direct)"));
}

// Direct visits are nobody's doing: nothing can be left out there.
static void say_what_would_tell(struct scope *scope, struct json_writer *writer,
                                const struct attribution_level *level) {
    size_t best = SIZE_MAX;

    for (size_t c = 0; c < level->paths->channel_count; c++)
        if (!is_direct(level->names[c]) &&
            (best == SIZE_MAX ||
             level->conversions[RULE_MARKOV][c] > level->conversions[RULE_MARKOV][best]))
            best = c;
    if (best == SIZE_MAX)
        return;
    SAY("What should change your mind: an experiment. Leave “%.*s” out for some customers, chosen "
        "by lot; if they buy as much as the others, its credit is not its doing, whatever all "
        "rules say.",
        TEXT_ARG(level->names[best]));
}

void attribution_write_reading(struct scope *scope, struct json_writer *writer,
                               const struct attribution *attribution) {
    const struct attribution_level *level = &attribution->channels;

    if (level->paths->conversion_total == 0) {
        SAY("No sale of the period had a touch before it: there is nothing to divide up.");
        return;
    }
    if (level->paths->channel_count == 1) {
        SAY("“%.*s” is the only channel that was seen: every rule gives it everything, which says "
            "nothing.",
            TEXT_ARG(level->names[0]));
        return;
    }
    say_first(scope, writer, level);
    say_moves(scope, writer, level);
    say_most_moved(scope, writer, level);
    for (size_t c = 0; c < level->paths->channel_count && attribution->has_values; c++)
        if (attribution->costs[c] > 0)
            say_return(scope, writer, attribution, c);
    say_what_would_tell(scope, writer, level);
}

// ---- when not to trust it ----

static void warn_of_data(struct scope *scope, struct json_writer *writer,
                         const struct attribution *attribution) {
    const struct journeys *journeys = &attribution->journeys;
    const struct paths *paths = attribution->channels.paths;

    if (paths->conversion_total > 0 && paths->conversion_total < 100)
        SAY("Only %" PRId64 " sales had a touch before them: a few customers decide the shares.",
            paths->conversion_total);
    if (journeys->untouched * 4 > journeys->sales)
        SAY("%.0f percent of the sales of known customers had no touch within the window: what led "
            "to them is not known, and no channel gets credit for it.",
            100 * (double)journeys->untouched / (double)journeys->sales);
    if (paths->null_total == 0 && attribution->options.with_nulls && paths->count > 0)
        SAY("No journey ended without a sale: the Markov chain cannot learn where customers are "
            "lost, and takes every walk for one that converts.");
    if (journeys->open > paths->conversion_total + paths->null_total)
        SAY("More journeys are still open (%" PRId64 ") than are over: the period is short beside "
            "the window.",
            journeys->open);
    if (journeys->shortened > 0)
        SAY("%" PRId64 " journeys had more than %d touches: their last ones count.",
            journeys->shortened, PATH_TOUCHES);
    if (attribution->orders[attribution->options.order - 1][attribution->options.with_nulls].error >
        1e-9)
        SAY("Journeys go round in circles for so long that Markov credit is known to %.0e only.",
            attribution->orders[attribution->options.order - 1][attribution->options.with_nulls]
                .error);
}

static void warn_of_direct(struct scope *scope, struct json_writer *writer,
                           const struct attribution_level *level) {
    const double total = (double)level->paths->conversion_total;

    for (size_t c = 0; c < level->paths->channel_count && total > 0; c++)
        if (is_direct(level->names[c]) && level->conversions[RULE_LAST][c] > 0.25 * total)
            SAY("%.0f percent of the sales come last from a direct visit, which means only that "
                "nothing is known of where it came from: mark links with utm_source and "
                "utm_medium.",
                100 * level->conversions[RULE_LAST][c] / total);
}

static bool is_channel(const struct attribution_level *level, struct text name) {
    for (size_t c = 0; c < level->paths->channel_count; c++)
        if (text_equal_ascii_case(level->names[c], name))
            return true;
    return false;
}

void attribution_write_warnings(struct scope *scope, struct json_writer *writer,
                                const struct attribution *attribution) {
    const struct attribution_options *options = &attribution->options;

    SAY("Credit is not effect. Rules divide up sales that happened; some would have happened "
        "without any channel, and a channel that meets those who buy anyway looks good under every "
        "rule.");
    warn_of_data(scope, writer, attribution);
    warn_of_direct(scope, writer, &attribution->channels);
    for (size_t i = 0; i < options->cost_count; i++)
        if (!is_channel(&attribution->channels, options->costs[i].channel))
            SAY("“%.*s” cost %.2f and touched nobody in the period.",
                TEXT_ARG(options->costs[i].channel), options->costs[i].cost);
    if (attribution->foreign_costs > 0)
        SAY("%zu costs of the period were noted down in another currency than the sales' and are "
            "left out.",
            attribution->foreign_costs);
}

// SPDX-License-Identifier: Apache-2.0
// Attribution of libtessera.
#include "analyze/attribution/markov_kernel.h"
#include "analyze/attribution/rule_kernel.h"
#include "analyze/library/place.h"

#include <string.h>

// What a rule is called, and the order of its chain: 0 for those that weigh each path alone.
static const struct {
    const char *name;
    enum attribution_rule rule;
    int order;
} rules[] = {
    {"first", RULE_FIRST, 0},           {"last", RULE_LAST, 0},
    {"linear", RULE_LINEAR, 0},         {"position", RULE_POSITION, 0},
    {"time_decay", RULE_TIME_DECAY, 0}, {"shapley", RULE_SHAPLEY, 0},
    {"markov_1", RULE_MARKOV, 1},       {"markov_2", RULE_MARKOV, 2},
    {"markov_3", RULE_MARKOV, 3},
};

static code find_rule(struct scope *scope, const char *name, size_t *ret_rule) {
    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        if (strcmp(rules[i].name, name) == 0) {
            *ret_rule = i;
            return OK;
        }
    scope_fail(scope, INVALID, "there is no rule \"%s\" of attribution", name);
    return scope_hint(scope, "first, last, linear, position, time_decay, shapley and markov_1 to "
                             "markov_3 are known");
}

struct journeys {
    size_t channels, count;
    const size_t *starts;
    const uint16_t *touches;
    const int64_t *conversions, *nulls, *value_micros;
};

static code add_journeys(struct scope *scope, const struct journeys *journeys,
                         struct path_set *set) {
    if (journeys->channels == 0 || journeys->channels > PATH_CHANNELS)
        return scope_fail(scope, INVALID, "%zu channels are none of 1 to %d", journeys->channels,
                          PATH_CHANNELS);
    for (size_t i = 0; i < journeys->count; i++) {
        const size_t first = journeys->starts[i], last = journeys->starts[i + 1];

        if (last <= first || last - first > PATH_TOUCHES)
            return scope_fail(scope, INVALID, "journey %zu has none of 1 to %d touches", i + 1,
                              PATH_TOUCHES);
        for (size_t t = first; t < last; t++)
            if (journeys->touches[t] >= journeys->channels)
                return scope_fail(scope, INVALID, "touch %zu of journey %zu is of no channel",
                                  t - first + 1, i + 1);
        TRY(path_set_add(scope, set, &journeys->touches[first], last - first,
                         journeys->conversions[i], journeys->nulls[i], journeys->value_micros[i]));
    }
    return OK;
}

static code attribute(struct tessera *place, const char *name, const struct journeys *journeys,
                      double *ret_conversions, double *ret_values) {
    CLEANUP(path_set_clear) struct path_set set = {0};
    const struct rule_options options = rule_default_options();
    struct scope *scope = place_begin(place);
    struct markov_removal removal;
    struct paths paths;
    size_t rule = 0;

    TRY(find_rule(scope, name, &rule));
    TRY(add_journeys(scope, journeys, &set));
    TRY(path_set_finish(scope, &set, NULL, journeys->channels, &paths));
    if (rules[rule].order == 0) {
        rule_credit(&paths, rules[rule].rule, &options, ret_conversions, ret_values);
        return OK;
    }
    TRY(markov_remove(scope, &paths,
                      &(struct markov_options){.order = rules[rule].order,
                                               .with_nulls = true,
                                               .threads = place->threads},
                      &removal));
    memcpy(ret_conversions, removal.conversions, journeys->channels * sizeof(*ret_conversions));
    memcpy(ret_values, removal.values, journeys->channels * sizeof(*ret_values));
    return OK;
}

// Arrays and numbers only, as R and Python hand them over:
// NOLINTNEXTLINE(readability-function-size)
int tessera_attribute(struct tessera *place, const char *rule, size_t channels, size_t count,
                      const size_t *starts, const uint16_t *touches, const int64_t *conversions,
                      const int64_t *nulls, const int64_t *value_micros, double *ret_conversions,
                      double *ret_values) {
    const struct journeys journeys = {channels,    count, starts,      touches,
                                      conversions, nulls, value_micros};

    return place_end(place, attribute(place, rule, &journeys, ret_conversions, ret_values));
}

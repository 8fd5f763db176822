// SPDX-License-Identifier: Apache-2.0
// Which channels and campaigns lead to sales, by nine rules side by side: how much the answer
// depends on the rule is the first thing it says. docs/attribution.md tells people how to read it.
// It divides up what happened; it does not know what would have happened without a channel.
#pragma once

#include "analyze/attribution/cost.h"
#include "analyze/attribution/journey.h"
#include "analyze/attribution/markov_kernel.h"
#include "analyze/attribution/path_file.h"
#include "analyze/attribution/rule_kernel.h"
#include "base/json.h"

enum {
    ATTRIBUTION_VERSION = 1, // of the computation: raise it when digits change
    ATTRIBUTION_NO_DAY = INT32_MIN,
    ATTRIBUTION_FIELDS = 9,
    ATTRIBUTION_COSTS = 200,
};

struct attribution_options {
    struct journey_options journeys; // its days may be ATTRIBUTION_NO_DAY: see the fields
    struct rule_options rules;
    int order; // of the Markov chain
    bool with_nulls;
    struct channel_cost *costs; // within the period; of others those that were noted down are read
    size_t cost_count;
};
struct attribution_options attribution_default_options(void);
extern const struct json_field attribution_fields[ATTRIBUTION_FIELDS];
// INVALID with the field for what is out of range. NULL: the defaults.
code attribution_read_options(struct scope *scope, const struct json *object,
                              struct attribution_options *ret_options);

// Record the job.
code attribution_start(struct scope *scope, const struct attribution_options *options,
                       int64_t *ret_job_id);
// The job kind "attribution" (store/job.h). Its result names the run (analyze/run).
code attribution_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                     struct json_writer *result);
// The same of a file of paths, which needs no store: what a run's result holds, as JSON.
code attribution_of_file(struct scope *scope, const struct attribution_options *options,
                         const char *file, struct text *ret_result);

// ---- what a run works out; for the parts of this noun ----

// Credit by rule and name; NULL for a rule that says nothing here.
struct attribution_level {
    const struct paths *paths;
    const struct text *names;
    double *conversions[RULE_COUNT], *values[RULE_COUNT];
};

struct attribution {
    struct attribution_options options;
    bool is_file, has_values;
    int64_t change_id;
    struct journeys journeys;                           // of a file only what its paths tell
    struct attribution_level channels, campaigns;       // campaigns: of a file none
    struct markov_removal orders[MARKOV_ORDER_MOST][2]; // of channels; without and with nulls
    double *costs;                                      // by channel; NaN: not known
    size_t foreign_costs;                               // left out: of another currency
};

extern const char *const rule_names[RULE_COUNT];  // "last_non_direct"
extern const char *const rule_labels[RULE_COUNT]; // "Last but direct"

// The tables, the reading and the warnings as one JSON object (attribution_result.c).
void attribution_write(struct scope *scope, struct json_writer *writer,
                       const struct attribution *attribution);
// What it means, and when not to trust it, in sentences (attribution_reading.c).
void attribution_write_reading(struct scope *scope, struct json_writer *writer,
                               const struct attribution *attribution);
void attribution_write_warnings(struct scope *scope, struct json_writer *writer,
                                const struct attribution *attribution);

// The least and the most of one name's credit over the rules, and which rules give it.
struct credit_spread {
    double least, most;
    enum attribution_rule least_rule, most_rule;
};
struct credit_spread attribution_spread(double *const credit[RULE_COUNT], size_t name);

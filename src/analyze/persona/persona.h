// SPDX-License-Identifier: Apache-2.0
// Groups of customers who buy alike: chosen numbers of each customer, scaled, are grouped by
// k-means or a Gaussian mixture; each group is a persona with a number that it keeps from run to
// run. The model of a run can be frozen: later runs then only say who belongs where now.
// docs/personas.md tells people how to read it.
#pragma once

#include "analyze/persona/gaussian_mixture_kernel.h"
#include "analyze/persona/persona_feature.h"
#include "base/json.h"

enum {
    PERSONA_VERSION = 2,          // of the computation: raise it when digits change
    PERSONA_LAST_DAY = INT32_MIN, // as a day: that of the last sale
    PERSONA_K_MOST = 12,
    PERSONA_FIELDS = 9,
};

enum persona_method { PERSONA_K_MEANS, PERSONA_GAUSSIAN_MIXTURE };

struct persona_options {
    int32_t as_of_day;   // the last day whose sales count; PERSONA_LAST_DAY
    int32_t before_day;  // the day that moves are counted from; PERSONA_LAST_DAY: 90 days earlier
    int64_t window_days; // sales of so many days count; 0: all
    uint32_t features;
    enum persona_method method;
    int64_t k;      // 0: chosen
    int64_t k_most; // tried
    int64_t seed;
    bool frozen; // the model of the latest run stays
};
extern const struct json_field persona_fields[PERSONA_FIELDS];
// INVALID with the field for what is out of range.
code persona_read_options(struct scope *scope, const struct json *object,
                          struct persona_options *ret_options);

// Record the job.
code persona_start(struct scope *scope, const struct persona_options *options, int64_t *ret_job_id);
// The job kind "persona" (store/job.h). Its result names the run (analyze/run).
code persona_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                 struct json_writer *result);

// The name that people gave persona `number`, kept from run to run; empty: back to the one that
// describes it. INVALID when it is too long or no text.
code persona_rename(struct scope *scope, int64_t number, struct text name);

enum { PERSONA_NUMBERS_MOST = 1000 };
struct persona_names {
    size_t count;
    int64_t *numbers;
    struct text *names;
};
code persona_names_read(struct scope *scope, struct persona_names *ret_names);
struct text persona_name_of(const struct persona_names *names, int64_t number); // empty: none

// ---- the model: what assigns a customer ----

struct persona_model {
    enum persona_method method;
    uint32_t features;
    int64_t window_days;
    struct persona_columns columns;
    double means[PERSONA_COLUMNS_MOST], deviations[PERSONA_COLUMNS_MOST]; // of (the log of) each
    size_t k;
    double *centres;                 // k × columns, scaled
    struct gaussian_mixture mixture; // of PERSONA_GAUSSIAN_MIXTURE
    int64_t numbers[PERSONA_K_MOST]; // of the personas
    int64_t last_number;             // ever given
};

// Drops columns that do not vary, and learns how the others are scaled. The names of what was
// dropped are added to *dropped.
void persona_model_scale(struct scope *scope, struct persona_model *model,
                         struct persona_data *data, struct buffer *dropped);
// count × columns, scaled as the model says.
struct points persona_model_points(struct scope *scope, const struct persona_model *model,
                                   const struct persona_data *data);
// The group of each point, and how certain it is: 0 … 1.
code persona_model_assign(struct scope *scope, const struct persona_model *model,
                          const struct points *points, int threads, uint32_t *ret_labels,
                          double *ret_certainty);
void persona_model_write(struct json_writer *writer, const struct persona_model *model);
// INVALID when the document is none that persona_model_write wrote.
code persona_model_read(struct scope *scope, const struct json *object,
                        struct persona_model *ret_model);

// ---- what a run works out, in order; for the parts of this noun ----

struct persona_choice { // of one k
    size_t k;
    double inertia, silhouette, bic, stability; // NaN: not known
};

struct persona {
    struct persona_options options;
    int32_t first_day, last_day;
    struct persona_span span, before; // before.end_day < first_day: nothing to compare with
    int64_t change_id;
    struct text currency;
    struct buffer *dropped; // features that do not vary
    struct persona_model model;
    struct persona_data data, earlier;
    struct points points;
    uint32_t *labels, *earlier_labels;
    double *certainty;
    struct persona_choice choices[PERSONA_K_MOST];
    size_t choice_count;
    const char *reason; // why this k
    size_t sample;      // customers on whom k was chosen
    double inertia, mean_log_likelihood;
    int iterations;
    bool converged;
    int64_t *scores[3];
};

// Sets model.k, choices and reason.
code persona_choose(struct scope *scope, struct persona *persona, int threads);
// The result of the run, as JSON.
code persona_write(struct scope *scope, struct json_writer *writer, const struct persona *persona);

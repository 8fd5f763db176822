// SPDX-License-Identifier: Apache-2.0
// Drivers: what goes with spend per receipt, items, visits … A linear regression over one row per
// receipt or per customer of the lake. docs/drivers.md tells people how to read it, and what it is
// not: a proof of causes.
//
// Rows are read once, as one column per field (a number, or two bytes of a level); the kernel's
// second pass goes over these columns.
#pragma once

#include "analyze/metric/statement.h"
#include "analyze/regression/correlation_kernel.h"
#include "analyze/regression/regression_kernel.h"
#include "base/json.h"

enum {
    REGRESSION_VERSION = 1,      // of the computation: raise it when digits change
    REGRESSION_DRIVERS = 12,     // at most
    REGRESSION_INTERACTIONS = 6, // at most
    REGRESSION_LEVELS = 30,      // shown of a driver; the rarer ones are one more together
    REGRESSION_LEVEL_ROWS = 10,  // a level with fewer, and less than 2 %, is one of the rarer ones
    REGRESSION_FIELDS = 7,       // of a request
    REGRESSION_NO_DAY = INT32_MIN, // a period that is open at this end
    REGRESSION_ROWS_MOST = 50000000,
};

// ---- what can be asked about ----

enum regression_unit { REGRESSION_OF_RECEIPTS, REGRESSION_OF_CUSTOMERS };
extern const char *const regression_units[]; // "receipts", "customers", NULL

enum regression_type {
    REGRESSION_AMOUNT,  // a number in the currency
    REGRESSION_COUNT,   // a number
    REGRESSION_DAYS,    // a number
    REGRESSION_PERCENT, // a number
    REGRESSION_TEXT,    // levels, by their name
    REGRESSION_WEEKDAY, // levels 1 … 7
    REGRESSION_HOUR,    // levels 0 … 23
    REGRESSION_MONTH,   // levels 1 … 12
    REGRESSION_YES_NO,  // levels 0 and 1
};

// To add one: a row in regression_field.c, and in docs/drivers.md.
struct regression_field {
    const char *name, *label;
    enum regression_type type;
    bool can_be_outcome, can_be_driver;
    const char *expression; // of SQL
    unsigned needs;         // bits of enum regression_need
    const char *help;
};
enum regression_need {
    REGRESSION_NEEDS_STORE = 1u << 0,
    REGRESSION_NEEDS_HISTORY = 1u << 1, // of the customer, before the receipt
    REGRESSION_NEEDS_LINES = 1u << 2,
    REGRESSION_NEEDS_CATEGORY = 1u << 3, // of a receipt: the one that most is spent on
    REGRESSION_NEEDS_PERSON = 1u << 4,   // what is known of the customer
    REGRESSION_NEEDS_USUAL = 1u << 5,    // store and channel that a customer bought in most
};
size_t regression_field_count(enum regression_unit unit);
const struct regression_field *regression_field_at(enum regression_unit unit, size_t i);
bool regression_is_number(const struct regression_field *field);

// ---- options ----

struct regression_options {
    enum regression_unit unit;
    const struct regression_field *outcome;
    const struct regression_field *drivers[REGRESSION_DRIVERS];
    size_t driver_count;
    size_t interactions[REGRESSION_INTERACTIONS][2]; // places among the drivers
    size_t interaction_count;
    bool is_logarithmic; // of the outcome
    int32_t from_day, to_day;
    double confidence_percent;
};
extern const struct json_field regression_request_fields[REGRESSION_FIELDS];
// INVALID with the field for what does not exist or fit.
code regression_read_options(struct scope *scope, const struct json *object,
                             struct regression_options *ret_options);
struct text regression_options_json(struct scope *scope, const struct regression_options *options);

code regression_start(struct scope *scope, const struct regression_options *options,
                      int64_t *ret_job_id);
// The job kind "regression" (store/job.h). Its result names the run (analyze/run).
code regression_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                    struct json_writer *result);

// ---- what a run works out; for the parts of this noun ----

struct regression_level {
    struct text name;
    int64_t row_count;
};

struct regression_table {
    size_t row_count;
    int64_t *ids; // of the receipts or customers
    double *outcome;
    struct regression_column columns[REGRESSION_DRIVERS]; // one per driver
    struct regression_level *levels[REGRESSION_DRIVERS];  // level_count of them
    int64_t incomplete_count, not_positive_count;         // rows that were left out
    int64_t merged_levels[REGRESSION_DRIVERS];            // that "other" stands for
    struct text currency;                                 // empty where none is needed
    int32_t first_day, last_day;
};
// The statement that reads all rows: id, outcome, drivers; in the order of time.
void regression_compile(struct statement *statement, const struct regression_options *options);
code regression_read(struct scope *scope, const struct regression_options *options,
                     struct regression_table *ret_table);

// Two variables: the outcome (0) or numeric drivers (1 + their place).
struct regression_correlation {
    size_t variables[2];
    struct correlation pearson, spearman;
    double pearson_q, spearman_q; // p, made good for the number of pairs
};

struct regression_analysis {
    struct regression_options options;
    struct regression_table table;
    int64_t change_id;
    struct regression_term terms[REGRESSION_DRIVERS + REGRESSION_INTERACTIONS];
    size_t term_count;
    struct regression_fit fit;
    double *discoveries; // of the coefficients: robust p, made good for their number
    struct regression_correlation *correlations;
    size_t correlation_count, correlation_rows;
};
void regression_write(struct scope *scope, struct json_writer *writer,
                      const struct regression_analysis *analysis);

// SPDX-License-Identifier: Apache-2.0
// Planning a test before it is made: how many customers it takes to find the smallest effect worth
// knowing, or what can be found with those there are; in figures, as a curve and in words.
#pragma once

#include "base/json.h"

struct sample_plan {
    double baseline; // share of customers that do it without the treatment; 0: a mean instead
    double mean, deviation; // of a figure per customer without the treatment
    double effect;     // the smallest change worth knowing, as a share of the baseline; 0: none
    double customers;  // that each group has; 0: what it takes
    double per_day;    // customers that come into the test each day, all groups; 0: not known
    double power;      // .8: of how many such effects are found
    double confidence; // .95
    double groups;     // with the control; every other one is compared with it
    double outcomes;   // that will be compared
};

struct sample_field {
    const char *name; // of a request's parameter
    size_t offset;
    bool is_percent; // written as percent
    bool is_whole;
    double minimum, maximum; // as it is written; both are allowed
};
enum { SAMPLE_FIELDS = 10 };
extern const struct sample_field sample_fields[SAMPLE_FIELDS];

struct sample_plan sample_plan_usual(void);
// Sets one field by the text it was given as. INVALID for a figure outside its range.
code sample_plan_read(struct scope *scope, struct sample_plan *plan,
                      const struct sample_field *field, struct text text);
// Writes an object: the figures, "reading" and "warnings" in words, the table "curve". INVALID for
// a plan that says too little, or too much, or nothing that can be found.
code sample_plan_write(struct scope *scope, const struct sample_plan *plan,
                       struct json_writer *writer);

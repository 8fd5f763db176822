// SPDX-License-Identifier: Apache-2.0
// What models read of each customer: one statement each, which a model asks of the days it binds,
// and which the lake shows as a view of the same rows, as of the model's latest run. The statements
// and what the columns of the views mean: model_input.sql.
#pragma once

#include "store/rows.h"

// To add one: its statement and its view in model_input.sql, a line in model_input.c, a higher
// LAKE_VERSION.
enum model_input {
    MODEL_INPUT_PURCHASES, // $1 last day, $2 last day before the split, $3 days of an opportunity
    MODEL_INPUT_CHURN,     // $1 last day, $2 days within which they bought, $3 every so many
    MODEL_INPUT_PERSONA,   // $1 last day, $2 the day before the first
    MODEL_INPUTS,
};

// Of the lake, in order of the customers.
code model_input_query(struct scope *scope, enum model_input input, struct binds binds,
                       struct rows **ret_rows);

// CREATE OR REPLACE VIEW …, for either database: names without a schema, behind the lake's own
// tables and views.
void model_input_write_view(enum model_input input, struct buffer *out);

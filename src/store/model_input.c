// SPDX-License-Identifier: Apache-2.0
#include "store/model_input.h"

#include "model_input_sql.h"
#include "store/lake.h"

static const struct {
    const char *statement;
    const char *view; // up to where the statement stands
} model_inputs[MODEL_INPUTS] = {
    [MODEL_INPUT_PURCHASES] = {sql_purchase_records, sql_purchase_history},
    [MODEL_INPUT_CHURN] = {sql_churn_features, sql_churn_feature},
    [MODEL_INPUT_PERSONA] = {sql_persona_measures, sql_persona_feature},
};

code model_input_query(struct scope *scope, enum model_input input, struct binds binds,
                       struct rows **ret_rows) {
    return lake_query(scope, model_inputs[input].statement, binds, ret_rows);
}

// A view binds nothing: in the place of each value stands what the view says was given.
void model_input_write_view(enum model_input input, struct buffer *out) {
    buffer_printf(out, "%s (\n", model_inputs[input].view);
    for (const char *byte = model_inputs[input].statement; *byte != '\0'; byte++)
        if (*byte == '$')
            buffer_printf(out, "(SELECT given_%c FROM given)", *++byte);
        else
            buffer_add_char(out, *byte);
    buffer_add_string(out, ") AS input");
}

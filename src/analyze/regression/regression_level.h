// SPDX-License-Identifier: Apache-2.0
// The levels of a driver while its rows are read: each name gets a code when it is met first; at
// the end the rare ones become one, and the codes stand in an order that rows have no part in.
#pragma once

#include "analyze/regression/regression.h"

struct level_table;
struct level_table *level_table_new(struct scope *scope, enum regression_type type);
// TOO_LARGE past 60,000 different names.
code level_table_code(struct scope *scope, struct level_table *table, const struct rows *rows,
                      size_t column, uint16_t *ret_code);
// Takes a row that is left out back.
void level_table_forget(struct level_table *table, uint16_t level);
// Codes of the rows are changed to the final ones. The level with the most rows is the
// reference, but never "(other)", which nobody can picture.
void level_table_finish(struct scope *scope, struct level_table *table, uint16_t *codes,
                        size_t row_count, struct regression_column *ret_column,
                        struct regression_level **ret_levels, int64_t *ret_merged);

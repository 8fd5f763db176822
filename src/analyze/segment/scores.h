// SPDX-License-Identifier: Apache-2.0
// The compiler's part that scores customers: clauses about RFM ask a query of their own, whose
// definition is that of the RFM report. Clauses with the same filters and days share it.
#pragma once

#include "analyze/segment/aggregate.h"

// Works out what the tree's clauses about RFM ask; before anything else is bound.
code scores_prepare(struct compiler *compiler, const struct segment_node *tree);
// "rfm0.recency"
const char *scores_column(struct compiler *compiler, const struct segment_clause *clause);
// "WITH rfm0 AS (…)", beginning with `joint`.
void scores_write_tables(const struct compiler *compiler, struct buffer *out, const char *joint);
void scores_write_joins(const struct compiler *compiler, struct buffer *out);

// SPDX-License-Identifier: Apache-2.0
// Business rules instead of quintiles: a measure is scored by edges that the house has set, so that
// a score means the same next year, whatever the other customers do.
#pragma once

#include "analyze/rfm/rfm.h"

enum { RFM_EDGES = RFM_SCORES - 1 };

enum rfm_measure { RFM_RECENCY, RFM_FREQUENCY, RFM_MONETARY, RFM_MEASURES };

struct rfm_rule {
    bool is_set; // false: quintiles
    // Ascending. Recency: at most the first edge scores 5, more than the last one 1. The others: at
    // least the last edge scores 5, less than the first one 1. Days, receipts, micros.
    int64_t edges[RFM_EDGES];
};
struct rfm_rules {
    struct rfm_rule of[RFM_MEASURES];
};

// "30,90,180,365", amounts in units of the currency; nothing for an empty text. INVALID, naming
// the field, for anything but four ascending numbers.
code rfm_rule_parse(struct scope *scope, enum rfm_measure measure, const char *field,
                    struct text text, struct rfm_rule *ret_rule);
uint8_t rfm_rule_score(const struct rfm_rule *rule, enum rfm_measure measure, int64_t value);
// Scores those measures anew that have a rule, and groups all customers by the result.
void rfm_apply_rules(struct rfm *rfm, const struct rfm_rules *rules);

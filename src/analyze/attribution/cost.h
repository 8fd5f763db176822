// SPDX-License-Identifier: Apache-2.0
// What channels cost in which days, noted down once, so that every attribution reads the costs of
// its period. A channel is named as attribution names it; entries of one channel add up.
#pragma once

#include "base/json.h"

enum { CHANNEL_COST_FIELDS = 5 };

// As it is written in JSON.
struct channel_cost_entry {
    struct text channel;
    struct text from, until; // days like 2025-12-31, both included
    double amount;           // over all these days, evenly
    struct text currency;    // ISO 4217
};
extern const struct json_field channel_cost_fields[CHANNEL_COST_FIELDS];

// In the open transaction. An entry of the same channel, days and currency is replaced. INVALID
// with the field for what cannot be.
code channel_cost_put(struct scope *scope, const struct channel_cost_entry *entry);
// NOT_FOUND.
code channel_cost_delete(struct scope *scope, int64_t id);

// What one channel cost within a period.
struct channel_cost {
    struct text channel;
    double cost;
};
// Of each channel with an entry in this currency that touches the days `from_day` … `until_day`:
// of entries that reach beyond, the share of their days. By name; in the scope's arena.
// *ret_other_count is how many entries were left out for their currency.
code channel_costs_read(struct scope *scope, int32_t from_day, int32_t until_day,
                        struct text currency, struct channel_cost **ret_costs, size_t *ret_count,
                        size_t *ret_other_count);

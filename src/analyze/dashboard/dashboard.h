// SPDX-License-Identifier: Apache-2.0
// Pages that people put together from metrics, segments, analyses and their own words. A dashboard
// is its definition, JSON: which days, and tiles in their order. It holds no numbers: whoever opens
// it sees those of now, as far as they may.
#pragma once

#include "base/json.h"
#include "base/scope.h"

enum { DASHBOARD_TILES = 40, DASHBOARD_TEXT_BYTES = 4000 };

struct dashboard {
    struct text name, description;
    struct text definition; // JSON
    struct text actor;      // who changed it last
    int64_t changed_at_us;
};

// {"period": PRESET, "compare": "", "year" or "previous", "tiles": [{"kind": KIND, …}]}. INVALID
// names the tile (from 1) and what is wrong with it.
code dashboard_check(struct scope *scope, const struct json *definition);

// Keeps it under its name, in the place of an earlier one. INVALID also for a name that cannot be.
code dashboard_put(struct scope *scope, struct text name, struct text description,
                   const struct json *definition);
// NOT_FOUND.
code dashboard_find(struct scope *scope, struct text name, struct dashboard *ret_dashboard);
code dashboard_delete(struct scope *scope, struct text name);

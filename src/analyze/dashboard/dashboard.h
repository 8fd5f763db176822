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

enum dashboard_tile_kind {
    TILE_FIGURE, // a metric, beside the earlier period and a target
    TILE_CHART,  // a metric by a dimension
    TILE_TABLE,  // metrics by a dimension
    TILE_TEXT,
    TILE_SEGMENT, // how many are in it, and how that went
    TILE_BRIDGE,  // why revenue changed
    TILE_FORECAST,
    TILE_KINDS
};
enum dashboard_shape { TILE_BARS, TILE_LINE };
enum dashboard_way { TILE_BY_ARTICLES, TILE_BY_RECEIPTS, TILE_BY_CUSTOMERS };
struct dashboard_tile {
    int kind, shape, way;
    struct text title, metric, by, text, segment; // without data: none is said
    double target;                                // NAN: none
    int64_t width;                                // quarters of the page
};

enum dashboard_period {
    DASHBOARD_LAST_30,
    DASHBOARD_LAST_90,
    DASHBOARD_LAST_12_MONTHS,
    DASHBOARD_YEAR,
    DASHBOARD_LAST_YEAR,
    DASHBOARD_ALL
};
struct dashboard_layout {
    int period; // enum dashboard_period
    struct text compare;
    struct dashboard_tile *tiles;
    size_t tile_count;
};
// As dashboard_check, and gives what the definition says, in the arena.
code dashboard_read(struct scope *scope, const struct json *definition,
                    struct dashboard_layout *ret_layout);

// {"period": PRESET, "compare": "", "year" or "previous", "tiles": [{"kind": KIND, …}]}. INVALID
// names the tile (from 1) and what is wrong with it.
code dashboard_check(struct scope *scope, const struct json *definition);

// Keeps it under its name, in the place of an earlier one. INVALID also for a name that cannot be.
code dashboard_put(struct scope *scope, struct text name, struct text description,
                   const struct json *definition);
// NOT_FOUND.
code dashboard_find(struct scope *scope, struct text name, struct dashboard *ret_dashboard);
code dashboard_delete(struct scope *scope, struct text name);

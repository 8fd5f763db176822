// SPDX-License-Identifier: Apache-2.0
#include "analyze/dashboard/dashboard.h"

#include "analyze/metric/comparison.h"
#include "base/name.h"
#include "dashboard_sql.h"
#include "store/ledger.h"

#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

// ---- definitions ----

static const char *const kind_names[] = {"figure",  "chart",  "table",    "text",
                                         "segment", "bridge", "forecast", NULL};
static const char *const shape_names[] = {"bar", "line", NULL};
static const char *const way_names[] = {"articles", "receipts", "customers", NULL};
static const char *const period_names[] = {"last30", "last90", "last12months", "year", "lastYear",
                                           "all",    NULL};

#define AT(member) offsetof(struct dashboard_tile, member)
static const struct json_field tile_fields[] = {
    {"kind", JSON_FIELD_ENUM, AT(kind), true, kind_names, "what it shows"},
    {"title", JSON_FIELD_TEXT, AT(title), false, NULL, "its heading"},
    {"metric", JSON_FIELD_TEXT, AT(metric), false, NULL, "names of metrics, with commas"},
    {"by", JSON_FIELD_TEXT, AT(by), false, NULL, "a dimension"},
    {"shape", JSON_FIELD_ENUM, AT(shape), false, shape_names, "of a chart"},
    {"way", JSON_FIELD_ENUM, AT(way), false, way_names, "of telling why revenue changed"},
    {"text", JSON_FIELD_TEXT, AT(text), false, NULL, "words"},
    {"segment", JSON_FIELD_TEXT, AT(segment), false, NULL, "name of a segment"},
    {"target", JSON_FIELD_DOUBLE, AT(target), false, NULL, "what the figure should reach"},
    {"width", JSON_FIELD_INT64, AT(width), false, NULL, "1 … 4 quarters of the page"},
};
#undef AT

struct layout {
    int period;
    struct text compare;
    const struct json *tiles;
};
static const struct json_field layout_fields[] = {
    {"period", JSON_FIELD_ENUM, offsetof(struct layout, period), false, period_names, "which days"},
    {"compare", JSON_FIELD_TEXT, offsetof(struct layout, compare), false, NULL,
     "the earlier period beside: year, previous or nothing"},
    {"tiles", JSON_FIELD_JSON, offsetof(struct layout, tiles), true, NULL, "in their order"},
};

static code check_metrics(struct scope *scope, struct text names) {
    const struct metric *metric;

    if (names.size == 0)
        return scope_fail(scope, INVALID, "it names no metric");
    while (names.size > 0)
        TRY(metric_find(scope, text_trim(text_split(names, ',', &names)), &metric));
    return OK;
}

static code check_tile(struct scope *scope, const struct dashboard_tile *tile) {
    const struct dimension *dimension;

    if (tile->width < 1 || tile->width > 4)
        return scope_fail(scope, INVALID, "a width of %lld is none of 1 to 4",
                          (long long)tile->width);
    if (tile->kind == TILE_FIGURE || tile->kind == TILE_CHART || tile->kind == TILE_TABLE)
        TRY(check_metrics(scope, tile->metric));
    if (tile->kind == TILE_CHART || tile->kind == TILE_TABLE)
        TRY(dimension_find(scope, tile->by, &dimension));
    if (tile->kind == TILE_TEXT && tile->text.size == 0)
        return scope_fail(scope, INVALID, "it has no words");
    if (tile->text.size > DASHBOARD_TEXT_BYTES)
        return scope_fail(scope, TOO_LARGE, "its words are past %d bytes", DASHBOARD_TEXT_BYTES);
    if (tile->kind == TILE_SEGMENT && tile->segment.size == 0)
        return scope_fail(scope, INVALID, "it names no segment");
    return OK;
}

// The failure of a tile, with its number before it.
static code fail_tile(struct scope *scope, int number) {
    const struct failure failure = scope->failure;

    scope_forgive(scope);
    scope_fail_field(scope, failure.code, "definition", "tile %d: %.300s", number, failure.message);
    return failure.hint[0] != '\0' ? scope_hint(scope, "%s", failure.hint) : failure.code;
}

static code read_fields(struct scope *scope, const struct json *object,
                        const struct json_field *fields, size_t field_count, void *record) {
    TRY(json_check_members(scope, object, fields, field_count));
    return json_read_record(scope, object, fields, field_count, record);
}

code dashboard_read(struct scope *scope, const struct json *definition,
                    struct dashboard_layout *ret_layout) {
    struct layout layout = {.period = DASHBOARD_LAST_12_MONTHS, .compare = TEXT("")};
    struct dashboard_tile *tiles;
    int number = 0;

    TRY(read_fields(scope, definition, layout_fields, COUNT_OF(layout_fields), &layout));
    if (layout.compare.size > 0 && comparison_of(layout.compare) == COMPARE_NOTHING)
        return scope_fail_field(scope, INVALID, "definition",
                                "\"%.*s\" is nothing to compare with: year or previous",
                                TEXT_ARG(layout.compare));
    if (layout.tiles->type != JSON_ARRAY || layout.tiles->count > DASHBOARD_TILES)
        return scope_fail_field(scope, INVALID, "definition", "tiles are a list of at most %d",
                                DASHBOARD_TILES);
    tiles = arena_array(&scope->arena, DASHBOARD_TILES, sizeof(*tiles));
    for (const struct json *json = layout.tiles->first; json; json = json->next) {
        struct dashboard_tile tile = {.width = 1, .target = NAN};

        if (read_fields(scope, json, tile_fields, COUNT_OF(tile_fields), &tile) != OK ||
            check_tile(scope, &tile) != OK)
            return fail_tile(scope, number + 1);
        tiles[number++] = tile;
    }
    *ret_layout = (struct dashboard_layout){layout.period, layout.compare, tiles, (size_t)number};
    return OK;
}

code dashboard_check(struct scope *scope, const struct json *definition) {
    struct dashboard_layout layout;

    return dashboard_read(scope, definition, &layout);
}

// ---- keeping ----

code dashboard_put(struct scope *scope, struct text name, struct text description,
                   const struct json *definition) {
    CLEANUP(buffer_clear) struct buffer written = {0};
    struct json_writer writer;

    TRY(name_check(scope, name));
    if (description.size > DASHBOARD_TEXT_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "description", "a description is past %d bytes",
                                DASHBOARD_TEXT_BYTES);
    TRY(dashboard_check(scope, definition));
    json_writer_init(&writer, &written);
    json_write(&writer, definition);
    return ledger_exec(scope, sql_dashboard_put,
                       BINDS(BIND_TEXT(name), BIND_TEXT(description),
                             BIND_TEXT(buffer_text(&written)), BIND_STRING(scope->actor.name),
                             BIND_INT64(scope->now_us)));
}

code dashboard_find(struct scope *scope, struct text name, struct dashboard *ret_dashboard) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct arena *arena = &scope->arena;
    bool found;

    TRY(ledger_find(scope, sql_dashboard_find, BINDS(BIND_TEXT(name)), &rows, &found));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "there is no dashboard \"%.*s\"", TEXT_ARG(name));
        return scope_hint(scope, "see them with: tessera dashboard list");
    }
    *ret_dashboard = (struct dashboard){
        .name = text_copy(arena, rows_text(rows, 0)),
        .description = text_copy(arena, rows_text(rows, 1)),
        .definition = text_copy(arena, rows_text(rows, 2)),
        .actor = text_copy(arena, rows_text(rows, 3)),
        .changed_at_us = rows_int64(rows, 4),
    };
    return OK;
}

code dashboard_delete(struct scope *scope, struct text name) {
    struct dashboard dashboard;

    TRY(dashboard_find(scope, name, &dashboard));
    return ledger_exec(scope, sql_dashboard_delete, BINDS(BIND_TEXT(name)));
}

// SPDX-License-Identifier: Apache-2.0
// The days are those that the dashboard names, counted back from the last sale, as its page does.
#include "analyze/bridge/bridge.h"
#include "analyze/dashboard/dashboard.h"
#include "analyze/metric/comparison.h"
#include "analyze/report/report.h"
#include "analyze/run/run.h"
#include "base/time.h"
#include "govern/access/access.h"
#include "push/sheet/sheet.h"
#include "push/sheet/sheet_segment.h"
#include "store/lake.h"
#include "store/setting.h"

#include <math.h>

enum { BARS_MOST = 12 };

struct reader {
    struct dashboard_layout layout;
    struct selection now, before;
    enum comparison comparison;
    struct text compared_with; // "a year before", of notes
};

// ---- the days ----

static int32_t months_before(int32_t day, int months) {
    int year, month, of_month;

    day_to_civil(day, &year, &month, &of_month);
    month -= months;
    while (month < 1) {
        month += 12;
        year--;
    }
    return day_from_civil(year, month, 1);
}

static struct selection days_of(int period, const struct report_span *span) {
    struct selection days = {.has_from = true, .has_to = true, .to_day = span->last_day};
    int year, month, of_month;

    day_to_civil(span->last_day, &year, &month, &of_month);
    switch ((enum dashboard_period)period) {
    case DASHBOARD_LAST_30:
        days.from_day = span->last_day - 29;
        break;
    case DASHBOARD_LAST_90:
        days.from_day = span->last_day - 89;
        break;
    case DASHBOARD_LAST_12_MONTHS:
        days.from_day = months_before(span->last_day, 11);
        break;
    case DASHBOARD_YEAR:
        days.from_day = day_from_civil(year, 1, 1);
        break;
    case DASHBOARD_LAST_YEAR:
        days.from_day = day_from_civil(year - 1, 1, 1);
        days.to_day = day_from_civil(year, 1, 1) - 1;
        break;
    case DASHBOARD_ALL:
        days.from_day = span->first_day;
        break;
    }
    return days;
}

static struct text days_text(struct arena *arena, const struct selection *days) {
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];

    return text_printf(arena, "%s – %s", day_format(days->from_day, from),
                       day_format(days->to_day, to));
}

static code choose_days(struct scope *scope, struct reader *reader, struct sheet *sheet) {
    struct arena *arena = &scope->arena;
    struct report_span span;

    TRY(report_span(scope, &span));
    if (span.currency_count == 0) {
        sheet->days = TEXT("There are no sales yet.");
        return OK;
    }
    reader->now = days_of(reader->layout.period, &span);
    sheet->days = days_text(arena, &reader->now);
    if (reader->comparison == COMPARE_NOTHING)
        return OK;
    TRY(comparison_before(scope, &reader->now, reader->comparison, &reader->before));
    sheet->days = text_printf(arena, "%.*s, beside %.*s", TEXT_ARG(sheet->days),
                              TEXT_ARG(days_text(arena, &reader->before)));
    return OK;
}

// ---- values ----

static double value_of(const struct metric *metric, const struct rows *rows, size_t column) {
    if (rows_is_null(rows, column))
        return NAN;
    switch (metric->type) {
    case METRIC_MONEY:
    case METRIC_QUANTITY:
        return (double)rows_int64(rows, column) / 1e6;
    case METRIC_COUNT:
        return (double)rows_int64(rows, column);
    case METRIC_NUMBER:
    case METRIC_SHARE:
        break;
    }
    return rows_double(rows, column);
}

static struct text written(struct arena *arena, const struct metric *metric, struct text currency,
                           double value) {
    if (metric->type == METRIC_SHARE && isfinite(value))
        return text_printf(arena, "%.1f %%", 100 * value);
    if (metric->type == METRIC_MONEY && isfinite(value))
        return text_printf(arena, "%.*s %.*s", TEXT_ARG(sheet_number(arena, value)),
                           TEXT_ARG(currency));
    return sheet_number(arena, value);
}

static struct text first_of(struct text names) {
    struct text rest;

    return text_trim(text_split(names, ',', &rest));
}

static code one_value(struct scope *scope, const struct metric *metric,
                      const struct selection *days, double *ret_value, struct text *ret_currency) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct metric_query query = {.metrics = {metric}, .metric_count = 1, .selection = *days};

    TRY(metric_run(scope, &query, &rows, ret_currency));
    *ret_value = rows_next(rows) ? value_of(metric, rows, 0) : NAN;
    return rows_end(rows);
}

static void note_change(struct scope *scope, const struct reader *reader, double now, double before,
                        struct sheet_tile *tile) {
    const double change = now / before - 1;

    if (!isfinite(change) || before <= 0)
        return;
    tile->trend = (change > 0.0005) - (change < -0.0005);
    tile->note =
        text_printf(&scope->arena, "%+.1f %% %.*s", 100 * change, TEXT_ARG(reader->compared_with));
}

static code read_figure(struct scope *scope, const struct reader *reader,
                        const struct dashboard_tile *wanted, struct sheet_tile *tile) {
    const struct metric *metric;
    struct text currency, earlier_currency;
    double now, before;

    TRY(metric_find(scope, first_of(wanted->metric), &metric));
    TRY(one_value(scope, metric, &reader->now, &now, &currency));
    tile->shape = SHEET_FIGURE;
    tile->value = written(&scope->arena, metric, currency, now);
    if (tile->title.size == 0)
        tile->title = text_of(metric->label);
    if (reader->comparison != COMPARE_NOTHING) {
        TRY(one_value(scope, metric, &reader->before, &before, &earlier_currency));
        note_change(scope, reader, now, before, tile);
    }
    if (isfinite(wanted->target) && wanted->target != 0) {
        tile->progress = now / wanted->target;
        tile->note = text_printf(&scope->arena, "%.0f %% of %.*s%s%.*s", 100 * tile->progress,
                                 TEXT_ARG(written(&scope->arena, metric, currency, wanted->target)),
                                 tile->note.size > 0 ? "; " : "", TEXT_ARG(tile->note));
    }
    return OK;
}

// A code and a name: the name, where there is one.
static struct text name_of(struct scope *scope, const struct dimension *dimension,
                           const struct rows *rows) {
    struct text name = {0};

    if (dimension_width(dimension) > 1 && !rows_is_null(rows, 1))
        name = text_copy(&scope->arena, rows_text(rows, 1));
    if (name.size == 0)
        name = dimension_text(&scope->arena, dimension, rows, 0);
    return name.data ? name : TEXT("none stated");
}

static code ask(struct scope *scope, const struct reader *reader,
                const struct dashboard_tile *wanted, struct metric_query *query, struct rows **rows,
                struct text *ret_currency) {
    struct text names = wanted->metric;

    *query = (struct metric_query){.selection = reader->now};
    while (names.size > 0 && query->metric_count < SHEET_COLUMNS_MOST - 1)
        TRY(metric_query_add(scope, query, text_trim(text_split(names, ',', &names))));
    TRY(metric_query_by(scope, query, wanted->by));
    return metric_run(scope, query, rows, ret_currency);
}

static code read_chart(struct scope *scope, const struct reader *reader,
                       const struct dashboard_tile *wanted, struct sheet_tile *tile) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct metric_query query;
    const struct dimension *dimension;
    size_t most;

    TRY(ask(scope, reader, wanted, &query, &rows, &tile->unit));
    dimension = query.dimensions[0];
    tile->shape = !dimension_is_time(dimension) ? SHEET_BARS
                  : wanted->shape == TILE_LINE  ? SHEET_LINE
                                                : SHEET_COLUMNS;
    most = tile->shape == SHEET_BARS ? BARS_MOST : SHEET_POINTS_MOST;
    tile->points = arena_array(&scope->arena, most, sizeof(*tile->points));
    while (rows_next(rows)) {
        const double value = value_of(query.metrics[0], rows, dimension_width(dimension));

        if (tile->point_count == most) {
            tile->left_out++;
            continue;
        }
        tile->points[tile->point_count++] = (struct sheet_point){
            .label = name_of(scope, dimension, rows), .value = value, .low = NAN, .high = NAN};
    }
    if (tile->title.size == 0)
        tile->title =
            text_printf(&scope->arena, "%s by %s", query.metrics[0]->label, dimension->label);
    if (query.metrics[0]->type == METRIC_MONEY && tile->unit.size > 0)
        tile->title =
            text_printf(&scope->arena, "%.*s, %.*s", TEXT_ARG(tile->title), TEXT_ARG(tile->unit));
    return rows_end(rows);
}

static code read_table(struct scope *scope, const struct reader *reader,
                       const struct dashboard_tile *wanted, struct sheet_tile *tile) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct arena *arena = &scope->arena;
    struct metric_query query;
    struct text currency;
    size_t columns;

    TRY(ask(scope, reader, wanted, &query, &rows, &currency));
    columns = query.metric_count + 1;
    tile->shape = SHEET_TABLE;
    if (tile->title.size == 0)
        tile->title =
            text_printf(arena, "%s by %s", query.metrics[0]->label, query.dimensions[0]->label);
    tile->column_count = columns;
    tile->heads = arena_array(arena, columns, sizeof(*tile->heads));
    tile->cells = arena_array(arena, columns * SHEET_ROWS_MOST, sizeof(*tile->cells));
    tile->heads[0] = text_of(query.dimensions[0]->label);
    for (size_t c = 1; c < columns; c++) {
        tile->heads[c] = text_of(query.metrics[c - 1]->label);
        tile->is_number[c] = true;
    }
    while (rows_next(rows)) {
        if (tile->row_count == SHEET_ROWS_MOST) {
            tile->left_out++;
            continue;
        }
        tile->cells[tile->row_count * columns] = name_of(scope, query.dimensions[0], rows);
        for (size_t c = 1; c < columns; c++)
            tile->cells[tile->row_count * columns + c] = written(
                arena, query.metrics[c - 1], currency,
                value_of(query.metrics[c - 1], rows, dimension_width(query.dimensions[0]) + c - 1));
        tile->row_count++;
    }
    return rows_end(rows);
}

// ---- segments, the bridge, the forecast ----

static void say(struct sheet_tile *tile, struct text words) {
    tile->shape = SHEET_WORDS;
    tile->words = words;
}

static code read_segment(struct scope *scope, const struct dashboard_tile *wanted,
                         struct sheet_tile *tile) {
    int64_t count;

    if (tile->title.size == 0)
        tile->title = wanted->segment;
    if (!(scope->actor.permissions & MAY_READ_SEGMENTS)) {
        say(tile, TEXT("Segments are not shown to you."));
        return OK;
    }
    TRY(sheet_segment_count(scope, wanted->segment, &count));
    tile->shape = SHEET_FIGURE;
    tile->value = sheet_number(&scope->arena, (double)count);
    tile->note = TEXT("customers today");
    return OK;
}

static void add_effect(struct sheet_tile *tile, const char *label, double micros) {
    tile->points[tile->point_count++] =
        (struct sheet_point){.label = text_of(label), .value = micros / 1e6};
}

static void fill_bridge(const struct bridge *bridge, int way, struct sheet_tile *tile) {
    static const char *const groups[BRIDGE_CUSTOMERS] = {
        [BRIDGE_NEW] = "New customers",
        [BRIDGE_BACK] = "Customers who came back",
        [BRIDGE_STAYED] = "Customers of both periods",
        [BRIDGE_LEFT] = "Customers who did not come again",
        [BRIDGE_ANONYMOUS] = "Receipts without a customer",
    };

    if (way == TILE_BY_ARTICLES) {
        add_effect(tile, "Volume: units sold", bridge->mix.volume);
        add_effect(tile, "Mix: dearer or cheaper", bridge->mix.mix);
        add_effect(tile, "Price of the same ones", bridge->mix.price);
        add_effect(tile, "Articles sold now only", bridge->mix.arrived);
        add_effect(tile, "Articles sold before only", bridge->mix.gone);
        add_effect(tile, "Returns and others", bridge->mix.other);
    } else if (way == TILE_BY_RECEIPTS) {
        add_effect(tile, "Number of sales", bridge->of_receipts);
        add_effect(tile, "Spend per sale", bridge->of_size);
        add_effect(tile, "What came back", bridge->of_refunds);
        add_effect(tile, "Adjustments", bridge->of_adjustments);
    } else
        for (int i = 0; i < BRIDGE_CUSTOMERS; i++)
            add_effect(tile, groups[i],
                       (double)(bridge->groups[i].micros[BRIDGE_NOW] -
                                bridge->groups[i].micros[BRIDGE_BEFORE]));
    add_effect(tile, "In all",
               (double)(bridge->micros[BRIDGE_NOW] - bridge->micros[BRIDGE_BEFORE]));
}

// Without a period to compare with, beside the year before.
static code read_bridge(struct scope *scope, const struct reader *reader,
                        const struct dashboard_tile *wanted, struct sheet_tile *tile) {
    struct selection before = reader->before;
    struct bridge bridge;

    if (reader->comparison == COMPARE_NOTHING)
        TRY(comparison_before(scope, &reader->now, COMPARE_YEAR, &before));
    TRY(bridge_make(scope, &before, &reader->now, &bridge));
    tile->shape = SHEET_BARS;
    tile->points = arena_array(&scope->arena, 8, sizeof(*tile->points));
    fill_bridge(&bridge, wanted->way, tile);
    if (tile->title.size == 0)
        tile->title =
            text_printf(&scope->arena, "Why revenue changed, %.*s", TEXT_ARG(bridge.currency));
    return OK;
}

static double number_of(const struct json *value) {
    if (!value || value->type == JSON_NULL)
        return NAN;
    return value->type == JSON_INT64 ? (double)value->int64 : value->number;
}

static const struct json *next_of(const struct json *value) {
    return value ? value->next : NULL;
}

static const struct json *items_of(const struct json *series, const char *name) {
    const struct json *list = json_member(series, name);

    return list && list->type == JSON_ARRAY ? list->first : NULL;
}

// The past as far back as the page has room for, then what is expected with its 80 percent range.
static void fill_forecast(struct scope *scope, const struct json *series, struct sheet_tile *tile) {
    const struct json *history = json_member(series, "history");
    const struct json *actual = items_of(series, "history"), *mean = items_of(series, "mean");
    const struct json *low = items_of(series, "low_80"), *high = items_of(series, "high_80");
    const struct json *periods = json_member(series, "periods");
    int64_t skip = (int64_t)periods->count - SHEET_POINTS_MOST;

    tile->points = arena_array(&scope->arena, SHEET_POINTS_MOST, sizeof(*tile->points));
    if (skip > (int64_t)history->count - 1)
        skip = (int64_t)history->count - 1;
    for (const struct json *period = periods->first;
         period && tile->point_count < SHEET_POINTS_MOST; period = period->next) {
        const bool is_ahead = actual == NULL;
        const struct sheet_point point = {.label = text_copy(&scope->arena, period->string),
                                          .value = number_of(is_ahead ? mean : actual),
                                          .low = is_ahead ? number_of(low) : NAN,
                                          .high = is_ahead ? number_of(high) : NAN,
                                          .is_ahead = is_ahead};

        actual = next_of(actual);
        if (is_ahead) {
            mean = next_of(mean);
            low = next_of(low);
            high = next_of(high);
        }
        if (skip-- <= 0)
            tile->points[tile->point_count++] = point;
    }
}

static code read_forecast(struct scope *scope, struct sheet_tile *tile) {
    const struct json *totals, *label;
    struct analysis_run run;
    struct json *result;
    bool found;

    if (tile->title.size == 0)
        tile->title = TEXT("Forecast");
    TRY(analysis_run_latest(scope, ANALYSIS_FORECAST, &run, &found));
    if (found)
        TRY(json_parse_own(scope, run.result, &result));
    totals = found ? json_member(result, "totals") : NULL;
    if (!totals || totals->type != JSON_ARRAY || totals->count == 0) {
        say(tile, TEXT("No forecast was made yet."));
        return OK;
    }
    label = json_member(totals->first, "metric_label");
    if (label && label->type == JSON_STRING)
        tile->title = text_printf(&scope->arena, "%.*s: %.*s", TEXT_ARG(tile->title),
                                  TEXT_ARG(label->string));
    tile->shape = SHEET_LINE;
    fill_forecast(scope, totals->first, tile);
    return OK;
}

// ---- the sheet ----

static code read_numbers(struct scope *scope, const struct reader *reader,
                         const struct dashboard_tile *wanted, struct sheet_tile *tile) {
    switch ((enum dashboard_tile_kind)wanted->kind) {
    case TILE_FIGURE:
        return read_figure(scope, reader, wanted, tile);
    case TILE_CHART:
        return read_chart(scope, reader, wanted, tile);
    case TILE_TABLE:
        return read_table(scope, reader, wanted, tile);
    case TILE_BRIDGE:
        return read_bridge(scope, reader, wanted, tile);
    case TILE_SEGMENT:
        return read_segment(scope, wanted, tile);
    case TILE_FORECAST:
        return read_forecast(scope, tile);
    case TILE_TEXT:
    case TILE_KINDS:
        break;
    }
    say(tile, wanted->text);
    return OK;
}

static bool is_of_tile(code failure) {
    return failure == INVALID || failure == NOT_FOUND || failure == CONFLICT ||
           failure == TOO_LARGE;
}

static code read_tile(struct scope *scope, const struct reader *reader,
                      const struct dashboard_tile *wanted, struct sheet_tile *tile) {
    *tile =
        (struct sheet_tile){.width = (int)wanted->width, .title = wanted->title, .progress = NAN};
    if (read_numbers(scope, reader, wanted, tile) == OK) {
        if (tile->shape != SHEET_FIGURE && tile->shape != SHEET_WORDS && tile->point_count == 0 &&
            tile->row_count == 0)
            say(tile, TEXT("There is nothing in these days."));
        return OK;
    }
    if (!is_of_tile(scope->failure.code))
        return scope->failure.code;
    say(tile, text_printf(&scope->arena, "It cannot be told: %s.", scope->failure.message));
    scope_forgive(scope);
    return OK;
}

// To the minute, where the business is.
static code tell_when(struct scope *scope, struct text *ret_made) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct settings settings;
    char instant[TIME_TEXT_SIZE];

    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &zone));
    time_format_local(zone, scope->now_us, instant);
    *ret_made = text_printf(&scope->arena, "Tessera, %.16s %.*s", instant, TEXT_ARG(settings.zone));
    return OK;
}

code sheet_read(struct scope *scope, struct text dashboard, struct sheet *ret_sheet) {
    struct reader reader = {0};
    struct dashboard kept;
    struct json *definition;
    struct sheet sheet = {0};

    TRY(dashboard_find(scope, dashboard, &kept));
    TRY(json_parse_own(scope, kept.definition, &definition));
    TRY(dashboard_read(scope, definition, &reader.layout));
    reader.comparison = comparison_of(reader.layout.compare);
    reader.compared_with =
        reader.comparison == COMPARE_YEAR ? TEXT("on a year before") : TEXT("on the days before");
    TRY(lake_refresh(scope));
    sheet.name = kept.name;
    sheet.description = kept.description;
    TRY(tell_when(scope, &sheet.made));
    TRY(choose_days(scope, &reader, &sheet));
    sheet.tiles = arena_array(&scope->arena, reader.layout.tile_count + 1, sizeof(*sheet.tiles));
    for (; sheet.tile_count < reader.layout.tile_count; sheet.tile_count++)
        TRY(read_tile(scope, &reader, &reader.layout.tiles[sheet.tile_count],
                      &sheet.tiles[sheet.tile_count]));
    *ret_sheet = sheet;
    return OK;
}

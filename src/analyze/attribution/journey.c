// SPDX-License-Identifier: Apache-2.0
// Sales stand in memory, three numbers each; touches flow by, a customer's at a time. Credit by age
// is added up in whole 10⁻¹² of a conversion, so that no order of customers changes a digit.
#include "analyze/attribution/journey.h"

#include "analyze/attribution/channel_count.h"
#include "analyze/attribution/touchpoint.h"
#include "base/progress.h"
#include "base/time.h"
#include "journey_sql.h"
#include "store/lake.h"
#include "store/setting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const journey_conversion_names[] = {"all", "first", "new", NULL};
const int journey_day_steps[JOURNEY_DAY_STEPS] = {0, 1, 2, 4, 8, 15, 31, 61};

static const double credit_units = 1e12;

struct touch {
    int64_t at_us;
    uint16_t channel, campaign;
    bool is_visit, is_direct;
};

struct sale {
    int64_t customer, at_us, gross_micros;
};

struct level {
    struct channel_names names;
    struct path_set set;
    __int128 *conversions, *values; // by number, PATH_CHANNELS of each
};

struct builder {
    const struct journey_options *options;
    int64_t from_us, end_us, look_back_us;
    struct level channels, campaigns;
    struct channel_counts *counts; // of channels
    bool is_chosen;                // only these channels have numbers
    bool is_full;                  // a channel found no number
    struct arena words;            // of one event
    struct buffer sales;           // struct sale, by customer and time
    struct buffer earlier;         // int64_t, customers who bought before, ascending
    size_t next_sale, next_earlier;
    struct buffer touches; // struct touch: of the customer, then of the open journey
    struct journeys *journeys;
};

static void level_clear(struct level *level) {
    path_set_clear(&level->set);
    free(level->conversions);
    free(level->values);
}

static void builder_clear(struct builder *builder) {
    level_clear(&builder->channels);
    level_clear(&builder->campaigns);
    arena_clear(&builder->words);
    buffer_clear(&builder->sales);
    buffer_clear(&builder->earlier);
    buffer_clear(&builder->touches);
}

static void level_init(struct scope *scope, struct level *level) {
    level->conversions = calloc(PATH_CHANNELS, sizeof(*level->conversions));
    level->values = calloc(PATH_CHANNELS, sizeof(*level->values));
    if (level->conversions == NULL || level->values == NULL)
        abort();
    channel_number(scope, &level->names, TEXT(JOURNEY_OTHER)); // number 0
}

static uint16_t number_of(struct scope *scope, struct level *level, struct text name) {
    const size_t number = channel_number(scope, &level->names, name);

    return number == PATH_CHANNELS ? 0 : (uint16_t)number;
}

// ---- a journey that is over ----

// The touches at most so long before, the last PATH_TOUCHES of them.
static size_t counting(struct builder *builder, const struct touch *touches, size_t count,
                       int64_t at_us) {
    size_t first = count;

    while (first > 0 && at_us - touches[first - 1].at_us <= builder->look_back_us)
        first--;
    if (count - first > PATH_TOUCHES) {
        first = count - PATH_TOUCHES;
        builder->journeys->shortened++;
    }
    return first;
}

static code add_path(struct scope *scope, struct builder *builder, const struct touch *touches,
                     size_t count, const struct sale *sale) {
    const int64_t value = sale != NULL && sale->gross_micros > 0 ? sale->gross_micros : 0;
    uint16_t channels[PATH_TOUCHES], campaigns[PATH_TOUCHES];

    for (size_t i = 0; i < count; i++) {
        channels[i] = touches[i].channel;
        campaigns[i] = touches[i].campaign;
    }
    builder->journeys->touches += (int64_t)count;
    TRY(path_set_add(scope, &builder->channels.set, channels, count, sale != NULL, sale == NULL,
                     value));
    return path_set_add(scope, &builder->campaigns.set, campaigns, count, sale != NULL,
                        sale == NULL, value);
}

static void add_credit(struct level *level, uint16_t number, int64_t credit, int64_t value) {
    level->conversions[number] += credit;
    level->values[number] += (__int128)credit * value;
}

// What rounding leaves over is the last touch's.
static void add_aged(struct builder *builder, const struct touch *touches, size_t count,
                     const struct sale *sale) {
    const int64_t value = sale->gross_micros > 0 ? sale->gross_micros : 0;
    const double half_life_us = builder->options->half_life_days * (double)US_PER_DAY;
    double weights[PATH_TOUCHES], sum = 0;
    int64_t left = (int64_t)credit_units;

    // From the last touch on, which is weighed 1: years before the sale nothing becomes 0 / 0.
    for (size_t i = 0; i < count; i++) {
        weights[i] = exp2(-(double)(touches[count - 1].at_us - touches[i].at_us) / half_life_us);
        sum += weights[i];
    }
    for (size_t i = 0; i < count; i++) {
        const int64_t credit =
            i + 1 < count ? (int64_t)floor(weights[i] / sum * credit_units) : left;

        left -= credit;
        add_credit(&builder->channels, touches[i].channel, credit, value);
        add_credit(&builder->campaigns, touches[i].campaign, credit, value);
    }
}

static void count_days(struct builder *builder, int64_t duration_us) {
    int step = JOURNEY_DAY_STEPS - 1;

    while (step > 0 && duration_us < journey_day_steps[step] * US_PER_DAY)
        step--;
    builder->journeys->by_days[step]++;
}

static code convert(struct scope *scope, struct builder *builder, const struct touch *touches,
                    size_t count, const struct sale *sale) {
    const size_t first = counting(builder, touches, count, sale->at_us);
    const int64_t value = sale->gross_micros > 0 ? sale->gross_micros : 0;

    builder->journeys->sales++;
    builder->journeys->sale_value_micros += value;
    if (first == count) {
        builder->journeys->untouched++;
        builder->journeys->untouched_value_micros += value;
        return OK;
    }
    count_days(builder, sale->at_us - touches[first].at_us);
    add_aged(builder, touches + first, count - first, sale);
    return add_path(scope, builder, touches + first, count - first, sale);
}

// Nothing for as long as a touch counts: the journey came to nothing. One that is younger is open.
static code end_in_nothing(struct scope *scope, struct builder *builder,
                           const struct touch *touches, size_t count) {
    const int64_t last_us = count > 0 ? touches[count - 1].at_us : 0;
    size_t first;

    if (count == 0 || last_us < builder->from_us)
        return OK;
    if (last_us + builder->look_back_us >= builder->end_us) {
        builder->journeys->open++;
        return OK;
    }
    first = counting(builder, touches, count, last_us);
    return add_path(scope, builder, touches + first, count - first, NULL);
}

// ---- a customer ----

static const int64_t visit_us = INT64_C(60) * JOURNEY_VISIT_MINUTES * US_PER_SECOND;

static bool continues_visit(const struct touch *before, const struct touch *touch) {
    return touch->at_us - before->at_us < visit_us && touch->is_visit &&
           (touch->channel == before->channel || touch->is_direct);
}

// One customer's touches and sales, merged. The touches of the open journey are open … i − 1, with
// those of one visit told once: by then they have moved down to `end`.
struct walk {
    struct touch *touches;
    size_t open, end;
    int64_t seen_us; // the last event of the visit
    int64_t sold_us; // the last sale; long ago: none
    bool is_over;
};

static code step_touch(struct scope *scope, struct builder *builder, struct walk *walk,
                       struct touch touch) {
    if (touch.is_direct && touch.at_us < walk->sold_us + visit_us)
        return OK; // the page that says thank you
    if (walk->end > 0) {
        struct touch before = walk->touches[walk->end - 1];

        before.at_us = walk->seen_us;
        if (continues_visit(&before, &touch)) {
            walk->seen_us = touch.at_us;
            return OK;
        }
    }
    if (walk->end > walk->open && touch.at_us - walk->seen_us > builder->look_back_us) {
        TRY(end_in_nothing(scope, builder, walk->touches + walk->open, walk->end - walk->open));
        walk->open = walk->end;
    }
    walk->touches[walk->end++] = touch;
    walk->seen_us = touch.at_us;
    return OK;
}

static code step_sale(struct scope *scope, struct builder *builder, struct walk *walk,
                      const struct sale *sale) {
    const size_t count = walk->end - walk->open;
    const bool is_too_late =
        count > 0 && sale->at_us - walk->touches[walk->end - 1].at_us > builder->look_back_us;

    if (is_too_late)
        TRY(end_in_nothing(scope, builder, walk->touches + walk->open, count));
    if (sale->at_us >= builder->from_us) {
        TRY(convert(scope, builder, walk->touches + walk->open, is_too_late ? 0 : count, sale));
        walk->is_over = builder->options->conversions != JOURNEYS_TO_ALL_SALES;
    }
    walk->open = walk->end;
    walk->sold_us = sale->at_us;
    return OK;
}

static int by_time(const void *a, const void *b) {
    const struct touch *first = a, *second = b;

    if (first->at_us != second->at_us)
        return first->at_us < second->at_us ? -1 : 1;
    if (first->is_direct != second->is_direct)
        return first->is_direct ? 1 : -1;
    return 0;
}

// Of touches at the same instant, which no order tells apart, the one whose name comes first; of
// one name, a visit last, as it may continue what stands before it.
static void order_touches(const struct builder *builder, struct touch *touches, size_t count) {
    const struct text *names = builder->channels.names.names;
    const struct text *campaigns = builder->campaigns.names.names;

    qsort(touches, count, sizeof(*touches), by_time);
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && by_time(&touches[k - 1], &touches[k]) == 0; k--) {
            const struct touch before = touches[k - 1];
            int order = text_compare(names[before.channel], names[touches[k].channel]);

            if (order == 0)
                order = text_compare(campaigns[before.campaign], campaigns[touches[k].campaign]);
            if (order == 0)
                order = before.is_visit - touches[k].is_visit;
            if (order <= 0)
                break;
            touches[k - 1] = touches[k];
            touches[k] = before;
        }
}

static bool bought_earlier(struct builder *builder, int64_t customer) {
    const int64_t *earlier = (const int64_t *)(const void *)builder->earlier.data;
    const size_t count = builder->earlier.size / sizeof(*earlier);

    while (builder->next_earlier < count && earlier[builder->next_earlier] < customer)
        builder->next_earlier++;
    return builder->next_earlier < count && earlier[builder->next_earlier] == customer;
}

static code walk_customer(struct scope *scope, struct builder *builder, struct walk *walk,
                          size_t count, const struct sale *sales, size_t sale_count) {
    size_t i = 0, k = 0;

    builder->journeys->customers++;
    while (!walk->is_over && (i < count || k < sale_count)) {
        if (k == sale_count || (i < count && walk->touches[i].at_us <= sales[k].at_us))
            TRY(step_touch(scope, builder, walk, walk->touches[i++]));
        else
            TRY(step_sale(scope, builder, walk, &sales[k++]));
    }
    if (walk->is_over)
        return OK;
    return end_in_nothing(scope, builder, walk->touches + walk->open, walk->end - walk->open);
}

// The first `count` touches that were read are those of this customer.
static code end_customer(struct scope *scope, struct builder *builder, int64_t customer,
                         size_t count) {
    const struct sale *sales = (const struct sale *)(const void *)builder->sales.data;
    const size_t sale_count = builder->sales.size / sizeof(*sales);
    struct walk walk = {.touches = (struct touch *)(void *)builder->touches.data,
                        .sold_us = INT64_MIN};
    const size_t first = builder->next_sale;

    while (builder->next_sale < sale_count && sales[builder->next_sale].customer == customer)
        builder->next_sale++;
    if (bought_earlier(builder, customer))
        return OK;
    if (count > 1)
        order_touches(builder, walk.touches, count);
    return walk_customer(scope, builder, &walk, count, sales + first, builder->next_sale - first);
}

// Customers before this one who bought, and did nothing else that is known.
static code end_buyers(struct scope *scope, struct builder *builder, int64_t before) {
    const struct sale *sales = (const struct sale *)(const void *)builder->sales.data;
    const size_t sale_count = builder->sales.size / sizeof(*sales);

    while (builder->next_sale < sale_count && sales[builder->next_sale].customer < before)
        TRY(end_customer(scope, builder, sales[builder->next_sale].customer, 0));
    return OK;
}

static code end_toucher(struct scope *scope, struct builder *builder, int64_t customer) {
    if (builder->touches.size == 0)
        return OK;
    TRY(end_buyers(scope, builder, customer));
    TRY(end_customer(scope, builder, customer, builder->touches.size / sizeof(struct touch)));
    builder->touches.size = 0;
    return OK;
}

// ---- reading ----

static code read_sales(struct scope *scope, struct builder *builder) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t first = builder->options->from_day - builder->options->look_back_days;

    TRY(lake_query(scope, sql_journey_sales,
                   BINDS(BIND_INT64(first), BIND_INT64(builder->options->until_day)), &rows));
    while (rows_next(rows)) {
        const struct sale sale = {rows_int64(rows, 0), rows_int64(rows, 1), rows_int64(rows, 2)};

        buffer_add(&builder->sales, &sale, sizeof(sale));
    }
    return rows_end(rows);
}

static code read_earlier(struct scope *scope, struct builder *builder) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    if (builder->options->conversions != JOURNEYS_TO_NEW_CUSTOMERS)
        return OK;
    TRY(lake_query(scope, sql_journey_earlier, BINDS(BIND_INT64(builder->options->from_day)),
                   &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 0);

        buffer_add(&builder->earlier, &customer, sizeof(customer));
    }
    return rows_end(rows);
}

// There is room for PATH_CHANNELS names: those that the most events have take it before the first
// event is read, whichever come first in time.
static code name_campaigns(struct scope *scope, struct builder *builder) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t first = builder->options->from_day - builder->options->look_back_days;

    channel_number(scope, &builder->campaigns.names, TEXT(JOURNEY_NO_CAMPAIGN));
    TRY(lake_query(scope, sql_journey_campaigns_seen,
                   BINDS(BIND_INT64(first), BIND_INT64(builder->options->until_day),
                         BIND_INT64(PATH_CHANNELS - 2)),
                   &rows));
    while (rows_next(rows))
        channel_number(scope, &builder->campaigns.names, rows_text(rows, 0));
    return rows_end(rows);
}

static uint16_t number_of_channel(struct scope *scope, struct builder *builder, struct text name) {
    size_t number;

    if (builder->is_chosen)
        return channel_counts_has(builder->counts, name)
                   ? number_of(scope, &builder->channels, name)
                   : 0;
    channel_counts_add(builder->counts, name);
    number = channel_number(scope, &builder->channels.names, name);
    builder->is_full |= number == PATH_CHANNELS;
    return number == PATH_CHANNELS ? 0 : (uint16_t)number;
}

static void read_touch(struct scope *scope, struct builder *builder, const struct rows *rows) {
    const struct touch_words words = {
        .name = rows_text(rows, 2),
        .channel = rows_text(rows, 3),
        .campaign = rows_text(rows, 4),
        .source = rows_text(rows, 5),
        .medium = rows_text(rows, 6),
        .referrer = rows_text(rows, 7),
        .url = rows_text(rows, 8),
    };
    const struct arena_mark mark = arena_mark(&builder->words);
    struct touchpoint point;

    if (touchpoint_read(&builder->words, &words, &point)) {
        const struct touch touch = {
            .at_us = rows_int64(rows, 1),
            .channel = number_of_channel(scope, builder, point.channel),
            .campaign =
                number_of(scope, &builder->campaigns,
                          words.campaign.size > 0 ? words.campaign : TEXT(JOURNEY_NO_CAMPAIGN)),
            .is_visit = point.is_visit,
            .is_direct = text_is(point.channel, TOUCHPOINT_DIRECT),
        };

        buffer_add(&builder->touches, &touch, sizeof(touch));
    }
    arena_rewind(&builder->words, mark);
}

static code read_touches(struct scope *scope, struct builder *builder) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t first = builder->options->from_day - builder->options->look_back_days;
    int64_t customer = 0, read = 0;

    TRY(lake_query(scope, sql_journey_touches,
                   BINDS(BIND_INT64(first), BIND_INT64(builder->options->until_day)), &rows));
    while (rows_next(rows)) {
        const int64_t next = rows_int64(rows, 0);

        if (next != customer)
            TRY(end_toucher(scope, builder, customer));
        customer = next;
        read_touch(scope, builder, rows);
        if (++read % 65536 == 0) {
            TRY(scope_check(scope));
            progress_report(scope->progress, "following journeys", read, 0, "events");
        }
    }
    TRY(rows_end(rows));
    TRY(end_toucher(scope, builder, customer));
    return end_buyers(scope, builder, INT64_MAX);
}

static code read_currency(struct scope *scope, const struct journey_options *options,
                          struct text *ret_currency) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text currencies[2] = {0};
    size_t count = 0;

    TRY(lake_query(scope, sql_journey_currencies,
                   BINDS(BIND_INT64(options->from_day), BIND_INT64(options->until_day)), &rows));
    while (rows_next(rows) && count < 2)
        currencies[count++] = text_copy(&scope->arena, rows_text(rows, 0));
    TRY(rows_end(rows));
    if (count == 2)
        return scope_fail(scope, INVALID,
                          "amounts in several currencies (%.*s, %.*s, …) cannot be added up",
                          TEXT_ARG(currencies[0]), TEXT_ARG(currencies[1]));
    *ret_currency = currencies[0];
    return OK;
}

// ---- the whole ----

// The names that the most touches have, at most JOURNEY_NAMES; places[number] of all others is that
// of JOURNEY_OTHER. Names that no journey of the period has are dropped.
struct counted {
    struct text name;
    int64_t touches;
};

static int by_touches(const void *a, const void *b) {
    const struct counted *first = a, *second = b;

    if (first->touches != second->touches)
        return first->touches > second->touches ? -1 : 1;
    return text_compare(first->name, second->name);
}

static void keep_names(struct scope *scope, const struct level *level,
                       struct channel_names *ret_kept, uint16_t *places) {
    int64_t *touches = arena_array(&scope->arena, PATH_CHANNELS, sizeof(*touches));
    struct counted *counted = arena_array(&scope->arena, level->names.count, sizeof(*counted));

    path_set_count(&level->set, touches);
    for (size_t c = 0; c < level->names.count; c++)
        counted[c] = (struct counted){level->names.names[c], touches[c]};
    qsort(counted, level->names.count, sizeof(*counted), by_touches);
    for (size_t c = 0; c < level->names.count && c < JOURNEY_NAMES && counted[c].touches > 0; c++)
        channel_number(scope, ret_kept, counted[c].name);
    if (level->names.count > JOURNEY_NAMES && counted[JOURNEY_NAMES].touches > 0)
        channel_number(scope, ret_kept, TEXT(JOURNEY_OTHER));
    for (size_t c = 0; c < level->names.count; c++) {
        size_t place;

        if ((touches[c] > 0 && channel_find(ret_kept, level->names.names[c], &place)) ||
            channel_find(ret_kept, TEXT(JOURNEY_OTHER), &place))
            places[c] = (uint16_t)place;
    }
}

static code finish_level(struct scope *scope, const struct level *level,
                         struct journey_level *ret_level) {
    struct channel_names *kept = arena_alloc(&scope->arena, sizeof(*kept));
    uint16_t *places = arena_array(&scope->arena, PATH_CHANNELS, sizeof(*places));
    __int128 *conversions = arena_array(&scope->arena, PATH_CHANNELS, sizeof(*conversions));
    __int128 *values = arena_array(&scope->arena, PATH_CHANNELS, sizeof(*values));
    struct journey_level found = {0};
    uint16_t *order;

    keep_names(scope, level, kept, places);
    channel_order(scope, kept, &found.names, &order);
    found.aged_conversions = arena_array(&scope->arena, kept->count, sizeof(double));
    found.aged_values = arena_array(&scope->arena, kept->count, sizeof(double));
    for (size_t c = 0; c < level->names.count && kept->count > 0; c++) {
        places[c] = order[places[c]];
        conversions[places[c]] += level->conversions[c];
        values[places[c]] += level->values[c];
    }
    for (size_t c = 0; c < kept->count; c++) {
        found.aged_conversions[c] = (double)conversions[c] / credit_units;
        found.aged_values[c] = (double)values[c] / credit_units / 1e6;
    }
    TRY(path_set_finish(scope, &level->set, places, kept->count, &found.paths));
    *ret_level = found;
    return OK;
}

static code find_bounds(struct scope *scope, struct builder *builder) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &zone));
    builder->from_us = zone_day_start_us(zone, builder->options->from_day);
    builder->end_us = zone_day_start_us(zone, builder->options->until_day + 1);
    builder->look_back_us = builder->options->look_back_days * US_PER_DAY;
    return OK;
}

static code build(struct scope *scope, struct builder *builder) {
    struct journeys *journeys = builder->journeys;

    arena_init(&builder->words);
    level_init(scope, &builder->channels);
    level_init(scope, &builder->campaigns);
    TRY(find_bounds(scope, builder));
    TRY(read_currency(scope, builder->options, &journeys->currency));
    TRY(read_sales(scope, builder));
    TRY(read_earlier(scope, builder));
    TRY(name_campaigns(scope, builder));
    TRY(read_touches(scope, builder));
    if (builder->is_full)
        return OK;
    TRY(finish_level(scope, &builder->channels, &journeys->channels));
    return finish_level(scope, &builder->campaigns, &journeys->campaigns);
}

// What a channel is called is known once its events are read. Where there are more channels than
// numbers, all are read a second time, for the largest.
code journeys_read(struct scope *scope, const struct journey_options *options,
                   struct journeys *ret_journeys) {
    CLEANUP(channel_counts_clear) struct channel_counts counts = {0};
    bool is_full = false;

    for (int pass = 0; pass < 2; pass++) {
        struct journeys journeys = {0};
        CLEANUP(builder_clear)
        struct builder builder = {
            .options = options, .counts = &counts, .is_chosen = is_full, .journeys = &journeys};

        TRY(build(scope, &builder));
        is_full = builder.is_full;
        if (!is_full) {
            *ret_journeys = journeys;
            return OK;
        }
        channel_counts_keep(&counts, PATH_CHANNELS - 1);
    }
    return OK;
}

static code read_days(struct scope *scope, const char *sql, bool *ret_any, int32_t *ret_first,
                      int32_t *ret_last) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(lake_query(scope, sql, NO_BINDS, &rows));
    if (rows_next(rows) && !rows_is_null(rows, 0)) {
        *ret_any = true;
        *ret_first = (int32_t)rows_int64(rows, 0);
        *ret_last = (int32_t)rows_int64(rows, 1);
    }
    return rows_end(rows);
}

code journey_span(struct scope *scope, struct journey_span *ret_span) {
    struct journey_span span = {0};

    TRY(read_days(scope, sql_journey_touch_span, &span.has_touches, &span.first_touch_day,
                  &span.last_touch_day));
    TRY(read_days(scope, sql_journey_sale_span, &span.has_sales, &span.first_sale_day,
                  &span.last_sale_day));
    *ret_span = span;
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
// Time zones through ICU's calendar. ICU is asked once per stretch of constant offset; the stretch
// used last answers the usual row with two comparisons, a small table of earlier ones answers most
// others.
#include "base/time.h"

#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { NAME_SIZE = 64, SPAN_COUNT = 256, SLOT_SHIFT = 41 }; // 2⁴¹ µs: 25 days; 256 slots: 18 years

// A stretch of constant offset. The local line is cut so that every wall clock belongs to exactly
// one span: a change by one hour forward leaves a gap, which belongs to the span before; a change
// backward leaves an overlap, which belongs to the span before too. Hence both cuts lie at the
// instant of the change plus the larger of the two offsets.
struct span {
    int64_t begin_us, end_us; // instants: [begin, end)
    int64_t local_begin_us, local_end_us;
    int64_t offset_us;
};

struct zone {
    struct span current;
    UCalendar *calendar;
    struct span spans[SPAN_COUNT]; // by slot of the instant; empty ones have begin = end
};

// ICU also knows three-letter abbreviations that IANA does not, and BST there is Bangladesh.
static bool is_iana_name(struct text name) {
    static const char *const short_names[] = {"CET", "EET", "EST", "GMT", "HST", "MET", "MST",
                                              "PRC", "ROC", "ROK", "UCT", "UTC", "WET"};

    if (name.size != 3)
        return true;
    for (size_t i = 0; i < sizeof(short_names) / sizeof(*short_names); i++)
        if (text_is(name, short_names[i]))
            return true;
    return false;
}

static UCalendar *open_calendar(struct text name) {
    UChar wide[NAME_SIZE], canonical[NAME_SIZE];
    UErrorCode status = U_ZERO_ERROR;
    UBool is_system = false;
    UCalendar *calendar;

    if (name.size == 0 || name.size >= NAME_SIZE || !is_iana_name(name))
        return NULL;
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] <= ' ' || name.data[i] > '~')
            return NULL;
        wide[i] = (UChar)name.data[i];
    }
    ucal_getCanonicalTimeZoneID(wide, (int32_t)name.size, canonical, NAME_SIZE, &is_system,
                                &status);
    if (U_FAILURE(status) || !is_system)
        return NULL;
    calendar = ucal_open(wide, (int32_t)name.size, "en_US_POSIX", UCAL_GREGORIAN, &status);
    return U_SUCCESS(status) ? calendar : NULL;
}

code zone_open(struct scope *scope, struct text name, struct zone **ret_zone) {
    UCalendar *calendar = open_calendar(name);
    struct zone *zone;

    if (!calendar) {
        scope_fail(scope, INVALID, "time zone \"%.*s\" is not known", TEXT_ARG(name));
        return scope_hint(scope, "name it as the IANA list does, such as Europe/London");
    }
    zone = calloc(1, sizeof(*zone));
    if (!zone)
        abort();
    zone->calendar = calendar;
    *ret_zone = zone;
    return OK;
}

void zone_free(struct zone *zone) {
    if (!zone)
        return;
    ucal_close(zone->calendar);
    free(zone);
}

void zone_close(struct zone **zone) {
    zone_free(*zone);
    *zone = NULL;
}

static double floor_ms(int64_t at_us) {
    const int64_t at_ms = at_us / 1000 - (at_us % 1000 < 0);

    return (double)at_ms;
}

static int64_t ask_offset_us(struct zone *zone, double at_ms) {
    UErrorCode status = U_ZERO_ERROR;
    int64_t offset_ms;

    ucal_setMillis(zone->calendar, at_ms, &status);
    offset_ms = ucal_get(zone->calendar, UCAL_ZONE_OFFSET, &status);
    offset_ms += ucal_get(zone->calendar, UCAL_DST_OFFSET, &status);
    return U_SUCCESS(status) ? offset_ms * 1000 : 0;
}

// The change of offset before or after the instant that the calendar was set to last.
static bool ask_change_us(struct zone *zone, double at_ms, UTimeZoneTransitionType type,
                          int64_t *ret_at_us) {
    UErrorCode status = U_ZERO_ERROR;
    UDate change_ms;

    ucal_setMillis(zone->calendar, at_ms, &status);
    if (!ucal_getTimeZoneTransitionDate(zone->calendar, type, &change_ms, &status) ||
        U_FAILURE(status))
        return false;
    return !__builtin_mul_overflow((int64_t)change_ms, 1000, ret_at_us);
}

static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static struct span ask_span(struct zone *zone, int64_t at_us) {
    const double at_ms = floor_ms(at_us);
    const int64_t offset_us = ask_offset_us(zone, at_ms);
    struct span span = {INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX, offset_us};

    if (ask_change_us(zone, at_ms, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, &span.begin_us))
        span.local_begin_us =
            span.begin_us + larger(offset_us, ask_offset_us(zone, floor_ms(span.begin_us - 1)));
    if (ask_change_us(zone, at_ms, UCAL_TZ_TRANSITION_NEXT, &span.end_us))
        span.local_end_us =
            span.end_us + larger(offset_us, ask_offset_us(zone, floor_ms(span.end_us)));
    return span;
}

// Makes the span that holds the instant the current one.
static void seek(struct zone *zone, int64_t at_us) {
    struct span *slot = &zone->spans[(uint64_t)(at_us >> SLOT_SHIFT) % SPAN_COUNT];

    if (at_us < slot->begin_us || at_us >= slot->end_us)
        *slot = ask_span(zone, at_us);
    zone->current = *slot;
}

static void seek_local(struct zone *zone, int64_t local_us) {
    seek(zone, local_us - zone->current.offset_us);
    // Short stretches are found in tables of the past, so one step is not always enough.
    for (int step = 0; step < 4; step++) {
        if (local_us < zone->current.local_begin_us)
            seek(zone, zone->current.begin_us - 1);
        else if (local_us >= zone->current.local_end_us)
            seek(zone, zone->current.end_us);
        else
            return;
    }
}

int64_t zone_offset_us(struct zone *zone, int64_t at_us) {
    if (at_us < zone->current.begin_us || at_us >= zone->current.end_us)
        seek(zone, at_us);
    return zone->current.offset_us;
}

int64_t zone_to_utc_us(struct zone *zone, int64_t local_us) {
    if (local_us < zone->current.local_begin_us || local_us >= zone->current.local_end_us)
        seek_local(zone, local_us);
    return local_us - zone->current.offset_us;
}

int32_t zone_day(struct zone *zone, int64_t at_us) {
    const int64_t local_us = at_us + zone_offset_us(zone, at_us);

    return (int32_t)(local_us / US_PER_DAY - (local_us % US_PER_DAY < 0));
}

int64_t zone_day_start_us(struct zone *zone, int32_t day) {
    const int64_t midnight_us = (int64_t)day * US_PER_DAY;
    const int64_t at_us = zone_to_utc_us(zone, midnight_us);

    // Where the change itself skips midnight, the day begins with the change.
    zone_offset_us(zone, at_us);
    if (zone->current.begin_us > at_us - US_PER_DAY &&
        zone->current.begin_us + zone->current.offset_us >= midnight_us)
        return zone->current.begin_us;
    return at_us;
}

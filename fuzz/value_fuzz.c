// SPDX-License-Identifier: Apache-2.0
// The values of a cell: amounts, rates, instants, days, identifiers. What is read can be written,
// and reads the same again; an identifier that was normalised stays as it is.
#include "base/money.h"
#include "base/time.h"
#include "fuzz/fuzz.h"
#include "host/identity/identity.h"

#include <assert.h>

static void check_amount(struct text cell, enum decimal_style style) {
    char text[MICROS_TEXT_SIZE];
    int64_t micros, again;
    int32_t rate_bp;

    if (micros_parse(cell, style, &micros)) {
        assert(micros_parse(text_of(micros_format(micros, 2, text)), DECIMAL_POINT, &again));
        assert(micros == again);
    }
    if (rate_bp_parse(cell, style == DECIMAL_COMMA, &rate_bp))
        assert(rate_bp >= 0 && rate_bp <= 10000);
}

static void check_time(struct text cell, enum date_order order, struct zone *zone) {
    char text[TIME_TEXT_SIZE];
    int64_t at_us, again_us;
    int32_t day, again;
    bool has_time;

    if (time_parse(cell, order, zone, &at_us, &has_time)) {
        assert(
            time_parse(text_of(time_format_utc(at_us, text)), order, zone, &again_us, &has_time));
        assert(at_us == again_us && has_time);
    }
    if (day_parse(cell, order, &day)) {
        assert(day_parse(text_of(day_format(day, text)), order, &again));
        assert(day == again);
    }
}

static void check_identifier(struct arena *arena, struct text cell, enum identifier_kind kind) {
    const struct text country = TEXT("GB");
    struct text value, again;
    bool blocked;

    if (identifier_normalise(arena, kind, cell, country, &value, &blocked) && !blocked) {
        assert(value.size > 0);
        assert(identifier_normalise(arena, kind, value, country, &again, &blocked) && !blocked);
        assert(text_equal(value, again));
        identifier_mask(arena, kind, value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct text cell = {(const char *)data, size};
    struct scope scope;
    struct zone *zone;

    scope_init(&scope);
    assert(zone_open(&scope, TEXT("Europe/London"), &zone) == OK);
    for (int style = DECIMAL_POINT; style <= DECIMAL_GUESS; style++)
        check_amount(cell, (enum decimal_style)style);
    for (int order = DATE_ORDER_YMD; order <= DATE_ORDER_MDY; order++)
        check_time(cell, (enum date_order)order, zone);
    for (int kind = IDENTIFIER_EMAIL; kind <= IDENTIFIER_SOCIAL; kind++)
        check_identifier(&scope.arena, cell, (enum identifier_kind)kind);
    zone_free(zone);
    scope_clear(&scope);
    return 0;
}

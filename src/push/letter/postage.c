// SPDX-License-Identifier: Apache-2.0
#include "push/letter/postage.h"

#include "base/time.h"

#include <math.h>
#include <stddef.h>

#define POST_2025 "Deutsche Post, prices from 2025-01-01"
#define USPS_2025 "USPS Notice 123, single-piece First-Class letters, from 2025-07-13"

const struct postage usual_postage[] = {
    {"DE", 20, 950000, "EUR", "2025-01-01", POST_2025 " (Standardbrief)"},
    {"DE", 50, 1100000, "EUR", "2025-01-01", POST_2025 " (Kompaktbrief)"},
    {"DE", 500, 1800000, "EUR", "2025-01-01", POST_2025 " (Großbrief)"},
    {"US", 28.3, 780000, "USD", "2025-07-13", USPS_2025},
    {"US", 56.6, 1070000, "USD", "2025-07-13", USPS_2025},
    {"US", 85.0, 1360000, "USD", "2025-07-13", USPS_2025},
};
const size_t usual_postage_count = sizeof(usual_postage) / sizeof(*usual_postage);

struct own_postage {
    struct text country, currency, from;
    double most_grams, price;
};
#define AT(member) offsetof(struct own_postage, member)
static const struct json_field own_fields[] = {
    {"country", JSON_FIELD_TEXT, AT(country), true, NULL, "ISO 3166"},
    {"most_grams", JSON_FIELD_DOUBLE, AT(most_grams), true, NULL, "the heaviest letter"},
    {"price", JSON_FIELD_DOUBLE, AT(price), true, NULL, "of one"},
    {"currency", JSON_FIELD_TEXT, AT(currency), true, NULL, "ISO 4217"},
    {"from", JSON_FIELD_TEXT, AT(from), false, NULL, "the day from which it holds"},
};
#undef AT

static code read_own(struct scope *scope, const struct json *json, struct postage *ret_postage) {
    struct own_postage own = {.from = TEXT("0001-01-01")};
    struct postage postage = {.source = "told"};
    int32_t day;

    TRY(json_read_record(scope, json, own_fields, sizeof(own_fields) / sizeof(*own_fields), &own));
    if (own.country.size != 2 || own.currency.size != 3 || !(own.price >= 0 && own.price < 1e6) ||
        !(own.most_grams > 0) || !day_parse(own.from, DATE_ORDER_YMD, &day) || own.from.size != 10)
        return scope_fail_field(scope, INVALID, "postage",
                                "a price of postage has a country, a weight, a price, a currency "
                                "and a day");
    memcpy(postage.country, own.country.data, 2);
    memcpy(postage.currency, own.currency.data, 3);
    memcpy(postage.from_day, own.from.data, 10);
    postage.most_grams = own.most_grams;
    postage.price_micros = llround(own.price * 1e6);
    *ret_postage = postage;
    return OK;
}

// The latest price that holds; of those the lightest letter's that is heavy enough.
static bool is_better(const struct postage *candidate, const struct postage *best, bool has_best) {
    const int later = strcmp(candidate->from_day, best->from_day);

    return !has_best || later > 0 || (later == 0 && candidate->most_grams < best->most_grams);
}

static bool fits(const struct postage *postage, const char *country, double grams,
                 const char *day) {
    return memcmp(postage->country, country, 2) == 0 && grams <= postage->most_grams &&
           strcmp(postage->from_day, day) <= 0;
}

code postage_find(struct scope *scope, const struct json *own, const char *country, double grams,
                  const char *day, struct postage *ret_postage, bool *ret_is_known) {
    struct postage best = {0}, read;
    bool is_known = false;

    for (const struct json *item = own && own->type == JSON_ARRAY ? own->first : NULL; item;
         item = item->next) {
        TRY(read_own(scope, item, &read));
        if (fits(&read, country, grams, day) && is_better(&read, &best, is_known)) {
            best = read;
            is_known = true;
        }
    }
    for (size_t i = 0; !is_known && i < usual_postage_count; i++)
        if (fits(&usual_postage[i], country, grams, day)) {
            best = usual_postage[i]; // they stand from light to heavy
            is_known = true;
        }
    *ret_postage = best;
    *ret_is_known = is_known;
    return OK;
}

double letter_grams(double sheet_width_mm, double sheet_height_mm, double paper_gsm, int sheets,
                    double envelope_grams) {
    return sheet_width_mm * sheet_height_mm / 1e6 * paper_gsm * sheets + envelope_grams;
}

// SPDX-License-Identifier: Apache-2.0
// The simulation runs day by day. Each customer stands in the list of the day of their next visit,
// so a day costs what happens in it, however many customers there are.
#include "plug/sample/sample.h"

#include "base/progress.h"
#include "base/time.h"
#include "plug/sample/record.h"
#include "plug/sample/till.h"
#include "plug/sample/touch.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { STREAM_WALK_IN = 0xa11ce, STREAM_REFUND };

enum { PREFETCH = 4 };

enum { LINES_PER_CUSTOMER_AND_YEAR = 12, CUSTOMERS_BY_DEFAULT = 10000 };

// Of all receipts: by people who show no card.
static const double anonymous_share = 0.30;
// Lines of refunds, beside those of sales.
static const double refund_lines_share = 0.012;

const struct sample_file sample_files[] = {
    {"stores.csv", "stores"},     {"staff.csv", "staff"},
    {"products.csv", "products"}, {"customers.csv", "customers"},
    {"receipts.csv", "sales"},    {"events.csv", "events"},
    {"consents.csv", "consents"}, {NULL, NULL},
};

struct sample {
    struct company company;
    struct shelf shelf;
    struct campaigns campaigns;
    struct records records;
    struct till till;
    struct touches touches;
    struct shopper *shoppers;  // heap
    int32_t *first_of_day;     // by day index: the first shopper who comes, −1 for none
    double walk_ins_per_visit; // beside each known visit to a store
    int64_t lines_expected;
    int64_t other_bytes; // of the files that are written at once
};

static void sample_close(struct sample *sample) {
    free(sample->shoppers);
    records_close(&sample->records);
    till_close(&sample->till);
    touches_close(&sample->touches);
}

struct sample_options sample_default_options(const struct scope *scope) {
    return (struct sample_options){
        .customers = 0,
        .lines = 0,
        .seed = 1,
        .last_day = (int32_t)(scope->now_us / US_PER_DAY) - 1,
        .years = 3,
    };
}

// ---- the customers ----

static void come_again(struct sample *sample, int64_t index, struct random *random) {
    struct shopper *const shopper = &sample->shoppers[index];
    const struct season *const season = &sample->company.season;

    shopper->due += random_exponential(random) / (double)shopper->rate;

    const int32_t day = season_day_at(season, shopper->web_percent / 100.0, shopper->due);

    if (day >= season->day_count || day > shopper->leaves)
        return;
    shopper->next = sample->first_of_day[day];
    sample->first_of_day[day] = (int32_t)index;
}

// Who registers buys on that day, or on the next on which they can.
static void come_first(struct sample *sample, int64_t index) {
    struct shopper *const shopper = &sample->shoppers[index];
    const struct season *const season = &sample->company.season;
    const double web_share = shopper->web_percent / 100.0;
    const double reading = season_reading(season, web_share, shopper->arrives);
    const int32_t day = season_day_at(season, web_share, nextafter(reading, INFINITY));

    shopper->due = reading;
    if (day >= season->day_count)
        return;
    shopper->next = sample->first_of_day[day];
    sample->first_of_day[day] = (int32_t)index;
}

static code make_customers(struct scope *scope, struct sample *sample, int64_t lines) {
    const int64_t count = sample->company.customers;
    double first_visits = 0, visits[CHANNEL_COUNT] = {0};

    for (int64_t i = 0; i < count; i++) {
        struct shopper *const shopper = &sample->shoppers[i];
        double expected[CHANNEL_COUNT];

        shopper_init(&sample->company, i, shopper);
        TRY(records_write(scope, &sample->records, &sample->company, i, shopper));
        shopper_expected_visits(&sample->company, shopper, expected);
        visits[CHANNEL_STORE] += expected[CHANNEL_STORE];
        visits[CHANNEL_WEB] += expected[CHANNEL_WEB];
        first_visits += shopper->is_new;
        if (i % 8192 == 0) {
            TRY(scope_check(scope));
            progress_report(scope->progress, "customers", i, count, "customers");
        }
    }

    // Known receipts k and anonymous ones a = k · share / (1 − share), with their mean lengths,
    // make the lines asked for; the rates are stretched until they do.
    const double unknown_per_known = anonymous_share / (1 - anonymous_share);
    const double lines_per_known =
        (basket_mean_lines(basket_kinds_of_shoppers) +
         unknown_per_known * basket_mean_lines(basket_kinds_of_walk_ins)) *
        (1 + refund_lines_share);
    const double repeat = 1e-9 + visits[CHANNEL_STORE] + visits[CHANNEL_WEB];
    const double all_known = (double)lines / lines_per_known;
    const double known = fmax(all_known - first_visits, 0.05 * all_known);

    for (int64_t i = 0; i < count; i++) {
        struct random random = {sample->shoppers[i].random};

        sample->shoppers[i].rate *= (float)(known / repeat);
        if (sample->shoppers[i].is_new)
            come_first(sample, i);
        else
            come_again(sample, i, &random);
        sample->shoppers[i].random = random.state;
    }
    sample->walk_ins_per_visit = unknown_per_known * repeat / fmax(visits[CHANNEL_STORE], 1e-9);
    return OK;
}

// ---- a day ----

struct today {
    int32_t index, day;
    int weekday;
    int32_t closing;
    bool shut; // of the stores
    const struct campaign *campaign;
    const struct refund *refunds;
    struct buffer visits; // of struct visit
    struct buffer order;  // of uint64: second << 32 | visit
};

static void today_close(struct today *today) {
    buffer_clear(&today->visits);
    buffer_clear(&today->order);
}

static void add_visit(struct today *today, const struct visit *visit) {
    const uint64_t place = today->visits.size / sizeof(*visit);
    const uint64_t key = (uint64_t)visit->second << 32 | place;

    buffer_add(&today->visits, visit, sizeof(*visit));
    buffer_add(&today->order, &key, sizeof(key));
}

static uint16_t pick_shop(const struct sample *sample, const struct shopper *shopper,
                          struct random *random, int32_t day) {
    const struct chain *const chain = &sample->company.chain;

    if (chain->shops[shopper->shop].opened_day <= day && random_chance(random, 0.86))
        return shopper->shop;
    return chain_shop_of_town(chain, random, shopper->town, day);
}

static enum shown pick_shown(struct random *random) {
    const double place = random_uniform(random);

    return place < 0.25 ? SHOWN_EMAIL : place < 0.45 ? SHOWN_BOTH : SHOWN_NUMBER;
}

static bool visit_of_shopper(const struct sample *sample, struct today *today, int64_t index) {
    struct shopper *const shopper = &sample->shoppers[index];
    struct random random = {shopper->random};
    const double web_chance =
        season_web_chance(&sample->company.season, shopper->web_percent / 100.0, today->index);
    const bool web = today->shut || random_chance(&random, web_chance);
    struct visit visit = {.shopper = index, .refund = -1, .shop = STORE_WEB};

    visit.second =
        time_of_visit(&random, web ? CHANNEL_WEB : CHANNEL_STORE, today->weekday, today->closing);
    if (web)
        visit.shown = pick_shown(&random);
    else
        visit.shop = pick_shop(sample, shopper, &random, today->day);
    if (shopper->arrives == today->index) {
        const int32_t registered =
            shopper_registration_second(&sample->company, index, today->day) + 120;
        if (shopper->is_new || visit.second < registered)
            visit.second = registered;
    }
    shopper->is_new = false;
    shopper->random = random.state;
    add_visit(today, &visit);
    return !web;
}

static uint32_t visits_of_shoppers(struct sample *sample, struct today *today) {
    uint32_t in_stores = 0;

    for (int32_t i = sample->first_of_day[today->index]; i >= 0;) {
        struct shopper *const shopper = &sample->shoppers[i];
        const int32_t next = shopper->next;

        if (next >= 0)
            __builtin_prefetch(&sample->shoppers[next], 1);
        in_stores += visit_of_shopper(sample, today, i);

        struct random random = {shopper->random};

        // Somebody may come twice on one day: they are then before us in its list, and met there.
        sample->first_of_day[today->index] = next;
        come_again(sample, i, &random);
        shopper->random = random.state;
        i = sample->first_of_day[today->index];
    }
    return in_stores;
}

static void visits_of_walk_ins(const struct sample *sample, struct today *today,
                               uint32_t in_stores) {
    const struct company *const company = &sample->company;
    struct random random = random_stream(company->seed, STREAM_WALK_IN, (uint64_t)today->index);
    const uint32_t count = random_poisson(&random, in_stores * sample->walk_ins_per_visit);

    for (uint32_t i = 0; i < count; i++) {
        struct visit visit = {.shopper = -1, .refund = -1};

        visit.random = random_next(&random);
        visit.second = time_of_visit(&random, CHANNEL_STORE, today->weekday, today->closing);
        visit.shop = chain_shop_of_walk_in(&company->chain, &random, today->day);
        add_visit(today, &visit);
    }
}

static void visits_for_refunds(struct sample *sample, struct today *today) {
    struct random random =
        random_stream(sample->company.seed, STREAM_REFUND, (uint64_t)today->index);
    const size_t count = till_refunds_today(&sample->till, today->shut, &today->refunds);

    for (size_t i = 0; i < count; i++) {
        const struct refund *const refund = &today->refunds[i];
        const enum channel channel = refund->shop == STORE_WEB ? CHANNEL_WEB : CHANNEL_STORE;
        struct visit visit = {.shopper = refund->shopper,
                              .refund = (int64_t)i,
                              .shop = refund->shop,
                              .shown = refund->shown};

        visit.random = random_next(&random);
        visit.second = time_of_visit(&random, channel, today->weekday, today->closing);
        add_visit(today, &visit);
    }
}

static code sell(struct scope *scope, struct sample *sample, const struct today *today,
                 const struct visit *visit) {
    struct shopper *const shopper = visit->shopper >= 0 ? &sample->shoppers[visit->shopper] : NULL;
    struct random random = {shopper ? shopper->random : visit->random};
    const bool subscribed = shopper && today->index >= shopper->subscribed_from &&
                            today->index < shopper->subscribed_until;
    struct basket basket;

    basket_fill(&basket, &random, &sample->shelf, shopper, visit->shopper, today->campaign,
                subscribed);
    TRY(till_sell(scope, &sample->till, visit, &basket, &random,
                  shopper ? shopper->shop : visit->shop));
    touches_of_sale(&sample->touches, &random, visit, &basket);
    if (shopper)
        shopper->random = random.state;
    return OK;
}

static int by_key(const void *a, const void *b) {
    const uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

    return one < two ? -1 : one > two;
}

static code write_visits(struct scope *scope, struct sample *sample, struct today *today) {
    uint64_t *const order = (uint64_t *)(void *)today->order.data;
    const struct visit *const visits = (const struct visit *)(const void *)today->visits.data;
    const size_t count = today->order.size / sizeof(*order);

    if (count > 1)
        qsort(order, count, sizeof(*order), by_key);
    for (size_t i = 0; i < count; i++) {
        const struct visit *const visit = &visits[(uint32_t)order[i]];

        // Customers lie scattered: ask for one while those before are served.
        if (i + PREFETCH < count && visits[(uint32_t)order[i + PREFETCH]].shopper >= 0)
            __builtin_prefetch(&sample->shoppers[visits[(uint32_t)order[i + PREFETCH]].shopper], 1);
        if (visit->refund >= 0)
            TRY(till_refund(scope, &sample->till, visit, &today->refunds[visit->refund]));
        else
            TRY(sell(scope, sample, today, visit));
    }
    today->visits.size = today->order.size = 0;
    return OK;
}

static code run_day(struct scope *scope, struct sample *sample, struct today *today) {
    const struct season *const season = &sample->company.season;

    today->day = season->first_day + today->index;
    today->weekday = day_weekday(today->day);
    today->closing = closing_second(today->day);
    today->shut = today->weekday == 6 || day_is_holiday(today->day);
    today->campaign = campaign_of_day(&sample->campaigns, today->day);
    if (today->index / 7 != sample->shelf.week)
        shelf_turn(&sample->shelf, today->index / 7, today->day, persona_weights);
    if (today->campaign && today->campaign->from_day == today->day)
        touches_of_newsletter(&sample->touches, sample->shoppers, today->index, today->campaign);

    touches_of_browsers(&sample->touches, sample->shoppers, today->index);
    sample->till.day = today->day;

    const uint32_t in_stores = visits_of_shoppers(sample, today);

    if (!today->shut)
        visits_of_walk_ins(sample, today, in_stores);
    visits_for_refunds(sample, today);
    TRY(write_visits(scope, sample, today));
    till_end_day(&sample->till);
    return touches_end_day(scope, &sample->touches, today->day, today->campaign);
}

static code run_days(struct scope *scope, struct sample *sample) {
    CLEANUP(today_close) struct today today = {0};

    for (today.index = 0; today.index < sample->company.season.day_count; today.index++) {
        TRY(scope_check(scope));
        TRY(run_day(scope, sample, &today));
        progress_report(scope->progress, "receipts", sample->till.sheet.rows,
                        sample->lines_expected, "lines");
    }
    return OK;
}

// ---- the whole ----

code sample_check(struct scope *scope, const struct sample_options *options) {
    if (options->customers < 0 || options->customers > SAMPLE_CUSTOMERS_MAXIMUM)
        return scope_fail_field(scope, INVALID, "customers", "%lld customers are not 1 to %lld",
                                (long long)options->customers, (long long)SAMPLE_CUSTOMERS_MAXIMUM);
    if (options->lines < 0 || options->lines > INT64_C(1000000000000))
        return scope_fail_field(scope, INVALID, "lines", "%lld lines are out of range",
                                (long long)options->lines);
    if (options->years < 1 || options->years > SAMPLE_YEARS_MAXIMUM)
        return scope_fail_field(scope, INVALID, "years", "%d years are not 1 to %d", options->years,
                                SAMPLE_YEARS_MAXIMUM);
    return OK;
}

static code make_folder(struct scope *scope, const char *folder) {
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        return scope_fail(scope, UNAVAILABLE, "cannot make the folder \"%s\": %s", folder,
                          strerror(errno));
    return OK;
}

static code write_readme(struct scope *scope, struct sample *sample,
                         const struct sample_options *options, const char *folder) {
    static const char text[] =
        "Linde & Falter, a retailer that does not exist\n"
        "\n"
        "These files were simulated. No person, firm, brand or price in them is real; likenesses "
        "are\n"
        "chance. E-mail addresses end in domains that reach nobody (RFC 2606).\n"
        "\n"
        "stores.csv     the stores, and the web shop as store WEB\n"
        "staff.csv      who works in them, or did\n"
        "products.csv   the assortment, prices of the last week, VAT included (rates in percent)\n"
        "customers.csv  registered customers; some people registered twice\n"
        "receipts.csv   one row per line of a receipt, in the order of time (Europe/Berlin);\n"
        "               line_total = quantity x unit_price - discount, VAT included, and vat is "
        "the part\n"
        "               of it that is tax. A refund has negative quantities and names the receipt "
        "that it\n"
        "               takes back in refund_of. Guests of the web shop are known by their e-mail\n"
        "               address only; where that is missing too, nobody showed a card.\n"
        "events.csv     what customers did besides buying\n"
        "consents.csv   what they agreed to, refused and withdrew\n"
        "\n";
    CLEANUP(sheet_close) struct sheet sheet;

    TRY(sheet_open(scope, &sheet, folder, "README.txt", text));
    sheet.size += (size_t)snprintf(
        sheet.data + sheet.size, SHEET_ROW_BYTES,
        "Made by tessera sample --seed %llu --customers %lld%s --years %d\n",
        (unsigned long long)options->seed, (long long)sample->company.customers,
        options->lines ? arena_printf(&scope->arena, " --lines %lld", (long long)options->lines)
                       : "",
        options->years);
    TRY(sheet_finish(scope, &sheet));
    sample->other_bytes += sheet.bytes;
    return OK;
}

static int64_t customers_of(const struct sample_options *options) {
    const int64_t lines_each = (int64_t)LINES_PER_CUSTOMER_AND_YEAR * options->years;

    if (options->customers > 0)
        return options->customers;
    return options->lines > 0 ? 1 + options->lines / lines_each : CUSTOMERS_BY_DEFAULT;
}

static void prepare(struct scope *scope, struct sample *sample,
                    const struct sample_options *options) {
    const int64_t customers = customers_of(options);
    int year, month, day;

    day_to_civil(options->last_day, &year, &month, &day);

    const int32_t first_day = day_from_civil(year - options->years, month, day) + 1;
    const int32_t day_count = options->last_day - first_day + 1;

    company_init(scope, &sample->company, options->seed, customers, first_day, day_count);
    shelf_init(scope, &sample->shelf, &sample->company.catalogue);
    campaigns_init(scope, &sample->campaigns, options->seed, first_day, day_count);
    sample->shoppers = calloc((size_t)customers, sizeof(*sample->shoppers));
    sample->first_of_day = arena_array(&scope->arena, (size_t)day_count, sizeof(int32_t));
    for (int32_t d = 0; d < day_count; d++)
        sample->first_of_day[d] = -1;
    sample->lines_expected =
        options->lines ? options->lines : customers * LINES_PER_CUSTOMER_AND_YEAR * options->years;
}

static struct sample_counts counts_of(const struct sample *sample) {
    return (struct sample_counts){
        .customers = sample->company.customers,
        .consents = sample->records.consents.rows,
        .products = sample->company.catalogue.count,
        .receipts = sample->till.sales + sample->till.refunds_written,
        .refunds = sample->till.refunds_written,
        .anonymous = sample->till.anonymous,
        .lines = sample->till.sheet.rows,
        .events = sample->touches.sheet.rows,
        .bytes = sample->other_bytes + sample->records.customers.bytes +
                 sample->records.consents.bytes + sample->till.sheet.bytes +
                 sample->touches.sheet.bytes,
    };
}

code sample_write(struct scope *scope, const struct sample_options *options, const char *folder,
                  struct sample_counts *ret_counts) {
    CLEANUP(sample_close) struct sample sample = {0};
    int64_t of_products = 0, of_chain = 0;
    struct company *const company = &sample.company;

    TRY(sample_check(scope, options));
    TRY(make_folder(scope, folder));
    prepare(scope, &sample, options);
    if (!sample.shoppers)
        return scope_fail(scope, TOO_LARGE, "%lld customers do not fit into memory",
                          (long long)company->customers);
    TRY(write_readme(scope, &sample, options, folder));
    TRY(chain_write(scope, &company->chain, folder, &of_chain));
    TRY(catalogue_write(scope, &company->catalogue, folder, company->season.day_count / 7,
                        &of_products));
    sample.other_bytes += of_chain + of_products;
    TRY(records_open(scope, &sample.records, folder));
    TRY(till_open(scope, &sample.till, folder, company));
    TRY(touches_open(scope, &sample.touches, folder, company));
    TRY(make_customers(scope, &sample, sample.lines_expected));
    TRY(records_finish(scope, &sample.records));
    TRY(run_days(scope, &sample));
    TRY(till_finish(scope, &sample.till));
    TRY(touches_finish(scope, &sample.touches));
    *ret_counts = counts_of(&sample);
    return OK;
}

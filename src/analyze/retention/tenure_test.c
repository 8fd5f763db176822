// SPDX-License-Identifier: Apache-2.0
#include "analyze/retention/tenure.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/retention/tenure_http.h"
#include "base/json.h"
#include "base/random.h"
#include "base/time.h"
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <math.h>
#include <string.h>

enum { CUSTOMERS = 25, LINES = 600, LAST = 330, SILENCE = 45 };

// Days of purchase of each customer, ascending, since 2011-01-01.
struct world {
    int32_t first_day;
    int days[CUSTOMERS][64];
    int counts[CUSTOMERS];
};

static int32_t day(const char *text) {
    int32_t day;

    CHECK(day_parse(text_of(text), DATE_ORDER_YMD, &day));
    return day;
}

static void make(struct scope *scope, struct world *world) {
    struct random random = random_stream(9, 9, 9);
    struct test_line *lines = arena_array(&scope->arena, LINES, sizeof(*lines));
    size_t count = 0;

    *world = (struct world){.first_day = day("2011-01-01")};
    for (int i = 0; i < CUSTOMERS; i++)
        for (int at = i == 0 ? LAST : (int)random_below(&random, 120); at <= LAST;
             at += 1 + (int)(random_exponential(&random) * 30)) {
            char text[TIME_TEXT_SIZE];

            CHECK(count < LINES && world->counts[i] < 64);
            world->days[i][world->counts[i]++] = at;
            lines[count] = (struct test_line){.sale = (int64_t)count + 1,
                                              .kind = TEST_SALE,
                                              .customer = 100 + i,
                                              .product = 1 + at % 2,
                                              .quantity = 1,
                                              .price = 3};
            lines[count++].at =
                arena_printf(&scope->arena, "%s 12:00", day_format(world->first_day + at, text));
        }
    test_sales(scope, lines, count);
    CHECK_OK(lake_refresh(scope));
}

static void check_gaps(const struct world *world, const struct tenure *tenure) {
    int64_t gaps[LAST + 2] = {0}, count = 0;

    for (int i = 0; i < CUSTOMERS; i++)
        for (int k = 1; k < world->counts[i]; k++, count++)
            gaps[world->days[i][k] - world->days[i][k - 1]]++;
    CHECK_INT(tenure->gap_count, count);
    for (size_t i = 0; i < tenure->gap_days; i++)
        CHECK_INT(tenure->gaps[i], gaps[i]);
}

// The day on which a customer's silence was complete, since the first purchase; −1: not yet.
static int silent_after(const int *days, int count) {
    for (int k = 0; k < count; k++) {
        const int next = k + 1 < count ? days[k + 1] : LAST + 1;

        if (next - days[k] > SILENCE)
            return days[k] - days[0] + SILENCE;
    }
    return -1;
}

static void check_silence(const struct world *world, const struct tenure *tenure) {
    double events[2 * LAST] = {0}, at_risk[2 * LAST] = {0};

    for (int i = 0; i < CUSTOMERS; i++) {
        const int silent = silent_after(world->days[i], world->counts[i]);
        const int end = silent >= 0 ? silent : LAST - world->days[i][0];

        events[end] += silent >= 0;
        for (int t = 0; t <= end; t++)
            at_risk[t]++;
    }
    for (size_t t = 0; t < tenure->silence.times; t++) {
        CHECK_CLOSE(tenure->silence.at_risk[t], at_risk[t], 0);
        CHECK_CLOSE(tenure->silence.events[t], events[t], 0);
    }
}

static bool bought(const int *days, int count, int from, int to) {
    for (int k = 0; k < count; k++)
        if (days[k] >= from && days[k] < to)
            return true;
    return false;
}

static void check_months(const struct world *world, const struct tenure *tenure) {
    CHECK(tenure->month_count >= 8);
    for (size_t m = 0; m < tenure->month_count; m++) {
        const int first = tenure->months[m].first_day - world->first_day;
        int64_t active = 0, stayed = 0;

        for (int i = 0; i < CUSTOMERS; i++) {
            const int *days = world->days[i];
            const int count = world->counts[i];

            if (!bought(days, count, first - SILENCE, first))
                continue;
            active++;
            stayed += bought(days, count, first, first + SILENCE);
        }
        CHECK_INT(tenure->months[m].active, active);
        CHECK_INT(tenure->months[m].stayed, stayed);
        CHECK(first + SILENCE - 1 <= LAST);
    }
}

TEST(tenure_is_what_counting_customer_by_customer_finds) {
    const struct selection everything = {0};
    struct world world;
    struct tenure tenure, again;

    test_store(scope);
    make(scope, &world);
    CHECK_OK(tenure_compute(scope, &everything, SILENCE, &tenure));
    CHECK_INT(tenure.customers, CUSTOMERS);
    CHECK_CLOSE(tenure.second.spells, CUSTOMERS, 0);
    CHECK_CLOSE(tenure.next.happened, (double)tenure.gap_count, 0);
    check_gaps(&world, &tenure);
    check_silence(&world, &tenure);
    check_months(&world, &tenure);
    CHECK_INT((int64_t)tenure.category_count, 2); // C1 and C2
    CHECK(tenure.categories[0].gaps >= tenure.categories[1].gaps);
    CHECK_OK(tenure_compute(scope, &everything, 0, &again));
    CHECK_INT(again.silence_days % 5, 0);
    CHECK(tenure_gap_quantile(again.gaps, again.gap_days, 0.9) <= again.silence_days);
}

static const struct json *curve(struct scope *scope, const char *to, const char *name) {
    const struct request_parameter parameters[] = {{TEXT("to"), text_of(to)},
                                                   {TEXT("silence"), TEXT("45")}};
    const struct request request = {
        .parameters = parameters, .parameter_count = 2, .route_parameters = tenure_parameters};
    CLEANUP(response_clear) struct response response;
    struct json *json;

    response_init(&response);
    CHECK_OK(tenure_http_show(scope, &request, &response));
    CHECK_OK(json_parse_own(scope, buffer_text(&response.body), &json));
    return json_member(json_member(json, name), "rows");
}

static int64_t last_time(const struct json *rows) {
    const struct json *row = rows->first;

    while (row->next != NULL)
        row = row->next;
    return row->first->int64;
}

TEST(curves_are_written_up_to_their_last_time) {
    static const char *const names[] = {"second", "silence"};
    struct world world;

    test_store(scope);
    make(scope, &world);
    for (int shorter = 0; shorter < 4; shorter++) {
        const int32_t to = world.first_day + LAST - shorter;
        const struct selection until = {.has_to = true, .to_day = to};
        char text[TIME_TEXT_SIZE];
        struct tenure tenure;

        CHECK_OK(tenure_compute(scope, &until, SILENCE, &tenure));
        day_format(to, text);
        for (size_t i = 0; i < 2; i++) {
            const struct json *rows = curve(scope, text, names[i]);
            const struct survival *survival = i == 0 ? &tenure.second : &tenure.silence;

            CHECK(survival->times > 60);
            CHECK(rows->count <= 60);
            CHECK_INT(rows->first->first->int64, 0);
            CHECK_INT(last_time(rows), (int64_t)survival->times - 1);
        }
    }
}

// Customer 1 buys January to March and in May; 2 January to June; 3 in June only, the last month,
// which is over on its last day.
TEST(months_in_a_row_are_renewals) {
    static const struct {
        int customer;
        const char *at;
    } sales[] = {{1, "2011-01-05 10:00"}, {1, "2011-02-05 10:00"}, {1, "2011-02-25 10:00"},
                 {1, "2011-03-05 10:00"}, {1, "2011-05-05 10:00"}, {2, "2011-01-31 10:00"},
                 {2, "2011-02-28 10:00"}, {2, "2011-03-31 10:00"}, {2, "2011-04-30 10:00"},
                 {2, "2011-05-31 10:00"}, {2, "2011-06-30 10:00"}, {3, "2011-06-01 10:00"}};
    enum { COUNT = sizeof(sales) / sizeof(*sales) };
    const struct selection everything = {0};
    struct selection until_may = {.has_to = true, .to_day = day("2011-05-30")};
    struct test_line lines[COUNT];
    struct tenure tenure;

    for (int i = 0; i < COUNT; i++)
        lines[i] = (struct test_line){.sale = i + 1,
                                      .kind = TEST_SALE,
                                      .at = sales[i].at,
                                      .customer = sales[i].customer,
                                      .quantity = 1};
    test_store(scope);
    test_sales(scope, lines, COUNT);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(tenure_compute(scope, &everything, 30, &tenure));
    CHECK_CLOSE(tenure.contracts.spells, 3, 0);
    CHECK_CLOSE(tenure.contracts.happened, 1, 0); // 1 missed the third renewal
    CHECK_CLOSE(tenure.contracts.events[3], 1, 0);
    CHECK_CLOSE(tenure.contracts.at_risk[3], 2, 0);
    CHECK_CLOSE(tenure.contracts.share[5], .5, 1e-12);
    CHECK(!tenure.has_projection);
    CHECK_OK(tenure_compute(scope, &until_may, 30, &tenure)); // May is not over
    CHECK_CLOSE(tenure.contracts.spells, 2, 0);
    CHECK_CLOSE(tenure.contracts.happened, 1, 0);
    CHECK_INT((int64_t)tenure.contracts.times, 4);
}

static void put_event(struct scope *scope, int64_t id, const char *name, const char *properties) {
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO event (id, import_id, seen_import, source, event_key, "
                         "origin, at_us, name, properties) VALUES ($1, 1, 1, 't', "
                         "CAST($1 AS TEXT), 7, 1300000000000000, $2, $3)",
                         BINDS(BIND_INT64(id), BIND_STRING(name), BIND_STRING(properties))));
    CHECK_OK(change_record(scope, CHANGE_EVENT, CHANGE_CREATED, id, id));
}

TEST(reasons_are_counted_where_events_give_them) {
    static const struct test_line sale = {
        .sale = 1, .kind = TEST_SALE, .at = "2011-01-05 10:00", .customer = 7, .quantity = 1};
    struct selection selection = {0};
    struct tenure tenure;

    test_store(scope);
    test_sales(scope, &sale, 1);
    CHECK_OK(ledger_begin(scope));
    put_event(scope, 1, "cancelled", "{\"reason\": \"too dear\"}");
    put_event(scope, 2, "cancelled", "{\"reason\": \"too dear\", \"plan\": 3}");
    put_event(scope, 3, "survey", "{\"reason\": \"moved\"}");
    put_event(scope, 4, "survey", "{\"answer\": \"no \\\"reason\\\"\"}");
    put_event(scope, 5, "visit", "{}");
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(tenure_compute(scope, &selection, 0, &tenure));
    CHECK_INT((int64_t)tenure.reason_count, 2);
    CHECK_TEXT(tenure.reasons[0].reason, "too dear");
    CHECK_INT(tenure.reasons[0].count, 2);
    CHECK_INT(tenure.reasons[0].customers, 1);
    CHECK_TEXT(tenure.reasons[1].event, "survey");
    selection = (struct selection){.has_to = true, .to_day = day("2011-02-01")};
    CHECK_OK(tenure_compute(scope, &selection, 0, &tenure));
    CHECK_INT((int64_t)tenure.reason_count, 0);
}

TEST(reasons_stand_bytewise_and_a_nul_beside_one_is_no_failure) {
    static const struct test_line sale = {
        .sale = 1, .kind = TEST_SALE, .at = "2011-01-05 10:00", .customer = 7, .quantity = 1};
    const struct selection everything = {0};
    struct tenure tenure;

    test_store(scope);
    test_sales(scope, &sale, 1);
    CHECK_OK(ledger_begin(scope));
    put_event(scope, 1, "survey", "{\"reason\": \"a\", \"x\": \"\\u0000\"}");
    put_event(scope, 2, "survey", "{\"reason\": \"moved\"}");
    put_event(scope, 3, "survey", "{\"reason\": \"Zoo is too far\"}");
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(tenure_compute(scope, &everything, 0, &tenure));
    CHECK_INT((int64_t)tenure.reason_count, 2);
    CHECK_TEXT(tenure.reasons[0].reason, "Zoo is too far");
    CHECK_TEXT(tenure.reasons[1].reason, "moved");
}

TEST(tenure_of_one_purchase_is_defined_and_of_none_refused) {
    static const struct test_line sale = {
        .sale = 1, .kind = TEST_SALE, .at = "2011-01-05 10:00", .customer = 7, .quantity = 1};
    const struct selection everything = {0};
    struct tenure tenure;

    test_store(scope);
    CHECK_OK(lake_refresh(scope));
    CHECK_CODE(tenure_compute(scope, &everything, 0, &tenure), INVALID);
    scope_forgive(scope);
    test_sales(scope, &sale, 1);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(tenure_compute(scope, &everything, 0, &tenure));
    CHECK_INT(tenure.customers, 1);
    CHECK_INT(tenure.gap_count, 0);
    CHECK_INT(survival_quantile(&tenure.second, 0.5), -1);
    CHECK(!tenure.has_projection);
}

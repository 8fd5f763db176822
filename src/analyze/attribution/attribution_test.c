// SPDX-License-Identifier: Apache-2.0
// Journeys from a ledger written by hand, and runs over it.
#include "analyze/attribution/attribution.h"

#include "analyze/attribution/touchpoint.h"
#include "analyze/metric/metric_testing.h"
#include "analyze/run/run.h"
#include "base/time.h"
#include "store/change.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <math.h>

static const struct job_kind kinds[] = {{"attribution", attribution_run, JOB_LIGHT}};

// ---- channels of events ----

static struct text channel_of(struct scope *scope, struct touch_words words) {
    struct touchpoint touch;

    if (!touchpoint_read(&scope->arena, &words, &touch))
        return TEXT("none");
    return touch.channel;
}
#define CHANNEL(...) channel_of(scope, (struct touch_words){__VA_ARGS__})

TEST(a_touch_is_told_by_its_campaign_then_by_where_it_came_from) {
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .medium = TEXT("CPC"), .source = TEXT("google")),
               "paid search");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .medium = TEXT("cpc"), .source = TEXT("Facebook")),
               "paid social");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .medium = TEXT("newsletter")), "email");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .medium = TEXT("Podcast ")), "podcast");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .source = TEXT("instagram")), "social");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .campaign = TEXT("Spring")), "campaign");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .referrer = TEXT("https://www.google.com/")),
               "organic search");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .referrer = TEXT("https://mail.google.com/x")),
               "email");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .referrer = TEXT("https://blog.example/post")),
               "referral");
    CHECK_TEXT(CHANNEL(.channel = TEXT("web"), .referrer = TEXT("https://shop.example/a"),
                       .url = TEXT("https://www.shop.example/b?q=1")),
               "direct"); // from a page of the shop itself
    CHECK_TEXT(CHANNEL(.channel = TEXT("app")), "direct");
}

#define REFERRED(host) CHANNEL(.channel = TEXT("web"), .referrer = TEXT("https://" host "/"))

TEST(who_refers_is_told_by_whole_labels_of_the_host) {
    CHECK_TEXT(REFERRED("x.com"), "social");
    CHECK_TEXT(REFERRED("mobile.X.com"), "social");
    CHECK_TEXT(REFERRED("t.co"), "social");
    CHECK_TEXT(REFERRED("l.facebook.com"), "social");
    CHECK_TEXT(REFERRED("www.xing.com"), "social");
    CHECK_TEXT(REFERRED("www.google.co.uk"), "organic search");
    CHECK_TEXT(REFERRED("cn.bing.com"), "organic search");
    CHECK_TEXT(REFERRED("mail.example.org"), "email");
    CHECK_TEXT(REFERRED("webmail.example.org"), "email");
    CHECK_TEXT(REFERRED("outlook.live.com"), "email");
    CHECK_TEXT(REFERRED("eu.mail.yahoo.com"), "email");
    CHECK_TEXT(REFERRED("microsoft.com"), "referral");
    CHECK_TEXT(REFERRED("www.walmart.com"), "referral");
    CHECK_TEXT(REFERRED("fedex.com"), "referral");
    CHECK_TEXT(REFERRED("netflix.com"), "referral");
    CHECK_TEXT(REFERRED("x.com.example"), "referral");
    CHECK_TEXT(REFERRED("boxing.com"), "referral");
    CHECK_TEXT(REFERRED("plumbing.co.uk"), "referral");
    CHECK_TEXT(REFERRED("dailymail.co.uk"), "referral");
    CHECK_TEXT(REFERRED("ungoogled.example"), "referral");
    CHECK_TEXT(REFERRED("beyond-outlook.example"), "referral");
}

#define FROM_SOURCE(name) CHANNEL(.channel = TEXT("web"), .source = TEXT(name))
#define PAID_AT(n)        CHANNEL(.channel = TEXT("web"), .source = TEXT(n), .medium = TEXT("cpc"))

TEST(the_source_of_a_campaign_is_compared_word_by_word) {
    CHECK_TEXT(FROM_SOURCE("Facebook"), "social");
    CHECK_TEXT(FROM_SOURCE("l.facebook.com"), "social");
    CHECK_TEXT(FROM_SOURCE("t.co"), "social");
    CHECK_TEXT(PAID_AT("facebook_ads"), "paid social");
    CHECK_TEXT(PAID_AT("ads.x.com"), "paid social");
    CHECK_TEXT(FROM_SOURCE("boxing"), "boxing");
    CHECK_TEXT(FROM_SOURCE("walmart.com"), "walmart.com");
    CHECK_TEXT(PAID_AT("microsoft.com"), "paid search");
    CHECK_TEXT(PAID_AT("netflix.com"), "paid search");
    CHECK_TEXT(PAID_AT("embroidery-multithreads"), "paid search");
}

TEST(what_is_no_marketing_is_no_touch) {
    CHECK_TEXT(CHANNEL(.channel = TEXT("email"), .name = TEXT("Email Link Clicked")), "email");
    CHECK_TEXT(CHANNEL(.channel = TEXT("email"), .name = TEXT("newsletter_opened")), "none");
    CHECK_TEXT(CHANNEL(.channel = TEXT("phone"), .name = TEXT("complaint_call")), "none");
    CHECK_TEXT(CHANNEL(.channel = TEXT("phone"), .campaign = TEXT("Spring")), "phone");
    CHECK_TEXT(CHANNEL(.channel = TEXT("store")), "none");
    CHECK_TEXT(CHANNEL(.name = TEXT("Order Completed")), "none");
    CHECK_TEXT(CHANNEL(.name = TEXT("Coupon Redeemed"), .campaign = TEXT("Spring")), "campaign");
}

// ---- a ledger ----

struct test_touch {
    int64_t customer;
    const char *at, *name, *channel, *campaign, *properties;
};

static int64_t instant(const char *text) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct scope scope;
    int64_t at_us = 0;
    bool has_time;

    scope_init(&scope);
    if (zone_open(&scope, TEXT("UTC"), &zone) == OK)
        time_parse(text_of(text), DATE_ORDER_YMD, zone, &at_us, &has_time);
    scope_clear(&scope);
    return at_us;
}

static struct bind string_or_null(const char *string) {
    return string != NULL ? BIND_STRING(string) : BIND_NULL();
}

static void put_touches(struct scope *scope, const struct test_touch *touches, size_t count,
                        int64_t first_id) {
    CHECK_OK(ledger_begin(scope));
    for (size_t i = 0; i < count; i++)
        CHECK_OK(ledger_exec(
            scope,
            "INSERT INTO event (id, import_id, seen_import, source, event_key, origin, at_us, "
            "name, channel, direction, campaign, properties) "
            "VALUES ($1, 1, 1, 'test', $2, $3, $4, $5, $6, 'in', $7, $8)",
            BINDS(BIND_INT64(first_id + (int64_t)i),
                  BIND_TEXT(text_printf(&scope->arena, "k%d", (int)first_id + (int)i)),
                  BIND_INT64(touches[i].customer), BIND_INT64(instant(touches[i].at)),
                  BIND_STRING(touches[i].name), string_or_null(touches[i].channel),
                  string_or_null(touches[i].campaign), string_or_null(touches[i].properties))));
    CHECK_OK(change_record(scope, CHANGE_EVENT, CHANGE_CREATED, first_id,
                           first_id + (int64_t)count - 1));
    CHECK_OK(ledger_commit(scope));
}
#define PUT_TOUCHES(scope, touches)                                                                \
    put_touches(scope, touches, sizeof(touches) / sizeof(*(touches)), 100)

#define SEARCH "{\"context\": {\"campaign\": {\"source\": \"google\", \"medium\": \"cpc\"}}}"
#define FRIEND "{\"context\": {\"page\": {\"referrer\": \"https://friend.example/\"}}}"

// 10: search, two days later a click in a letter, bought; then a visit by itself, bought again.
// 20: a visit on a device that nobody knew (21), later theirs; a sale of before the period.
// 30: came by a friend's page, never bought. 40: bought without a touch. 50: came on the last day.
static const struct test_touch some_touches[] = {
    {10, "2011-03-01 10:00", "page", "web", "Shoes", SEARCH},
    {10, "2011-03-01 10:10", "page", "web", "Shoes", SEARCH}, // the same visit
    {10, "2011-03-01 10:20", "page", "web", NULL, NULL},      // and still
    {10, "2011-03-03 09:00", "Email Opened", "email", "News", NULL},
    {10, "2011-03-03 09:01", "Email Link Clicked", "email", "News", NULL},
    {10, "2011-03-03 12:05", "page", "web", NULL, NULL}, // of the sale of noon
    {10, "2011-03-20 11:00", "page", "web", NULL, NULL},
    {10, "2011-03-20 11:45", "page", "web", NULL, NULL}, // "thank you": of the visit before
    {21, "2011-03-05 10:00", "page", "web", NULL, FRIEND},
    {20, "2011-03-06 10:00", "page", "web", NULL, NULL},
    {30, "2011-03-02 10:00", "page", "web", NULL, FRIEND},
    {50, "2011-04-29 10:00", "page", "web", "Shoes", SEARCH},
};
static const struct test_line some_sales[] = {
    {.sale = 1,
     .kind = TEST_SALE,
     .at = "2011-03-03 12:00",
     .customer = 10,
     .quantity = 1,
     .price = 30},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-03-20 11:20",
     .customer = 10,
     .quantity = 1,
     .price = 10},
    {.sale = 3,
     .kind = TEST_SALE,
     .at = "2011-02-01 12:00",
     .customer = 20,
     .quantity = 1,
     .price = 5},
    {.sale = 4,
     .kind = TEST_SALE,
     .at = "2011-03-07 12:00",
     .customer = 20,
     .quantity = 1,
     .price = 20},
    {.sale = 5,
     .kind = TEST_SALE,
     .at = "2011-03-08 12:00",
     .customer = 40,
     .quantity = 1,
     .price = 7},
    {.sale = 6, .kind = TEST_SALE, .at = "2011-03-09 12:00", .quantity = 1, .price = 1000},
};

static void put_some(struct scope *scope) {
    test_store(scope);
    test_sales(scope, some_sales, sizeof(some_sales) / sizeof(*some_sales));
    PUT_TOUCHES(scope, some_touches);
    test_alias(scope, 21, 20);
    CHECK_OK(lake_refresh(scope));
}

static struct journeys journeys_of(struct scope *scope, enum journey_conversions conversions) {
    struct journey_options options = {
        .look_back_days = 30, .conversions = conversions, .half_life_days = 7};
    struct journeys journeys;

    CHECK(day_parse(TEXT("2011-03-01"), DATE_ORDER_YMD, &options.from_day));
    CHECK(day_parse(TEXT("2011-04-30"), DATE_ORDER_YMD, &options.until_day));
    CHECK_OK(journeys_read(scope, &options, &journeys));
    return journeys;
}

// "direct 1/0/10.00; …": each path with its conversions, nulls and value.
static struct text told(struct scope *scope, const struct journey_level *level) {
    CLEANUP(buffer_clear) struct buffer text = {0};

    for (size_t i = 0; i < level->paths.count; i++) {
        for (size_t k = level->paths.starts[i]; k < level->paths.starts[i + 1]; k++) {
            buffer_add_string(&text, k > level->paths.starts[i] ? " > " : i > 0 ? "; " : "");
            buffer_add_text(&text, level->names[level->paths.touches[k]]);
        }
        buffer_printf(&text, " %d/%d/%g", (int)level->paths.conversions[i],
                      (int)level->paths.nulls[i], (double)level->paths.value_micros[i] / 1e6);
    }
    return text_copy(&scope->arena, buffer_text(&text));
}

TEST(journeys_follow_a_customer_over_devices_to_each_sale) {
    struct journeys journeys;

    put_some(scope);
    journeys = journeys_of(scope, JOURNEYS_TO_ALL_SALES);
    CHECK_TEXT(told(scope, &journeys.channels),
               "direct 1/0/10; paid search > email 1/0/30; referral 0/1/0; "
               "referral > direct 1/0/20");
    CHECK_TEXT(told(scope, &journeys.campaigns),
               "(no campaign) 1/1/10; (no campaign) > (no campaign) 1/0/20; "
               "Shoes > News 1/0/30");
    CHECK_INT(journeys.sales, 4);
    CHECK_INT(journeys.untouched, 1);
    CHECK_INT(journeys.untouched_value_micros, 7000000);
    CHECK_INT(journeys.open, 1); // of 50
    CHECK_INT(journeys.customers, 5);
    CHECK_TEXT(journeys.currency, "EUR");
}

TEST(the_largest_campaigns_are_told_though_a_thousand_others_came_first) {
    enum { CAMPAIGNS = PATH_CHANNELS + 100, BIG = 40 };
    struct test_touch *touches =
        arena_array(&scope->arena, CAMPAIGNS + BIG, sizeof(struct test_touch));
    struct journeys journeys;
    bool found = false;

    for (int i = 0; i < CAMPAIGNS + BIG; i++)
        touches[i] = (struct test_touch){
            .customer = 1000 + i,
            .at = "2011-03-02 10:00",
            .name = "page",
            .channel = "web",
            .campaign = i < CAMPAIGNS ? arena_printf(&scope->arena, "small %04d", i) : "large",
            .properties = SEARCH};
    test_store(scope);
    test_sales(scope, some_sales, sizeof(some_sales) / sizeof(*some_sales));
    put_touches(scope, touches, CAMPAIGNS + BIG, 100);
    CHECK_OK(lake_refresh(scope));
    journeys = journeys_of(scope, JOURNEYS_TO_ALL_SALES);
    for (size_t i = 0; i < journeys.campaigns.paths.count; i++) {
        const struct paths *paths = &journeys.campaigns.paths;

        if (!text_is(journeys.campaigns.names[paths->touches[paths->starts[i]]], "large"))
            continue;
        CHECK_INT(paths->nulls[i], BIG);
        found = true;
    }
    CHECK(found);
}

TEST(the_largest_channels_are_told_though_a_thousand_others_came_first) {
    enum { CHANNELS = PATH_CHANNELS + 100, BIG = 40 };
    struct test_touch *touches =
        arena_array(&scope->arena, CHANNELS + BIG, sizeof(struct test_touch));
    const struct paths *paths;
    struct journeys journeys;
    int64_t found = 0;

    for (int i = 0; i < CHANNELS + BIG; i++)
        touches[i] = (struct test_touch){
            .customer = 1000 + i,
            .at = "2011-03-02 10:00",
            .name = "page",
            .channel = "web",
            .properties = arena_printf(&scope->arena,
                                       "{\"context\": {\"campaign\": {\"source\": \"%s%04d\"}}}",
                                       i < CHANNELS ? "small" : "large", i < CHANNELS ? i : 1)};
    test_store(scope);
    test_sales(scope, some_sales, sizeof(some_sales) / sizeof(*some_sales));
    put_touches(scope, touches, CHANNELS + BIG, 100);
    CHECK_OK(lake_refresh(scope));
    journeys = journeys_of(scope, JOURNEYS_TO_ALL_SALES);
    paths = &journeys.channels.paths;
    for (size_t i = 0; i < paths->count; i++)
        if (text_is(journeys.channels.names[paths->touches[paths->starts[i]]], "large0001"))
            found += paths->nulls[i];
    CHECK_INT(found, BIG);
    CHECK_INT(paths->null_total, CHANNELS + BIG); // the others are told together
}

TEST(journeys_to_first_sales_and_to_new_customers_leave_out_the_rest) {
    struct journeys journeys;

    put_some(scope);
    journeys = journeys_of(scope, JOURNEYS_TO_FIRST_SALE);
    CHECK_TEXT(told(scope, &journeys.channels),
               "paid search > email 1/0/30; referral 0/1/0; referral > direct 1/0/20");
    journeys = journeys_of(scope, JOURNEYS_TO_NEW_CUSTOMERS);
    CHECK_TEXT(told(scope, &journeys.channels), "paid search > email 1/0/30; referral 0/1/0");
    CHECK_INT(journeys.sales, 2); // 20 had bought in February
}

#define LETTER "{\"context\": {\"campaign\": {\"medium\": \"email\"}}}"

TEST(a_click_and_its_visit_at_one_instant_are_one_touch_in_whichever_order_they_stand) {
    static const struct test_touch touches[] = {
        {10, "2011-03-01 10:00", "Email Link Clicked", "email", "News", NULL},
        {10, "2011-03-01 10:00", "page", "web", "News", LETTER},
        {20, "2011-03-01 10:00", "page", "web", "News", LETTER},
        {20, "2011-03-01 10:00", "Email Link Clicked", "email", "News", NULL},
    };
    struct journeys journeys;

    test_store(scope);
    PUT_TOUCHES(scope, touches);
    CHECK_OK(lake_refresh(scope));
    journeys = journeys_of(scope, JOURNEYS_TO_ALL_SALES);
    CHECK_TEXT(told(scope, &journeys.channels), "email 0/2/0");
}

TEST(a_touch_counts_as_long_as_one_looks_back) {
    static const struct test_touch touches[] = {
        {10, "2011-03-01 10:00", "page", "web", NULL, SEARCH}, // 31 days before: too old
        {10, "2011-03-10 10:00", "page", "web", NULL, FRIEND},
        {20, "2011-03-01 10:00", "page", "web", NULL, SEARCH}, // 40 days: came to nothing
    };
    static const struct test_line sales[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-04-01 12:00",
         .customer = 10,
         .quantity = 1,
         .price = 30},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-04-10 12:00",
         .customer = 20,
         .quantity = 1,
         .price = 30},
    };
    struct journeys journeys;

    test_store(scope);
    test_sales(scope, sales, 2);
    PUT_TOUCHES(scope, touches);
    CHECK_OK(lake_refresh(scope));
    journeys = journeys_of(scope, JOURNEYS_TO_ALL_SALES);
    CHECK_TEXT(told(scope, &journeys.channels), "paid search 0/1/0; referral 1/0/30");
    CHECK_INT(journeys.untouched, 1);
}

// Seven days halve a touch: of "a, 7 days later b, 7 days later the sale" b is worth twice a.
TEST(credit_by_age_halves_with_each_half_life) {
    static const struct test_touch touches[] = {
        {10, "2011-03-01 12:00", "page", "web", NULL, SEARCH},
        {10, "2011-03-08 12:00", "page", "web", NULL, FRIEND},
    };
    static const struct test_line sales[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-03-15 12:00",
         .customer = 10,
         .quantity = 1,
         .price = 30},
    };
    struct journeys journeys;

    test_store(scope);
    test_sales(scope, sales, 1);
    PUT_TOUCHES(scope, touches);
    CHECK_OK(lake_refresh(scope));
    journeys = journeys_of(scope, JOURNEYS_TO_ALL_SALES);
    CHECK_TEXT(journeys.channels.names[0], "paid search");
    CHECK_CLOSE(journeys.channels.aged_conversions[0], 1.0 / 3, 1e-11);
    CHECK_CLOSE(journeys.channels.aged_conversions[1], 2.0 / 3, 1e-11);
    CHECK_CLOSE(journeys.channels.aged_values[1], 20, 1e-11);
    CHECK_INT(journeys.by_days[4], 1); // 8 to 14 days
}

// ---- runs ----

static const struct json *run_job(struct scope *scope, const char *parameters,
                                  struct text *ret_text) {
    struct attribution_options options;
    struct analysis_run run;
    struct json *json, *result;
    int64_t job_id;
    bool found;

    CHECK_OK(json_parse(scope, text_of(parameters), &json));
    CHECK_OK(attribution_read_options(scope, json, &options));
    CHECK_OK(attribution_start(scope, &options, &job_id));
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    CHECK_OK(analysis_run_latest(scope, ANALYSIS_ATTRIBUTION, &run, &found));
    CHECK(found);
    CHECK_INT(run.job_id, job_id);
    CHECK_OK(json_parse_own(scope, run.result, &result));
    if (ret_text != NULL)
        *ret_text = run.result;
    return result;
}

static double cell(const struct json *result, const char *table, size_t row, size_t column) {
    const struct json *at = json_member(json_member(result, table), "rows")->first;

    for (size_t i = 0; i < row; i++)
        at = at->next;
    at = at->first;
    for (size_t i = 0; i < column; i++)
        at = at->next;
    return at->type == JSON_INT64 ? (double)at->int64 : at->number;
}

TEST(a_run_is_kept_and_the_next_one_finds_the_same_digits) {
    const struct json *result;
    struct text first, second;

    put_some(scope);
    result = run_job(scope,
                     "{\"from\": \"2011-03-01\", \"until\": \"2011-04-30\", "
                     "\"costs\": [{\"channel\": \"Email\", \"cost\": 10}]}",
                     &first);
    CHECK_INT(json_member(result, "conversions")->int64, 3);
    CHECK_INT(json_member(result, "nulls")->int64, 1);
    CHECK_INT(json_member(json_member(result, "credit"), "row_count")->int64, 4);
    CHECK(json_member(result, "reading")->count >= 3);
    CHECK(json_member(result, "warnings")->count >= 2);
    // direct has the most linear credit: 1 + 1/2; and first and last of all columns.
    CHECK_CLOSE(cell(result, "credit", 0, 1), 1, 1e-15);
    CHECK_CLOSE(cell(result, "credit", 0, 2), 2, 1e-15);
    run_job(scope,
            "{\"from\": \"2011-03-01\", \"until\": \"2011-04-30\", "
            "\"costs\": [{\"channel\": \"Email\", \"cost\": 10}]}",
            &second);
    CHECK_TEXT(second, text_string(&scope->arena, first));
}

static void note(struct scope *scope, const char *channel, const char *from, const char *until,
                 double amount, const char *currency) {
    const struct channel_cost_entry entry = {.channel = text_of(channel),
                                             .from = text_of(from),
                                             .until = text_of(until),
                                             .amount = amount,
                                             .currency = text_of(currency)};

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, channel_cost_put(scope, &entry)));
}

static const struct json *cost_of(const struct json *result, const char *channel) {
    const struct json *row = json_member(json_member(result, "returns"), "rows")->first;

    while (!text_is(row->first->string, channel))
        row = row->next;
    return row->first->next;
}

TEST(a_run_reads_the_costs_that_were_noted_down_for_its_period) {
    const struct json *result;

    put_some(scope);
    note(scope, "Email", "2011-04-01", "2011-05-30", 60, "EUR"); // half of it in April
    note(scope, "Email", "2011-03-01", "2011-03-01", 5, "EUR");
    note(scope, "email", "2011-03-01", "2011-03-01", 6, "EUR");
    note(scope, "Email", "2011-03-01", "2011-03-01", 7, "EUR"); // instead of 5
    note(scope, "Email", "2011-03-02", "2011-03-02", 900, "CHF");
    note(scope, "Email", "2011-06-01", "2011-06-30", 900, "EUR");
    result = run_job(scope, "{\"from\": \"2011-03-01\", \"until\": \"2011-04-30\"}", NULL);
    CHECK_INT(cost_of(result, "email")->int64, 43);
    result = run_job(scope,
                     "{\"from\": \"2011-03-01\", \"until\": \"2011-04-30\", "
                     "\"costs\": [{\"channel\": \"email\", \"cost\": 10.5}]}",
                     NULL);
    CHECK_CLOSE(cost_of(result, "email")->number, 10.5, 0); // what was given stands
}

TEST(costs_that_cannot_be_are_refused_by_name) {
    static const struct channel_cost_entry bad[] = {
        {TEXT(""), TEXT("2011-01-01"), TEXT("2011-01-02"), 1, TEXT("EUR")},
        {TEXT("a"), TEXT("soon"), TEXT("2011-01-02"), 1, TEXT("EUR")},
        {TEXT("a"), TEXT("2011-01-03"), TEXT("2011-01-02"), 1, TEXT("EUR")},
        {TEXT("a"), TEXT("2011-01-01"), TEXT("2011-01-02"), -1, TEXT("EUR")},
        {TEXT("a"), TEXT("2011-01-01"), TEXT("2011-01-02"), 1, TEXT("coins")},
    };

    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        CHECK_CODE(channel_cost_put(scope, &bad[i]), INVALID);
        CHECK(scope->failure.field[0] != '\0');
        scope_forgive(scope);
    }
    CHECK_CODE(channel_cost_delete(scope, 7), NOT_FOUND);
    scope_forgive(scope);
    ledger_rollback(scope);
}

TEST(attribution_of_nothing_says_so) {
    const struct attribution_options options = attribution_default_options();
    static const struct test_touch visits[] = {
        {10, "2011-03-01 10:00", "page", "web", NULL, NULL},
        {20, "2011-03-01 10:00", "page", "web", NULL, NULL},
    };
    static const struct test_line sales[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-03-02 12:00",
         .customer = 10,
         .quantity = 1,
         .price = 30},
    };
    const struct json *result;
    int64_t job_id;

    test_store(scope);
    CHECK_OK(attribution_start(scope, &options, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID); // no touch at all
    scope_forgive(scope);
    PUT_TOUCHES(scope, visits);
    result = run_job(scope, "{}", NULL); // no sale
    CHECK_INT(json_member(result, "conversions")->int64, 0);
    CHECK_INT((int64_t)json_member(result, "reading")->count, 1);
    test_sales(scope, sales, 1);
    result = run_job(scope, "{\"until\": \"2011-03-31\"}", NULL); // direct alone
    CHECK_INT(json_member(result, "conversions")->int64, 1);
    CHECK_INT(json_member(json_member(result, "credit"), "row_count")->int64, 1);
    CHECK_CLOSE(cell(result, "credit", 0, 1), 1, 0);
    result = run_job(scope, "{\"from\": \"2012-01-01\", \"until\": \"2012-01-31\"}", NULL);
    CHECK_INT(json_member(result, "conversions")->int64, 0); // an empty window
}

TEST(options_of_attribution_out_of_range_are_refused_by_name) {
    static const char *const bad[] = {
        "{\"look_back_days\": 0}",
        "{\"look_back_days\": 366}",
        "{\"order\": 4}",
        "{\"half_life_days\": 0}",
        "{\"half_life_touches\": -1}",
        "{\"conversions\": \"some\"}",
        "{\"from\": \"soon\"}",
        "{\"costs\": {\"email\": 3}}",
        "{\"costs\": [{\"channel\": \"email\", \"cost\": -1}]}",
        "{\"costs\": [{\"channel\": \"\", \"cost\": 1}]}",
        "{\"costs\": [{\"channel\": \"a\", \"cost\": 1}, {\"channel\": \"a\", \"cost\": 2}]}",
        "{\"depth\": 3}",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct attribution_options options;
        struct json *json;

        CHECK_OK(json_parse(scope, text_of(bad[i]), &json));
        CHECK_CODE(attribution_read_options(scope, json, &options), INVALID);
        CHECK(scope->failure.field[0] != '\0');
        scope_forgive(scope);
    }
}

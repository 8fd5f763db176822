// SPDX-License-Identifier: Apache-2.0
#include "push/sheet/sheet_mail.h"

#include "analyze/dashboard/dashboard.h"
#include "analyze/metric/metric_testing.h"
#include "govern/access/access.h"
#include "push/mail/mail.h"
#include "store/job.h"
#include "store/ledger.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- numbers ----

TEST(numbers_are_written_so_that_people_read_them) {
    static const struct {
        double value;
        const char *long_form, *short_form;
    } cases[] = {
        {0, "0", "0"},
        {7.5, "7.50", "7.5"},
        {-12.345, "-12.35", "-12.35"},
        {999.994, "999.99", "1000"},
        {1234.5, "1,234", "1.234k"},
        {-1234567, "-1,234,567", "-1.235M"},
        {123456, "123,456", "123.5k"},
        {NAN, "–", "–"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CHECK_TEXT(sheet_number(&scope->arena, cases[i].value), cases[i].long_form);
        CHECK_TEXT(sheet_short_number(&scope->arena, cases[i].value), cases[i].short_form);
    }
}

// ---- drawing ----

static uint32_t big_endian(const char *bytes) {
    const unsigned char *byte = (const unsigned char *)bytes;

    return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

static void check_png(struct text png, uint32_t width, uint32_t height_least) {
    CHECK(png.size > 1000 && memcmp(png.data, "\x89PNG\r\n\x1a\n", 8) == 0);
    CHECK_INT(big_endian(png.data + 16), width);
    CHECK(big_endian(png.data + 20) >= height_least);
}

static size_t pages_of(struct text pdf) {
    static const char page[] = "/Type /Page %";
    size_t count = 0;

    for (size_t i = 0; i + sizeof(page) <= pdf.size; i++)
        count += memcmp(pdf.data + i, page, sizeof(page) - 1) == 0;
    return count;
}

// Every shape, with values that are awkward.
static struct sheet strange_sheet(struct scope *scope, size_t tile_count) {
    static const double values[] = {0, -5, 1e12, NAN, 3, INFINITY, 1e-9};
    struct sheet sheet = {.name = TEXT("Montag <b>&amp;"),
                          .description = TEXT("العربية ß 漢字"),
                          .days = TEXT("2011-01-01 – 2011-12-31"),
                          .made = TEXT("now"),
                          .tile_count = tile_count};

    sheet.tiles = arena_array(&scope->arena, tile_count, sizeof(*sheet.tiles));
    for (size_t i = 0; i < tile_count; i++) {
        struct sheet_tile *tile = &sheet.tiles[i];

        *tile = (struct sheet_tile){.shape = (enum sheet_shape)(i % SHEET_SHAPES),
                                    .width = 1 + (int)(i % 4),
                                    .title = TEXT("A heading that is far too long for its tile"),
                                    .value = TEXT("123,456,789,012,345 EUR"),
                                    .note = TEXT("+3.0 %"),
                                    .progress = i % 3 == 0 ? NAN : 0.4 * (double)i,
                                    .words = TEXT("words\nof two lines"),
                                    .column_count = 2,
                                    .row_count = 2,
                                    .left_out = i % 2};
        tile->point_count = i % 14 < 7 ? 7 : i % 2;
        tile->points = arena_array(&scope->arena, 7, sizeof(*tile->points));
        for (size_t k = 0; k < 7; k++)
            tile->points[k] = (struct sheet_point){.label = TEXT("2011-12"),
                                                   .value = values[k],
                                                   .low = k > 4 ? values[k] - 1 : NAN,
                                                   .high = k > 4 ? values[k] + 1 : NAN,
                                                   .is_ahead = k > 4};
        tile->heads = arena_array(&scope->arena, 2, sizeof(*tile->heads));
        tile->cells = arena_array(&scope->arena, 4, sizeof(*tile->cells));
        tile->is_number[1] = true;
    }
    return sheet;
}

TEST(a_sheet_of_anything_is_drawn_and_twice_the_same) {
    const struct sheet sheet = strange_sheet(scope, 14);

    for (int format = SHEET_PDF; format <= SHEET_PNG; format++) {
        CLEANUP(buffer_clear) struct buffer first = {0};
        CLEANUP(buffer_clear) struct buffer second = {0};

        CHECK_OK(sheet_draw(scope, &sheet, (enum sheet_format)format, &first));
        CHECK_OK(sheet_draw(scope, &sheet, (enum sheet_format)format, &second));
        CHECK(text_equal(buffer_text(&first), buffer_text(&second)));
        if (format == SHEET_PNG)
            check_png(buffer_text(&first), 1191, 2000);
        else
            CHECK(pages_of(buffer_text(&first)) > 1);
    }
}

TEST(a_sheet_without_tiles_is_one_page) {
    CLEANUP(buffer_clear) struct buffer pdf = {0};
    const struct sheet sheet = {.name = TEXT("empty"), .days = TEXT("no days")};

    CHECK_OK(sheet_draw(scope, &sheet, SHEET_PDF, &pdf));
    CHECK_INT((int64_t)pages_of(buffer_text(&pdf)), 1);
}

// ---- reading ----

static const struct test_line some_sales[] = {
    {.sale = 1, .at = "2010-03-05 10:00", .customer = 1, .product = 1, .quantity = 2, .price = 50},
    {.sale = 2, .at = "2011-01-05 10:00", .customer = 1, .product = 1, .quantity = 1, .price = 90},
    {.sale = 3, .at = "2011-03-02 10:00", .customer = 2, .product = 2, .quantity = 3, .price = 20},
};

static void keep_dashboard(struct scope *scope, const char *definition) {
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(definition), &json));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, dashboard_put(scope, TEXT("monday"), TEXT("for all"), json)));
}

TEST(a_sheet_shows_the_numbers_of_its_days_beside_those_of_the_year_before) {
    struct sheet sheet;

    test_store(scope);
    test_sales(scope, some_sales, sizeof(some_sales) / sizeof(*some_sales));
    keep_dashboard(scope, "{\"period\": \"year\", \"compare\": \"year\", \"tiles\": ["
                          "{\"kind\": \"figure\", \"metric\": \"revenue_gross\", \"target\": 300},"
                          "{\"kind\": \"chart\", \"metric\": \"revenue_gross\", \"by\": \"month\"},"
                          "{\"kind\": \"table\", \"metric\": \"revenue_gross,receipts\", \"by\": "
                          "\"product\", \"width\": 2},"
                          "{\"kind\": \"bridge\", \"way\": \"receipts\"},"
                          "{\"kind\": \"forecast\"}, {\"kind\": \"text\", \"text\": \"Read me\"},"
                          "{\"kind\": \"segment\", \"segment\": \"nobody\"}]}");
    scope->actor.permissions = MAY_EVERYTHING;
    CHECK_OK(sheet_read(scope, TEXT("monday"), &sheet));
    CHECK_TEXT(sheet.days, "2011-01-01 – 2011-03-02, beside 2010-01-01 – 2010-03-02");
    CHECK_INT((int64_t)sheet.tile_count, 7);
    CHECK_TEXT(sheet.tiles[0].value, "150 EUR");
    CHECK_TEXT(sheet.tiles[0].note, "50 % of 300 EUR");
    CHECK_CLOSE(sheet.tiles[0].progress, 0.5, 1e-12);
    CHECK_INT(sheet.tiles[1].shape, SHEET_COLUMNS);
    CHECK_TEXT(sheet.tiles[1].title, "Revenue, gross by Month, EUR");
    CHECK_TEXT(sheet.tiles[1].points[0].label, "2011-01");
    CHECK_CLOSE(sheet.tiles[1].points[0].value, 90, 1e-9);
    CHECK_INT((int64_t)sheet.tiles[2].row_count, 2);
    CHECK_TEXT(sheet.tiles[2].cells[1], "90 EUR");
    CHECK_TEXT(sheet.tiles[2].cells[2], "1");
    CHECK_INT(sheet.tiles[3].shape, SHEET_BARS);
    CHECK_CLOSE(sheet.tiles[3].points[4].value, 150,
                1e-9); // the year before had none of these days
    CHECK_TEXT(sheet.tiles[4].words, "No forecast was made yet.");
    CHECK_TEXT(sheet.tiles[5].words, "Read me");
    CHECK(text_starts_with(sheet.tiles[6].words, TEXT("It cannot be told: ")));
    scope->actor.permissions = MAY_READ_REPORTS;
    CHECK_OK(sheet_read(scope, TEXT("monday"), &sheet));
    CHECK_TEXT(sheet.tiles[6].words, "Segments are not shown to you.");
    CHECK_CODE(sheet_read(scope, TEXT("tuesday"), &sheet), NOT_FOUND);
}

TEST(a_dashboard_over_a_store_without_sales_says_so_in_each_tile) {
    CLEANUP(buffer_clear) struct buffer pdf = {0};
    struct sheet sheet;

    test_store(scope);
    keep_dashboard(scope, "{\"tiles\": [{\"kind\": \"chart\", \"metric\": \"receipts\", \"by\": "
                          "\"store\", \"width\": 4}]}");
    CHECK_OK(sheet_read(scope, TEXT("monday"), &sheet));
    CHECK_TEXT(sheet.days, "There are no sales yet.");
    CHECK_TEXT(sheet.tiles[0].words, "There is nothing in these days.");
    CHECK_OK(sheet_draw(scope, &sheet, SHEET_PDF, &pdf));
}

// ---- by e-mail ----

static const char *next_of(struct scope *scope, int rhythm, int day, int hour, const char *after) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    const struct sheet_mail mail = {.rhythm = rhythm - 1, .day = day, .hour = hour};
    char *text = arena_alloc(&scope->arena, TIME_TEXT_SIZE);
    int64_t at_us;
    bool has_time;

    CHECK_OK(zone_open(scope, TEXT("Europe/Berlin"), &zone));
    CHECK(time_parse(text_of(after), DATE_ORDER_YMD, zone, &at_us, &has_time));
    time_format_local(zone, sheet_mail_next_us(&mail, zone, at_us), text);
    return text;
}

TEST(the_next_mail_of_a_dashboard_is_at_its_hour_of_the_business) {
    CHECK_STRING(next_of(scope, SHEET_DAILY, 1, 7, "2026-03-04 06:59"), "2026-03-04 07:00:00");
    CHECK_STRING(next_of(scope, SHEET_DAILY, 1, 7, "2026-03-04 07:00"), "2026-03-05 07:00:00");
    CHECK_STRING(next_of(scope, SHEET_WEEKLY, 1, 7, "2026-03-04 10:00"), "2026-03-09 07:00:00");
    CHECK_STRING(next_of(scope, SHEET_WEEKLY, 3, 7, "2026-03-04 10:00"), "2026-03-11 07:00:00");
    CHECK_STRING(next_of(scope, SHEET_MONTHLY, 28, 0, "2026-02-28 00:00"), "2026-03-28 00:00:00");
    CHECK_STRING(next_of(scope, SHEET_MONTHLY, 1, 23, "2026-12-31 23:00"), "2027-01-01 23:00:00");
    // The clock goes from 2 to 3 that day.
    CHECK_STRING(next_of(scope, SHEET_DAILY, 1, 2, "2026-03-28 12:00"), "2026-03-29 03:00:00");
}

static code create(struct scope *scope, const char *to, int64_t *ret_id) {
    struct sheet_mail mail = sheet_mail_usual();
    struct json *json;

    scope_forgive(scope);
    CHECK_OK(json_parse(scope, text_of(to), &json));
    mail.dashboard = TEXT("monday");
    mail.to = json;
    TRY(ledger_begin(scope));
    return ledger_end(scope, sheet_mail_create(scope, &mail, ret_id));
}

static void set_mail_up(struct scope *scope) {
    const struct mail_setup setup = {.host = TEXT("127.0.0.1"),
                                     .port = 9, // nobody answers there
                                     .tls = SMTP_TLS_NONE,
                                     .connections = 1,
                                     .per_domain = 1,
                                     .from_address = TEXT("shop@example.org"),
                                     .feedback_id = TEXT("tessera")};

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, mail_setup_save(scope, &setup)));
}

TEST(a_due_mail_of_a_dashboard_becomes_one_job_and_goes_with_its_dashboard) {
    static const struct job_kind kinds[] = {{"dashboard_mail", sheet_mail_run, JOB_LIGHT}};
    int64_t id = 0, job_id;

    test_store(scope);
    keep_dashboard(scope, "{\"tiles\": []}");
    CHECK_CODE(create(scope, "[\"ada@example.org\"]", &id), CONFLICT); // no relay is set up
    scope_forgive(scope);
    set_mail_up(scope);
    CHECK_CODE(create(scope, "[]", &id), INVALID);
    CHECK_CODE(create(scope, "[\"ada at example\"]", &id), INVALID);
    CHECK(!strstr(scope->failure.message, "ada"));
    CHECK_OK(create(scope, "[\"ada@example.org\", \"bob@example.org\"]", &id));
    CHECK_OK(sheet_mail_start_due(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM job"), "0");
    scope->now_us += 8 * US_PER_DAY;
    CHECK_OK(sheet_mail_start_due(scope));
    CHECK_OK(sheet_mail_start_due(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT kind, state FROM job"), "dashboard_mail|queued");
    CHECK_OK(ledger_int64(scope, "SELECT id FROM job", NO_BINDS, 0, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), UNAVAILABLE);
    scope_forgive(scope);
    CHECK(strstr(test_ledger_rows(scope, "SELECT outcome FROM dashboard_mail"), "0 of 2 taken"));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, dashboard_delete(scope, TEXT("monday"))));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sheet_mail_send(scope, TEXT("monday"), id, &job_id)));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), NOT_FOUND);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM dashboard_mail"), "0");
}

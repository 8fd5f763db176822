// SPDX-License-Identifier: Apache-2.0
// The list has its name before the PDF has: a PDF that is there has its list. The file's date and
// that of the letters are the first message's, so that it is the same when it is made again.
#include "push/letter/letter_channel.h"

#include "base/money.h"
#include "base/time.h"
#include "letter_sql.h"
#include "push/channel/channel_out.h"
#include "push/letter/address.h"
#include "push/letter/body.h"
#include "push/letter/letter_coupon.h"
#include "push/letter/postage.h"
#include "push/letter/stationery.h"
#include "store/csv_cell.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store.h"
#include "store/unit.h"

#include <stdlib.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

struct addressed {
    size_t index; // of the message
    struct postal_lines lines;
    bool is_good;
};

struct print_run {
    const struct channel_message *messages;
    struct channel_outcome *outcomes;
    struct letter_stationery stationery;
    struct settings settings;
    struct text date;
    char day[TIME_TEXT_SIZE];
    struct letter_writer *writer;
    struct buffer list;
    int64_t number;
};

code letter_channel_prepare(struct scope *scope, const struct channel_content *sources) {
    struct block *blocks;
    size_t count;

    if (text_trim(sources->text).size == 0)
        return scope_fail_field(scope, INVALID, "text", "a letter has a text");
    TRY(body_read(scope, sources->text, &blocks, &count));
    return letter_coupon_check(scope, sources->text);
}

// ---- addresses ----

static code read_lines(struct scope *scope, const struct print_run *run,
                       const struct countries *countries, int64_t customer,
                       struct postal_lines *ret_lines) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct postal_address address;
    struct text name;
    bool found;

    TRY(ledger_find(scope, sql_letter_addressee, BINDS(BIND_INT64(customer)), &rows, &found));
    if (!found)
        return scope_fail(scope, INVALID, "there is no such customer");
    name = rows_text(rows, 0);
    if (name.size == 0)
        name = text_printf(&scope->arena, "%.*s %.*s", TEXT_ARG(rows_text(rows, 1)),
                           TEXT_ARG(rows_text(rows, 2)));
    address = (struct postal_address){.name = text_copy(&scope->arena, name),
                                      .company = text_copy(&scope->arena, rows_text(rows, 3)),
                                      .street = text_copy(&scope->arena, rows_text(rows, 4)),
                                      .postal_code = text_copy(&scope->arena, rows_text(rows, 5)),
                                      .city = text_copy(&scope->arena, rows_text(rows, 6)),
                                      .region = text_copy(&scope->arena, rows_text(rows, 7)),
                                      .country = text_copy(&scope->arena, rows_text(rows, 8))};
    return address_lines(scope, countries, &address,
                         text_string(&scope->arena, run->settings.country), ret_lines);
}

// One that cannot be printed is that message's failure, and the others are printed.
static code refuse(struct scope *scope, struct channel_outcome *outcome, enum channel_class class,
                   code result) {
    if (result != INVALID && result != CONFLICT && result != NOT_FOUND)
        return result;
    outcome->result = CHANNEL_FAILED;
    outcome->class = class;
    snprintf(outcome->detail, sizeof(outcome->detail), "%.199s", scope->failure.message);
    scope_forgive(scope);
    return OK;
}

static int by_place(const void *a, const void *b) {
    const struct addressed *left = a, *right = b;
    int order = memcmp(left->lines.country, right->lines.country, COUNTRY_SIZE);

    if (order == 0)
        order = text_compare(left->lines.postal_code, right->lines.postal_code);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

static code read_addresses(struct scope *scope, struct print_run *run, size_t count,
                           struct addressed *addressed) {
    struct countries *countries;

    TRY(countries_make(scope, &countries));
    for (size_t i = 0; i < count; i++) {
        const code result =
            read_lines(scope, run, countries, run->messages[i].customer, &addressed[i].lines);

        addressed[i].index = i;
        addressed[i].is_good = result == OK;
        if (result != OK)
            TRY(refuse(scope, &run->outcomes[i], CHANNEL_CLASS_CONTENT, result));
    }
    qsort(addressed, count, sizeof(*addressed), by_place);
    return OK;
}

// ---- coupons ----

struct claim {
    struct coupon_series series;
    const struct channel_message *message;
    struct text chosen;
};

static code issue(struct scope *scope, const struct claim *claim) {
    bool is_issued;

    TRY(coupon_claim(scope, &claim->series, claim->message->customer, claim->message->id,
                     claim->chosen, &is_issued));
    return is_issued ? OK : scope_fail(scope, CONFLICT, "the coupon was issued meanwhile");
}

static code issue_alone(struct scope *scope, void *argument) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, issue(scope, argument));
}

// A code is spent on a letter that can be printed.
static code settle(struct scope *scope, void *context) {
    return unit_run(scope, issue_alone, context);
}

static code take_coupon(struct scope *scope, struct letter *letter, struct claim *claim,
                        struct letter_coupon *coupon) {
    bool is_found;

    TRY(letter_coupon_find(scope, letter, &claim->series, &is_found));
    if (!is_found)
        return OK;
    TRY(coupon_choose(scope, &claim->series, claim->message->customer, claim->message->id,
                      &claim->chosen));
    letter_coupon_place(scope, &claim->series, claim->chosen, letter, coupon);
    letter->settle = settle;
    letter->settle_context = claim;
    return OK;
}

// ---- the list ----

static void add_cell(struct print_run *run, struct text cell, char end) {
    csv_add_safe_cell(&run->list, cell);
    buffer_add_char(&run->list, end);
}

static code add_to_list(struct scope *scope, struct print_run *run, const struct addressed *entry,
                        int pages) {
    const struct letter_layout *layout = letter_layout((enum letter_format)run->stationery.format);
    const int sheets = run->stationery.is_duplex ? (pages + 1) / 2 : pages;
    const double grams = letter_grams(layout->width, layout->height, run->stationery.paper_gsm,
                                      sheets, run->stationery.envelope_grams);
    const bool is_abroad = !text_is(run->settings.country, entry->lines.country);
    char price[MICROS_TEXT_SIZE];
    struct postage postage = {0};
    bool is_known = false;

    if (!is_abroad)
        TRY(postage_find(scope, run->stationery.postage, entry->lines.country, grams, run->day,
                         &postage, &is_known));
    buffer_printf(&run->list, "%lld,%lld,%d,%d,%.1f,", (long long)++run->number,
                  (long long)run->messages[entry->index].id, pages, sheets, grams);
    add_cell(run, is_known ? text_of(micros_format(postage.price_micros, 2, price)) : TEXT(""),
             ',');
    add_cell(run, text_of(postage.currency), ',');
    add_cell(run, text_of(entry->lines.country), ',');
    add_cell(run, entry->lines.postal_code, ',');
    for (size_t i = 0; i < POSTAL_LINES_MOST; i++)
        add_cell(run, i < entry->lines.count ? entry->lines.lines[i] : TEXT(""),
                 i + 1 < POSTAL_LINES_MOST ? ',' : '\r');
    buffer_add_char(&run->list, '\n');
    return OK;
}

// ---- printing ----

static code print_one(struct scope *scope, struct print_run *run, const struct addressed *entry) {
    const struct channel_message *message = &run->messages[entry->index];
    struct letter letter = {.address = entry->lines.lines,
                            .address_count = entry->lines.count,
                            .date = run->date,
                            .subject = message->content.subject,
                            .body = message->content.text};
    struct claim claim = {.message = message};
    struct letter_coupon coupon;
    int pages = 0;

    TRY(take_coupon(scope, &letter, &claim, &coupon));
    TRY(letter_writer_add(scope, run->writer, &letter, &pages));
    TRY(add_to_list(scope, run, entry, pages));
    run->outcomes[entry->index].result = CHANNEL_ACCEPTED;
    return OK;
}

static code print_all(struct scope *scope, struct print_run *run, struct addressed *addressed,
                      size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        code result;

        TRY(scope_check(scope));
        if (!addressed[i].is_good)
            continue;
        result = print_one(scope, run, &addressed[i]);
        if (result != OK)
            TRY(refuse(scope, &run->outcomes[addressed[i].index], CHANNEL_CLASS_CONTENT, result));
        arena_rewind(&scope->arena, mark);
    }
    return letter_writer_end(scope, run->writer);
}

// ---- files ----

static code write_list(struct scope *scope, struct print_run *run, const char *path) {
    struct channel_out out;

    TRY(channel_out_open(scope, arena_printf(&scope->arena, "%s.csv", path), &out));
    fwrite(run->list.data, 1, run->list.size, out.file);
    return channel_out_finish(scope, &out);
}

// "22. November 2026", as the stationery's language writes it; empty when it cannot be.
static struct text long_date(struct scope *scope, const struct print_run *run, int64_t at_us) {
    UErrorCode status = U_ZERO_ERROR;
    UChar zone[80], written[120];
    char date[360];
    int32_t size = 0, zone_size = 0;
    UDateFormat *format;

    u_strFromUTF8(zone, 80, &zone_size, run->settings.zone.data, (int32_t)run->settings.zone.size,
                  &status);
    format = udat_open(UDAT_NONE, UDAT_LONG, text_string(&scope->arena, run->stationery.language),
                       zone, zone_size, NULL, 0, &status);
    if (U_FAILURE(status))
        return (struct text){0};
    udat_format(format, (double)at_us / 1000, written, 120, NULL, &status);
    udat_close(format);
    u_strToUTF8(date, sizeof(date), &size, written, -1, &status);
    return U_SUCCESS(status) ? text_copy(&scope->arena, (struct text){date, (size_t)size})
                             : (struct text){0};
}

static code open_run(struct scope *scope, struct print_run *run) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    const int64_t made_at_us = store_instant_of_id(run->messages[0].id);

    TRY(letter_stationery_load(scope, &run->stationery));
    TRY(settings_load(scope, &run->settings));
    run->date = long_date(scope, run, made_at_us);
    TRY(zone_open(scope, run->settings.zone, &zone));
    day_format(zone_day(zone, made_at_us), run->day); // prices hold by the store's days
    buffer_add_string(&run->list, "number,message,pages,sheets,grams,postage,currency,country,"
                                  "postal_code,line_1,line_2,line_3,line_4,line_5,line_6,line_7,"
                                  "line_8\r\n");
    return OK;
}

static code make_files(struct scope *scope, struct print_run *run, size_t count, const char *path) {
    struct addressed *addressed = arena_array(&scope->arena, count, sizeof(*addressed));
    struct letter_style style;
    struct channel_out out;
    code result;

    TRY(open_run(scope, run));
    TRY(read_addresses(scope, run, count, addressed));
    TRY(letter_stationery_style(scope, &run->stationery, store_instant_of_id(run->messages[0].id),
                                &style));
    TRY(channel_out_open(scope, path, &out));
    result = letter_writer_open(scope, &style, out.file, &run->writer);
    if (result == OK)
        result = print_all(scope, run, addressed, count);
    letter_writer_close(&run->writer);
    if (result == OK)
        result = write_list(scope, run, path);
    if (result == OK)
        result = channel_out_finish(scope, &out);
    channel_out_abandon(&out);
    return result;
}

code letter_channel_make(struct scope *scope, const struct channel_order *order,
                         const struct channel_message *messages, size_t count, const char *path,
                         struct channel_outcome *outcomes) {
    struct print_run run = {.messages = messages, .outcomes = outcomes};
    code result;

    (void)order;
    result = make_files(scope, &run, count, path);
    buffer_clear(&run.list);
    return result;
}

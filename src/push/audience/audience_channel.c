// SPDX-License-Identifier: Apache-2.0
#include "push/audience/audience_channel.h"

#include "audience_sql.h"
#include "base/progress.h"
#include "push/audience/normalise.h"
#include "push/channel/channel_out.h"
#include "push/letter/country.h"
#include "store/csv_cell.h"
#include "store/ledger.h"

enum { REPEATS = 3, MOST_CELLS = 12 };

struct audience_row {
    struct text emails[REPEATS], phones[REPEATS];
    struct text given_name, family_name, city, region, postal_code, country;
};

static const char *const headers[] = {
    [AUDIENCE_GOOGLE] = "Email,Email,Email,Phone,Phone,Phone,First Name,Last Name,Country,Zip\n",
    [AUDIENCE_META] = "email,email,email,phone,phone,phone,fn,ln,ct,st,zip,country\n",
};

static code read_platform(struct scope *scope, struct text raw,
                          enum audience_platform *ret_platform) {
    const struct text name = text_trim(raw);

    for (int i = 0; i < AUDIENCE_PLATFORM_COUNT; i++)
        if (text_is(name, audience_platform_names[i])) {
            *ret_platform = (enum audience_platform)i;
            return OK;
        }
    return scope_fail_field(scope, INVALID, "text",
                            "the text of an audience names the platform: google or meta");
}

code audience_channel_prepare(struct scope *scope, const struct channel_content *sources) {
    enum audience_platform platform;

    return read_platform(scope, sources->text, &platform);
}

// ---- a person ----

static code read_identifiers(struct scope *scope, int64_t customer, struct audience_row *row) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t emails = 0, phones = 0;

    TRY(ledger_query(scope, sql_audience_identifiers, BINDS(BIND_INT64(customer)), &rows));
    while (rows_next(rows)) {
        const struct text value = text_copy(&scope->arena, rows_text(rows, 1));

        if (rows_int64(rows, 0) == IDENTIFIER_EMAIL && emails < REPEATS)
            row->emails[emails++] = value;
        else if (rows_int64(rows, 0) == IDENTIFIER_PHONE && phones < REPEATS)
            row->phones[phones++] = value;
    }
    return rows_end(rows);
}

static code read_person(struct scope *scope, const struct countries *countries, int64_t customer,
                        struct audience_row *ret_row) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct audience_row row = {0};
    char country[COUNTRY_SIZE] = "";
    bool found;

    TRY(ledger_find(scope, sql_audience_person, BINDS(BIND_INT64(customer)), &rows, &found));
    if (found) {
        struct text *const texts[] = {&row.given_name, &row.family_name, &row.city, &row.region,
                                      &row.postal_code};

        for (size_t i = 0; i < 5; i++)
            *texts[i] = text_copy(&scope->arena, rows_text(rows, i));
        if (country_find(scope, countries, rows_text(rows, 5), country))
            row.country = text_printf(&scope->arena, "%s", country);
    }
    rows_close(&rows);
    TRY(read_identifiers(scope, customer, &row));
    *ret_row = row;
    return OK;
}

// ---- its line ----

// Google matches an address by all four of its parts or not at all.
static void drop_half_address(struct audience_row *row) {
    if (row->given_name.size > 0 && row->family_name.size > 0 && row->country.size > 0 &&
        row->postal_code.size > 0)
        return;
    row->given_name = row->family_name = row->country = row->postal_code = (struct text){0};
}

static size_t cells_of(struct arena *arena, enum audience_platform platform,
                       const struct audience_row *row, struct text cells[MOST_CELLS]) {
    size_t count = 0;

    for (size_t i = 0; i < REPEATS; i++)
        cells[count++] = audience_normalise(arena, platform, AUDIENCE_EMAIL, row->emails[i]);
    for (size_t i = 0; i < REPEATS; i++)
        cells[count++] = audience_normalise(arena, platform, AUDIENCE_PHONE, row->phones[i]);
    cells[count++] = audience_normalise(arena, platform, AUDIENCE_GIVEN_NAME, row->given_name);
    cells[count++] = audience_normalise(arena, platform, AUDIENCE_FAMILY_NAME, row->family_name);
    if (platform == AUDIENCE_GOOGLE) {
        cells[count++] = audience_normalise(arena, platform, AUDIENCE_COUNTRY, row->country);
        cells[count++] =
            audience_normalise(arena, platform, AUDIENCE_POSTAL_CODE, row->postal_code);
        return count;
    }
    cells[count++] = audience_normalise(arena, platform, AUDIENCE_CITY, row->city);
    cells[count++] = audience_normalise(arena, platform, AUDIENCE_REGION, row->region);
    cells[count++] = audience_normalise(arena, platform, AUDIENCE_POSTAL_CODE, row->postal_code);
    cells[count++] = audience_normalise(arena, platform, AUDIENCE_COUNTRY, row->country);
    return count;
}

static code write_person(struct scope *scope, enum audience_platform platform,
                         struct audience_row *row, FILE *file, bool *ret_is_written) {
    CLEANUP(buffer_clear) struct buffer line = {0};
    struct text cells[MOST_CELLS];
    size_t count;

    if (platform == AUDIENCE_GOOGLE)
        drop_half_address(row);
    *ret_is_written = row->emails[0].size > 0 || row->phones[0].size > 0 ||
                      (row->family_name.size > 0 && row->postal_code.size > 0);
    if (!*ret_is_written)
        return OK;
    count = cells_of(&scope->arena, platform, row, cells);
    for (size_t i = 0; i < count; i++) {
        if (cells[i].size > 0)
            csv_add_safe_cell(&line, cells[i]);
        buffer_add_char(&line, i + 1 < count ? ',' : '\n');
    }
    fwrite(line.data, 1, line.size, file);
    return OK;
}

// ---- the file ----

static code write_all(struct scope *scope, enum audience_platform platform,
                      const struct channel_message *messages, size_t count, FILE *file,
                      struct channel_outcome *outcomes, size_t *ret_written) {
    struct countries *countries;
    size_t written = 0;

    TRY(countries_make(scope, &countries));
    fputs(headers[platform], file);
    for (size_t i = 0; i < count; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        struct audience_row row;
        bool is_written;

        TRY(scope_check(scope));
        TRY(read_person(scope, countries, messages[i].customer, &row));
        TRY(write_person(scope, platform, &row, file, &is_written));
        arena_rewind(&scope->arena, mark);
        outcomes[i].result = is_written ? CHANNEL_ACCEPTED : CHANNEL_FAILED;
        outcomes[i].class = is_written ? CHANNEL_CLASS_NONE : CHANNEL_CLASS_CONTENT;
        if (!is_written)
            snprintf(outcomes[i].detail, sizeof(outcomes[i].detail),
                     "no e-mail address, telephone number or whole address");
        written += is_written;
    }
    *ret_written = written;
    return OK;
}

// The platform's list is all files of the campaign together.
static code warn_of_few(struct scope *scope, int64_t campaign_id, size_t written) {
    int64_t before;

    TRY(ledger_int64(scope, sql_audience_handed_over, BINDS(BIND_INT64(campaign_id)), 0, &before));
    if (before + (int64_t)written < AUDIENCE_LEAST_PEOPLE)
        progress_note(scope->progress,
                      "the list has %lld people; platforms match lists of %d and more",
                      (long long)before + (long long)written, AUDIENCE_LEAST_PEOPLE);
    return OK;
}

code audience_channel_make(struct scope *scope, const struct channel_order *order,
                           const struct channel_message *messages, size_t count, const char *path,
                           struct channel_outcome *outcomes) {
    enum audience_platform platform;
    struct channel_out out;
    size_t written = 0;
    code result;

    TRY(read_platform(scope, messages[0].content.text, &platform));
    TRY(channel_out_open(scope, path, &out));
    result = write_all(scope, platform, messages, count, out.file, outcomes, &written);
    if (result == OK)
        result = warn_of_few(scope, order->campaign_id, written);
    if (result == OK)
        result = channel_out_finish(scope, &out);
    channel_out_abandon(&out);
    return result;
}

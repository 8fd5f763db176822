// SPDX-License-Identifier: Apache-2.0
#include "push/audience/audience_channel.h"

#include "audience_sql.h"
#include "base/progress.h"
#include "push/audience/audience_list.h"
#include "push/audience/normalise.h"
#include "push/channel/channel_out.h"
#include "push/letter/country.h"
#include "store/csv_cell.h"
#include "store/ledger.h"

enum { REPEATS = 3, MOST_CELLS = 12, READ_AT_ONCE = 1000 };

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

// What a file says of somebody; empty: nothing that a platform could match them by.
static code make_line(struct scope *scope, enum audience_platform platform,
                      const struct countries *countries, int64_t customer, struct buffer *line) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct text cells[MOST_CELLS];
    struct audience_row row;
    size_t count;

    line->size = 0;
    TRY(read_person(scope, countries, customer, &row));
    if (platform == AUDIENCE_GOOGLE)
        drop_half_address(&row);
    if (row.emails[0].size > 0 || row.phones[0].size > 0 ||
        (row.family_name.size > 0 && row.postal_code.size > 0)) {
        count = cells_of(&scope->arena, platform, &row, cells);
        for (size_t i = 0; i < count; i++) {
            if (cells[i].size > 0)
                csv_add_safe_cell(line, cells[i]);
            buffer_add_char(line, i + 1 < count ? ',' : '\n');
        }
    }
    arena_rewind(&scope->arena, mark);
    return OK;
}

// ---- the file of those who come ----

struct making {
    enum audience_platform platform;
    const struct countries *countries;
    FILE *file;
    struct audience_member *members; // whose lines it has
    size_t count;
};

static code write_one(struct scope *scope, struct making *making,
                      const struct channel_message *message, struct channel_outcome *outcome) {
    CLEANUP(buffer_clear) struct buffer line = {0};
    enum audience_platform platform;

    TRY(read_platform(scope, message->content.text, &platform));
    outcome->result = CHANNEL_PUT_OFF; // the other platform's have the next file
    if (platform != making->platform)
        return OK;
    TRY(make_line(scope, platform, making->countries, message->customer, &line));
    outcome->result = CHANNEL_FAILED;
    outcome->class = CHANNEL_CLASS_CONTENT;
    snprintf(outcome->detail, sizeof(outcome->detail),
             "no e-mail address, telephone number or whole address");
    if (line.size == 0)
        return OK;
    fwrite(line.data, 1, line.size, making->file);
    making->members[making->count++] =
        (struct audience_member){.customer = message->customer,
                                 .platform = platform,
                                 .line = text_copy(&scope->arena, buffer_text(&line))};
    *outcome = (struct channel_outcome){.result = CHANNEL_ACCEPTED, .cost_micros = -1};
    return OK;
}

static code write_all(struct scope *scope, struct making *making,
                      const struct channel_message *messages, size_t count,
                      struct channel_outcome *outcomes) {
    struct countries *countries;

    TRY(countries_make(scope, &countries));
    making->countries = countries;
    making->members = arena_array(&scope->arena, count, sizeof(*making->members));
    fputs(headers[making->platform], making->file);
    for (size_t i = 0; i < count; i++) {
        TRY(scope_check(scope));
        TRY(write_one(scope, making, &messages[i], &outcomes[i]));
    }
    return OK;
}

static code warn_of_few(struct scope *scope, int64_t campaign_id) {
    int64_t count;

    TRY(ledger_int64(scope, sql_audience_size, BINDS(BIND_INT64(campaign_id)), 0, &count));
    if (count < AUDIENCE_LEAST_PEOPLE)
        progress_note(scope->progress,
                      "the list has %lld people; platforms match lists of %d and more",
                      (long long)count, AUDIENCE_LEAST_PEOPLE);
    return OK;
}

// They are on the list before anybody can fetch the file: nobody who is has to be forgotten there.
code audience_channel_make(struct scope *scope, const struct channel_order *order,
                           const struct channel_message *messages, size_t count, const char *path,
                           struct channel_outcome *outcomes) {
    const struct audience_change change = {order->campaign_id, order->campaign, path};
    struct making making = {0};
    struct channel_out out;
    code result;

    TRY(read_platform(scope, messages[0].content.text, &making.platform));
    TRY(channel_out_open(scope, path, &out));
    making.file = out.file;
    result = write_all(scope, &making, messages, count, outcomes);
    if (result == OK)
        result = audience_list_add(scope, &change, making.members, making.count);
    if (result == OK)
        result = warn_of_few(scope, order->campaign_id);
    if (result == OK && making.count > 0)
        result = channel_out_finish(scope, &out);
    channel_out_abandon(&out);
    return result;
}

// ---- the files of those who leave ----

struct leaving {
    const struct channel_order *order;
    const struct channel_stayers *stayers;
    const char *stem;
    struct countries *countries;
    struct {
        struct channel_out out; // opened with the first of them
        struct buffer customers;
    } files[AUDIENCE_PLATFORM_COUNT];
};

static void leaving_clear(struct leaving *leaving) {
    for (size_t i = 0; i < AUDIENCE_PLATFORM_COUNT; i++) {
        channel_out_abandon(&leaving->files[i].out);
        buffer_clear(&leaving->files[i].customers);
    }
}

// Who has another line by now (a new address, one that was suppressed) leaves with the old one and
// may come back with the new one.
static code may_stay(struct scope *scope, const struct leaving *leaving,
                     const struct audience_member *member, bool *ret_stays) {
    CLEANUP(buffer_clear) struct buffer line = {0};
    int64_t customer;

    TRY(leaving->stayers->ask(scope, leaving->stayers->owner, member->customer, &customer));
    if (customer != 0)
        TRY(make_line(scope, member->platform, leaving->countries, customer, &line));
    *ret_stays = customer != 0 && text_equal(buffer_text(&line), member->line);
    return OK;
}

static code write_leaver(struct scope *scope, struct leaving *leaving,
                         const struct audience_member *member) {
    struct channel_out *out = &leaving->files[member->platform].out;

    if (!out->file) {
        TRY(channel_out_open(scope,
                             arena_printf(&scope->arena, "%s.%s.removed.csv", leaving->stem,
                                          audience_platform_names[member->platform]),
                             out));
        fputs(headers[member->platform], out->file);
    }
    fwrite(member->line.data, 1, member->line.size, out->file);
    buffer_add(&leaving->files[member->platform].customers, &member->customer,
               sizeof(member->customer));
    return OK;
}

static code look_through(struct scope *scope, struct leaving *leaving) {
    struct audience_member *members = arena_array(&scope->arena, READ_AT_ONCE, sizeof(*members));
    int64_t after = INT64_MIN;
    size_t count;

    do {
        TRY(scope_check(scope));
        TRY(audience_list_read(scope, leaving->order->campaign_id, after, READ_AT_ONCE, members,
                               &count));
        for (size_t i = 0; i < count; i++) {
            bool stays;

            TRY(may_stay(scope, leaving, &members[i], &stays));
            if (!stays)
                TRY(write_leaver(scope, leaving, &members[i]));
            after = members[i].customer;
        }
    } while (count == READ_AT_ONCE);
    return OK;
}

code audience_channel_take_off(struct scope *scope, const struct channel_order *order,
                               const struct channel_stayers *stayers, const char *stem) {
    CLEANUP(leaving_clear)
    struct leaving leaving = {.order = order, .stayers = stayers, .stem = stem};

    TRY(countries_make(scope, &leaving.countries));
    TRY(look_through(scope, &leaving));
    for (size_t i = 0; i < AUDIENCE_PLATFORM_COUNT; i++) {
        const struct buffer *customers = &leaving.files[i].customers;
        const struct audience_change change = {order->campaign_id, order->campaign,
                                               leaving.files[i].out.path};

        if (customers->size == 0)
            continue;
        TRY(channel_out_finish(scope, &leaving.files[i].out));
        TRY(audience_list_remove(scope, &change, (const int64_t *)(const void *)customers->data,
                                 customers->size / sizeof(int64_t)));
    }
    return OK;
}

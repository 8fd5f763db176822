// SPDX-License-Identifier: Apache-2.0
// The next time is written with the job that this one makes, in one transaction: whatever happens
// to the job, nobody makes a second one of the same time.
#include "push/sheet/sheet_mail.h"

#include "analyze/dashboard/dashboard.h"
#include "base/config.h"
#include "govern/access/access.h"
#include "push/mail/mail.h"
#include "sheet_sql.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store.h"

#include <inttypes.h>

const char *const sheet_rhythm_names[] = {"day", "week", "month", NULL};

#define AT(member) offsetof(struct sheet_mail, member)
const struct json_field sheet_mail_fields[SHEET_MAIL_FIELDS] = {
    {"to", JSON_FIELD_JSON, AT(to), true, NULL, "e-mail addresses, at most 20"},
    {"every", JSON_FIELD_ENUM, AT(rhythm), false, sheet_rhythm_names,
     "how often; week when nothing is said"},
    {"day", JSON_FIELD_INT64, AT(day), false, NULL,
     "1 Monday to 7 Sunday of a week, 1 to 28 of a month; 1 when nothing is said"},
    {"hour", JSON_FIELD_INT64, AT(hour), false, NULL,
     "0 to 23, in the business time zone; 7 when nothing is said"},
    {"format", JSON_FIELD_ENUM, AT(format), false, sheet_format_names,
     "pdf: attached; png: in the mail itself; pdf when nothing is said"},
};
#undef AT

struct sheet_mail sheet_mail_usual(void) {
    return (struct sheet_mail){.rhythm = SHEET_WEEKLY - 1, .day = 1, .hour = 7};
}

// ---- when ----

static bool is_day(const struct sheet_mail *mail, int32_t day) {
    int year, month, of_month;

    switch ((enum sheet_rhythm)(mail->rhythm + 1)) {
    case SHEET_DAILY:
        return true;
    case SHEET_WEEKLY:
        return ((day + 3) % 7 + 7) % 7 + 1 == mail->day;
    case SHEET_MONTHLY:
        break;
    }
    day_to_civil(day, &year, &month, &of_month);
    return of_month == mail->day;
}

int64_t sheet_mail_next_us(const struct sheet_mail *mail, struct zone *zone, int64_t after_us) {
    const int32_t today = zone_day(zone, after_us);
    int64_t at_us = after_us;

    for (int32_t day = today; day <= today + 32; day++) {
        if (!is_day(mail, day))
            continue;
        at_us = zone_to_utc_us(zone, (day * INT64_C(24) + mail->hour) * 3600 * US_PER_SECOND);
        if (at_us > after_us)
            break;
    }
    return at_us;
}

static code next_of(struct scope *scope, const struct sheet_mail *mail, int64_t *ret_at_us) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &zone));
    *ret_at_us = sheet_mail_next_us(mail, zone, scope->now_us);
    return OK;
}

// ---- keeping ----

static code check_addresses(struct scope *scope, const struct json *to) {
    struct text ascii;

    if (to->type != JSON_ARRAY || to->count == 0 || to->count > SHEET_ADDRESSES)
        return scope_fail_field(scope, INVALID, "to", "addresses are a list of 1 to %d",
                                SHEET_ADDRESSES);
    for (const struct json *item = to->first; item; item = item->next) {
        if (item->type != JSON_STRING)
            return scope_fail_field(scope, INVALID, "to", "an address is no text");
        TRY(mime_address(scope, item->string, &ascii));
    }
    return OK;
}

static code check(struct scope *scope, const struct sheet_mail *mail) {
    const int last = mail->rhythm + 1 == SHEET_MONTHLY ? 28 : 7;

    TRY(check_addresses(scope, mail->to));
    if (mail->rhythm + 1 != SHEET_DAILY && (mail->day < 1 || mail->day > last))
        return scope_fail_field(scope, INVALID, "day", "day %" PRId64 " is none of 1 to %d",
                                mail->day, last);
    if (mail->hour < 0 || mail->hour > 23)
        return scope_fail_field(scope, INVALID, "hour", "hour %" PRId64 " is none of 0 to 23",
                                mail->hour);
    return OK;
}

code sheet_mail_create(struct scope *scope, const struct sheet_mail *mail, int64_t *ret_id) {
    CLEANUP(buffer_clear) struct buffer to = {0};
    const int64_t id = store_new_id(scope);
    struct dashboard dashboard;
    struct json_writer writer;
    struct mail_ready ready;
    int64_t next_at_us;

    TRY(check(scope, mail));
    TRY(dashboard_find(scope, mail->dashboard, &dashboard));
    TRY(mail_ready_load(scope, &ready));
    TRY(next_of(scope, mail, &next_at_us));
    json_writer_init(&writer, &to);
    json_write(&writer, mail->to);
    TRY(ledger_exec(scope, sql_sheet_mail_put,
                    BINDS(BIND_INT64(id), BIND_TEXT(mail->dashboard), BIND_TEXT(buffer_text(&to)),
                          BIND_INT64(mail->rhythm + 1), BIND_INT64(mail->day),
                          BIND_INT64(mail->hour), BIND_INT64(mail->format), BIND_INT64(next_at_us),
                          BIND_STRING(scope->actor.name), BIND_INT64(scope->now_us))));
    *ret_id = id;
    return OK;
}

static code fail_missing(struct scope *scope, int64_t id) {
    return scope_fail(scope, NOT_FOUND, "the dashboard has no e-mail %" PRId64, id);
}

code sheet_mail_delete(struct scope *scope, struct text dashboard, int64_t id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_sheet_mail_delete, BINDS(BIND_INT64(id), BIND_TEXT(dashboard)),
                    &rows, &found));
    return found ? OK : fail_missing(scope, id);
}

static code read_mail(struct scope *scope, const struct rows *rows, struct sheet_mail *ret_mail) {
    struct json *to;

    TRY(json_parse_own(scope, rows_text(rows, 2), &to));
    *ret_mail = (struct sheet_mail){.id = rows_int64(rows, 0),
                                    .dashboard = text_copy(&scope->arena, rows_text(rows, 1)),
                                    .to = to,
                                    .rhythm = (int)rows_int64(rows, 3) - 1,
                                    .day = rows_int64(rows, 4),
                                    .hour = rows_int64(rows, 5),
                                    .format = (int)rows_int64(rows, 6)};
    return OK;
}

static code find(struct scope *scope, int64_t id, struct sheet_mail *ret_mail) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_sheet_mail_find, BINDS(BIND_INT64(id)), &rows, &found));
    return found ? read_mail(scope, rows, ret_mail) : fail_missing(scope, id);
}

// ---- starting ----

static code start(struct scope *scope, const struct sheet_mail *mail, int64_t *ret_job_id) {
    return job_create(
        scope, "dashboard_mail",
        text_printf(&scope->arena, "dashboard %.*s by e-mail", TEXT_ARG(mail->dashboard)),
        text_printf(&scope->arena, "{\"mail\": \"%" PRId64 "\"}", mail->id), ret_job_id);
}

code sheet_mail_send(struct scope *scope, struct text dashboard, int64_t id, int64_t *ret_job_id) {
    struct sheet_mail mail;

    TRY(find(scope, id, &mail));
    if (!text_equal(mail.dashboard, dashboard))
        return fail_missing(scope, id);
    return start(scope, &mail, ret_job_id);
}

static code read_due(struct scope *scope, struct buffer *due) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_sheet_mail_due, BINDS(BIND_INT64(scope->now_us)), &rows));
    while (rows_next(rows)) {
        struct sheet_mail mail;

        TRY(read_mail(scope, rows, &mail));
        buffer_add(due, &mail, sizeof(mail));
    }
    return rows_end(rows);
}

static code start_each(struct scope *scope, const struct sheet_mail *due, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int64_t job_id, next_at_us;

        TRY(start(scope, &due[i], &job_id));
        TRY(next_of(scope, &due[i], &next_at_us));
        TRY(ledger_exec(scope, sql_sheet_mail_set_next,
                        BINDS(BIND_INT64(due[i].id), BIND_INT64(next_at_us))));
    }
    return OK;
}

code sheet_mail_start_due(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer due = {0};

    TRY(read_due(scope, &due));
    if (due.size == 0)
        return OK;
    TRY(ledger_begin(scope));
    return ledger_end(scope, start_each(scope, (const struct sheet_mail *)(const void *)due.data,
                                        due.size / sizeof(struct sheet_mail)));
}

// ---- sending ----

struct letter {
    const struct sheet_mail *mail;
    struct sheet sheet;
    struct text picture, text, html;
    struct mime_file file;
    struct mail_ready ready;
};

static void write_words(struct scope *scope, struct letter *letter) {
    const struct text base_url = config_base_url(&scope->arena, store_config(session_store(scope)));
    struct arena *arena = &scope->arena;

    letter->text = text_printf(arena, "%.*s\n%.*s\n", TEXT_ARG(letter->sheet.name),
                               TEXT_ARG(letter->sheet.days));
    if (letter->sheet.description.size > 0)
        letter->text = text_printf(arena, "%.*s\n%.*s\n", TEXT_ARG(letter->text),
                                   TEXT_ARG(letter->sheet.description));
    if (base_url.size > 0)
        letter->text =
            text_printf(arena, "%.*s\nWith the numbers of now:\n%.*s/analyze/dashboards\n",
                        TEXT_ARG(letter->text), TEXT_ARG(base_url));
    if (letter->mail->format == SHEET_PNG)
        letter->html = TEXT("<!doctype html><body style=\"margin:0\"><img src=\"cid:sheet\" "
                            "alt=\"The dashboard\" width=\"595\" style=\"max-width:100%;"
                            "height:auto\"></body>");
}

static code write_letter(struct scope *scope, struct buffer *picture, struct letter *letter) {
    const bool is_png = letter->mail->format == SHEET_PNG;

    TRY(sheet_read(scope, letter->mail->dashboard, &letter->sheet));
    TRY(sheet_draw(scope, &letter->sheet, (enum sheet_format)letter->mail->format, picture));
    write_words(scope, letter);
    letter->file = (struct mime_file){
        .media_type = is_png ? TEXT("image/png") : TEXT("application/pdf"),
        .name = text_printf(&scope->arena, "%.*s.%s", TEXT_ARG(letter->sheet.name),
                            sheet_format_names[letter->mail->format]),
        .content_id = is_png ? TEXT("sheet") : TEXT(""),
        .bytes = buffer_text(picture)};
    return OK;
}

static struct mail_item item_of(struct scope *scope, const struct letter *letter,
                                const struct json *address, int64_t job_id, size_t number) {
    const struct mail_setup *setup = &letter->ready.setup;

    return (struct mail_item){
        .message = {.from = {setup->from_name, setup->from_address},
                    .to = {.address = address->string},
                    .subject = letter->sheet.name,
                    .at_us = scope->now_us,
                    .message_id =
                        text_printf(&scope->arena, "dashboard.%" PRId64 ".%zu@%.*s", job_id, number,
                                    TEXT_ARG(mime_domain(&scope->arena, setup->from_address))),
                    .text = letter->text,
                    .html = letter->html,
                    .files = &letter->file,
                    .file_count = 1,
                    .is_automatic = true}};
}

static code send_all(struct scope *scope, struct letter *letter, int64_t job_id,
                     struct smtp_result *results) {
    const struct json *address = letter->mail->to->first;
    const size_t count = (size_t)letter->mail->to->count;
    struct mail_item *items = arena_array(&scope->arena, count, sizeof(*items));
    struct mail_sender *sender = NULL;

    for (size_t i = 0; i < count; i++, address = address->next)
        items[i] = item_of(scope, letter, address, job_id, i);
    letter->ready.route.connections = 1;
    TRY(mail_sender_open(scope, &letter->ready.route, &sender));
    mail_sender_send(scope, sender, items, count, results);
    mail_sender_close(sender);
    return OK;
}

// What became of it stands at the order; a mail that nobody took is the job's failure as well.
static code note_outcome(struct scope *scope, const struct letter *letter,
                         const struct smtp_result *results, size_t *ret_taken) {
    const size_t count = (size_t)letter->mail->to->count;
    const char *detail = "";
    struct text outcome;
    size_t taken = 0;

    for (size_t i = 0; i < count; i++) {
        taken += results[i].state == SMTP_ACCEPTED;
        if (results[i].state != SMTP_ACCEPTED && detail[0] == '\0')
            detail = results[i].detail;
    }
    outcome = text_printf(&scope->arena, "%zu of %zu taken%s%s", taken, count,
                          detail[0] != '\0' ? ": " : "", detail);
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, ledger_exec(scope, sql_sheet_mail_set_outcome,
                                      BINDS(BIND_INT64(letter->mail->id), BIND_INT64(scope->now_us),
                                            BIND_TEXT(outcome)))));
    if (taken == 0)
        return scope_fail(scope, UNAVAILABLE, "no address was reached: %s", detail);
    *ret_taken = taken;
    return OK;
}

// The dashboard is gone: so are its mails.
static code forget(struct scope *scope, const struct sheet_mail *mail) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, sheet_mail_delete(scope, mail->dashboard, mail->id));
}

static code check_dashboard(struct scope *scope, const struct sheet_mail *mail) {
    struct dashboard dashboard;
    struct failure failure;

    if (dashboard_find(scope, mail->dashboard, &dashboard) != NOT_FOUND)
        return scope->failure.code;
    failure = scope->failure;
    scope_forgive(scope);
    TRY(forget(scope, mail));
    scope->failure = failure;
    return failure.code;
}

code sheet_mail_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                    struct json_writer *result) {
    CLEANUP(buffer_clear) struct buffer picture = {0};
    struct smtp_result *results = arena_array(&scope->arena, SHEET_ADDRESSES, sizeof(*results));
    struct letter letter = {0};
    struct sheet_mail mail;
    size_t taken = 0;
    int64_t id;

    if (!text_to_int64(json_member(parameters, "mail")->string, &id))
        return scope_fail(scope, INTERNAL, "the job names no e-mail");
    TRY(find(scope, id, &mail));
    TRY(check_dashboard(scope, &mail));
    scope->actor.permissions |= MAY_READ_SEGMENTS; // who may take data out may read them
    letter.mail = &mail;
    TRY(mail_ready_load(scope, &letter.ready));
    TRY(write_letter(scope, &picture, &letter));
    TRY(send_all(scope, &letter, job_id, results));
    TRY(note_outcome(scope, &letter, results, &taken));
    json_begin_object(result);
    json_key(result, "taken");
    json_write_int64(result, (int64_t)taken);
    json_end_object(result);
    return OK;
}

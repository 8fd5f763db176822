// SPDX-License-Identifier: Apache-2.0
#include "push/mail/outcome.h"

#include "base/time.h"
#include "govern/consent/suppression.h"
#include "host/identity/identity.h"
#include "mail_sql.h"
#include "push/mail/mail.h"
#include "push/message/answer.h"
#include "store/ledger.h"

enum { SOFT_BOUNCES = 3, SOFT_DAYS = 14 };

// ---- figures ----

static int32_t today(const struct scope *scope) {
    return (int32_t)(scope->now_us / US_PER_DAY);
}

code mail_figures_add(struct scope *scope, const struct mail_figures *figures) {
    return ledger_exec(scope, sql_mail_day_add,
                       BINDS(BIND_INT64(today(scope)), BIND_TEXT(figures->domain),
                             BIND_INT64(figures->accepted), BIND_INT64(figures->put_off),
                             BIND_INT64(figures->failed), BIND_INT64(figures->unknown),
                             BIND_INT64(figures->delivered), BIND_INT64(figures->bounced),
                             BIND_INT64(figures->complained)));
}

code mail_figures_list(struct scope *scope, int days, struct rows **ret_rows) {
    return ledger_query(scope, sql_mail_day_domains, BINDS(BIND_INT64(today(scope) - days + 1)),
                        ret_rows);
}

code mail_figures_sent(struct scope *scope, struct text domain, int64_t *ret_count) {
    return ledger_int64(scope, sql_mail_day_sent,
                        BINDS(BIND_INT64(today(scope)), BIND_TEXT(domain)), 0, ret_count);
}

// ---- what follows for an address ----

static code suppress(struct scope *scope, struct text address, enum suppression_reason reason) {
    bool is_new;

    return suppression_add(scope, TEXT("email"), address, reason, TEXT("mail"), &is_new);
}

// Three within the days, the first and the last of them a day apart or more.
static code suppress_if_often(struct scope *scope, int64_t identifier_id, struct text address) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t since_us = scope->now_us - SOFT_DAYS * US_PER_DAY;
    bool found;

    TRY(ledger_find(scope, sql_mail_bounce_soft,
                    BINDS(BIND_INT64(identifier_id), BIND_INT64(since_us)), &rows, &found));
    if (!found || rows_int64(rows, 0) < SOFT_BOUNCES ||
        rows_int64(rows, 2) - rows_int64(rows, 1) < US_PER_DAY)
        return OK;
    return suppress(scope, address, SUPPRESSION_BOUNCED);
}

code mail_note_refusal(struct scope *scope, int64_t identifier_id, int64_t message_id,
                       struct text address, enum mail_class class) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool is_new;

    if (class == MAIL_CLASS_ADDRESS)
        return suppress(scope, address, SUPPRESSION_BOUNCED);
    if (class != MAIL_CLASS_MAILBOX)
        return OK;
    TRY(ledger_find(scope, sql_mail_bounce_put,
                    BINDS(BIND_INT64(identifier_id), BIND_INT64(message_id), BIND_INT64(class),
                          BIND_INT64(scope->now_us)),
                    &rows, &is_new));
    rows_close(&rows);
    return is_new ? suppress_if_often(scope, identifier_id, address) : OK;
}

// ---- reports ----

// The address that the message went to, as far as the customer has it still: the one that the
// report names when it is theirs, otherwise the one seen last.
static code find_address(struct scope *scope, const struct mail_report *report,
                         int64_t *ret_identifier_id, struct text *ret_address) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct text named = text_lower_ascii(&scope->arena, report->recipient);
    bool found;

    TRY(ledger_find(
        scope, sql_mail_report_address,
        BINDS(BIND_INT64(report->message_id), BIND_TEXT(named), BIND_INT64(IDENTIFIER_EMAIL)),
        &rows, &found));
    *ret_identifier_id = found ? rows_int64(rows, 0) : 0;
    *ret_address = found ? text_copy(&scope->arena, rows_text(rows, 1)) : (struct text){0};
    return OK;
}

static bool kind_of_answer(const struct mail_report *report, enum message_answer_kind *ret_kind) {
    static const int kinds[] = {[MAIL_REPORT_DELIVERED] = MESSAGE_WAS_DELIVERED + 1,
                                [MAIL_REPORT_BOUNCED] = MESSAGE_WAS_BOUNCED + 1,
                                [MAIL_REPORT_COMPLAINED] = MESSAGE_WAS_COMPLAINED + 1,
                                [MAIL_REPORT_REPLIED] = MESSAGE_WAS_REPLIED + 1,
                                [MAIL_REPORT_AUTOMATIC] = 0};

    *ret_kind = (enum message_answer_kind)(kinds[report->kind] - 1);
    return report->message_id != 0 && kinds[report->kind] != 0;
}

static struct text detail_of(struct scope *scope, const struct mail_report *report) {
    if (report->kind != MAIL_REPORT_BOUNCED)
        return (struct text){0};
    return text_printf(&scope->arena, "%s %d.%d.%d", mail_class_names[report->class],
                       report->status[0], report->status[1], report->status[2]);
}

static code count_report(struct scope *scope, const struct mail_report *report,
                         struct text address) {
    const struct mail_figures figures = {
        .domain = mime_domain(&scope->arena, address),
        .delivered = report->kind == MAIL_REPORT_DELIVERED,
        .bounced = report->kind == MAIL_REPORT_BOUNCED,
        .complained = report->kind == MAIL_REPORT_COMPLAINED,
    };

    return report->kind == MAIL_REPORT_REPLIED ? OK : mail_figures_add(scope, &figures);
}

static code take_report(struct scope *scope, const struct mail_report *report, bool *ret_is_new) {
    struct message_answer answer = {.message_id = report->message_id,
                                    .detail = detail_of(scope, report)};
    struct text address;
    int64_t identifier_id;

    if (!kind_of_answer(report, &answer.kind))
        return OK;
    TRY(message_answer_take(scope, &answer, ret_is_new));
    if (!*ret_is_new)
        return OK;
    TRY(find_address(scope, report, &identifier_id, &address));
    if (address.size == 0)
        return OK;
    TRY(count_report(scope, report, address));
    if (report->kind == MAIL_REPORT_COMPLAINED)
        return suppress(scope, address, SUPPRESSION_COMPLAINED);
    return report->kind == MAIL_REPORT_BOUNCED
               ? mail_note_refusal(scope, identifier_id, report->message_id, address, report->class)
               : OK;
}

code mail_report_take(struct scope *scope, const struct mail_report *report, bool *ret_is_new) {
    bool is_new = false;

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, take_report(scope, report, &is_new)));
    *ret_is_new = is_new;
    return OK;
}

code mail_receive(struct scope *scope, struct text recipient, struct text mail,
                  struct mail_report *ret_report) {
    unsigned char key[VERP_KEY_BYTES];
    bool is_new;

    TRY(mail_secret_load(scope, key));
    mail_report_read(scope, key, recipient, mail, ret_report);
    return mail_report_take(scope, ret_report, &is_new);
}

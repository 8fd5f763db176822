// SPDX-License-Identifier: Apache-2.0
// A batch costs two durable commits: one that starts its rows, one for what became of them.
#include "push/confirmation/confirmation.h"

#include "base/config.h"
#include "base/time.h"
#include "confirmation_sql.h"
#include "govern/consent/double_opt_in.h"
#include "govern/consent/page_words.h"
#include "push/confirmation/confirmation_words.h"
#include "push/mail/mail.h"
#include "push/mail/outcome.h"
#include "push/sms/gateway.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

enum {
    AT_ONCE = 50,
    AGAIN_AFTER_S = 60, // a job, and a look at what is not set up
    NO_ADDRESS_S = 3600,
    FIRST_RETRY_S = 300,
    LONGEST_RETRY_S = 4000,
    MOST_TRIES = 100, // over some five days
    CONNECTIONS = 2,
};

// How messages reach one kind of address.
struct way {
    char problem[400]; // why not; empty: it is open
};

enum way_kind { WAY_MAIL, WAY_SMS, WAY_COUNT };
static const enum contact_kind contacts[WAY_COUNT] = {CONTACT_EMAIL, CONTACT_PHONE};

struct run {
    struct way ways[WAY_COUNT];
    struct mail_ready mail;
    struct sms_gateway sms;
    struct mail_sender *sender; // opened with the first mail
    struct text base_url;
    struct consent_secret secret;
    int64_t sent, failed, put_off;
};

static void run_clear(struct run *run) {
    mail_sender_close(run->sender);
    consent_secret_clear(&run->secret);
}

// ---- the ways out ----

// What is not set up is a problem to be told; other failures are failures.
static code note_problem(struct scope *scope, code result, code expected, struct way *way) {
    way->problem[0] = '\0';
    if (result == OK)
        return OK;
    if (result != expected)
        return result;
    snprintf(way->problem, sizeof(way->problem), "%s", scope->failure.message);
    scope_forgive(scope);
    return OK;
}

static code look_at_ways(struct scope *scope, struct run *run) {
    TRY(note_problem(scope, mail_ready_load(scope, &run->mail), CONFLICT, &run->ways[WAY_MAIL]));
    return note_problem(scope, sms_gateway_load(scope, &run->sms), NOT_FOUND, &run->ways[WAY_SMS]);
}

static enum way_kind way_of(const struct confirmation *confirmation) {
    return confirmation->channel && confirmation->channel->contact == CONTACT_PHONE ? WAY_SMS
                                                                                    : WAY_MAIL;
}

// ---- one message ----

enum fate { FATE_UNKNOWN, FATE_SENT, FATE_FAILED, FATE_RETRY };

struct letter {
    const struct confirmation *confirmation;
    struct confirmation_words words;
    bool is_started;
    enum fate fate;
    enum mail_class class; // of a mail that failed
    char detail[200];
};

static code write_letter(struct scope *scope, const struct run *run, struct letter *letter) {
    const struct confirmation *confirmation = letter->confirmation;
    const struct page_language *language = page_language_find(confirmation->language);
    struct confirmation_values values = {
        .channel = text_of(language->channels[confirmation->channel - consent_channels]),
        .sender = run->mail.setup.from_name};
    struct purpose_words words;
    struct purpose purpose;

    TRY(purpose_find(scope, confirmation->token.purpose, &purpose));
    words = purpose_words(&purpose, confirmation->language);
    values.purpose = words.title;
    values.text = words.text;
    TRY(preference_link(scope, &run->secret, run->base_url, &confirmation->token, &values.link));
    letter->words = confirmation_write(&scope->arena, confirmation->language, &values);
    return OK;
}

static struct mail_item mail_of(struct scope *scope, const struct run *run,
                                const struct letter *letter) {
    const struct mail_setup *setup = &run->mail.setup;
    const int64_t id = letter->confirmation->fact_id;

    return (struct mail_item){
        .id = id,
        .message = {.from = {setup->from_name, setup->from_address},
                    .to = {.address = letter->confirmation->address},
                    .reply_to = {.address = setup->reply_to},
                    .subject = letter->words.subject,
                    .at_us = scope->now_us,
                    .message_id =
                        text_printf(&scope->arena, "confirm.%" PRIx64 "@%.*s", id,
                                    TEXT_ARG(mime_domain(&scope->arena, setup->from_address))),
                    .text = letter->words.mail,
                    .is_automatic = true}};
}

// ---- sending ----

static void judge_mail(const struct smtp_result *result, struct letter *letter) {
    static const enum fate fates[] = {[SMTP_UNKNOWN] = FATE_UNKNOWN,
                                      [SMTP_ACCEPTED] = FATE_SENT,
                                      [SMTP_RETRY] = FATE_RETRY,
                                      [SMTP_FAILED] = FATE_FAILED};

    letter->fate = fates[result->state];
    letter->class = result->class;
    // The sender is refused, not this address: worth trying when that is mended.
    if (letter->fate == FATE_FAILED && result->class == MAIL_CLASS_POLICY)
        letter->fate = FATE_RETRY;
    snprintf(letter->detail, sizeof(letter->detail), "%s", result->detail);
}

static code send_mails(struct scope *scope, struct run *run, struct letter *letters, size_t count) {
    struct mail_item *items = arena_array(&scope->arena, count, sizeof(*items));
    struct smtp_result *results = arena_array(&scope->arena, count, sizeof(*results));
    struct letter **of_item = arena_array(&scope->arena, count, sizeof(struct letter *));
    size_t mails = 0;

    for (size_t i = 0; i < count; i++)
        if (letters[i].is_started && way_of(letters[i].confirmation) == WAY_MAIL) {
            items[mails] = mail_of(scope, run, &letters[i]);
            of_item[mails++] = &letters[i];
        }
    if (mails == 0)
        return OK;
    if (!run->sender) {
        run->mail.route.connections = CONNECTIONS;
        TRY(mail_sender_open(scope, &run->mail.route, &run->sender));
    }
    mail_sender_send(scope, run->sender, items, mails, results);
    for (size_t i = 0; i < mails; i++)
        judge_mail(&results[i], of_item[i]);
    return OK;
}

static void send_sms(struct scope *scope, const struct run *run, struct letter *letter) {
    static const enum fate fates[] = {[SMS_ACCEPTED] = FATE_SENT,
                                      [SMS_RETRY] = FATE_RETRY,
                                      [SMS_FAILED] = FATE_FAILED,
                                      [SMS_REFUSED_SENDER] = FATE_RETRY,
                                      [SMS_UNKNOWN] = FATE_UNKNOWN};
    const struct sms sms = {
        .key = text_printf(&scope->arena, "confirm.%" PRIx64, letter->confirmation->fact_id),
        .to = letter->confirmation->address,
        .text = letter->words.sms};
    struct sms_outcome outcome = {.result = SMS_RETRY};

    if (!scope->cancelled || !atomic_load(scope->cancelled))
        sms_send(scope, &run->sms, run->base_url, &sms, &outcome);
    letter->fate = fates[outcome.result];
    snprintf(letter->detail, sizeof(letter->detail), "%s", outcome.detail);
}

// ---- what became of it ----

static int64_t again_at_us(const struct scope *scope, int tries) {
    int64_t wait_s = FIRST_RETRY_S;

    for (int i = 0; i < tries && wait_s < LONGEST_RETRY_S; i++)
        wait_s *= 2;
    return scope->now_us + (wait_s < LONGEST_RETRY_S ? wait_s : LONGEST_RETRY_S) * US_PER_SECOND;
}

static code note_mail(struct scope *scope, const struct letter *letter) {
    const struct confirmation *confirmation = letter->confirmation;
    const struct mail_figures figures = {.domain =
                                             mime_domain(&scope->arena, confirmation->address),
                                         .accepted = letter->fate == FATE_SENT,
                                         .put_off = letter->fate == FATE_RETRY,
                                         .failed = letter->fate == FATE_FAILED,
                                         .unknown = letter->fate == FATE_UNKNOWN};

    TRY(mail_figures_add(scope, &figures));
    if (letter->fate != FATE_FAILED)
        return OK;
    return mail_note_refusal(scope, confirmation->token.identifier_id, confirmation->fact_id,
                             confirmation->address, letter->class);
}

static code end_letter(struct scope *scope, struct run *run, struct letter *letter) {
    const struct confirmation *confirmation = letter->confirmation;

    if (way_of(confirmation) == WAY_MAIL)
        TRY(note_mail(scope, letter));
    if (letter->fate == FATE_RETRY && confirmation->tries + 1 >= MOST_TRIES)
        letter->fate = FATE_FAILED;
    switch (letter->fate) {
    case FATE_SENT:
        run->sent++;
        return confirmation_sent(scope, confirmation->fact_id);
    case FATE_FAILED:
        run->failed++;
        return confirmation_failed(scope, confirmation->fact_id, letter->detail);
    case FATE_RETRY:
        run->put_off++;
        return confirmation_put_off(scope, confirmation->fact_id,
                                    again_at_us(scope, confirmation->tries), letter->detail);
    case FATE_UNKNOWN:
        break; // it stays started
    }
    return OK;
}

// ---- a batch ----

static const char *why_it_waits(const struct run *run, const struct confirmation *confirmation,
                                int64_t *ret_wait_s) {
    const struct way *way = &run->ways[way_of(confirmation)];

    *ret_wait_s = way->problem[0] ? AGAIN_AFTER_S : NO_ADDRESS_S;
    if (way->problem[0])
        return way->problem;
    return confirmation->address.size == 0 ? "the customer has no address for it" : NULL;
}

static code start_letters(struct scope *scope, const struct run *run, struct letter *letters,
                          size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct confirmation *confirmation = letters[i].confirmation;
        int64_t wait_s;
        const char *why = why_it_waits(run, confirmation, &wait_s);

        if (why)
            TRY(confirmation_put_off(scope, confirmation->fact_id,
                                     scope->now_us + wait_s * US_PER_SECOND, why));
        else
            TRY(confirmation_start(scope, confirmation, &letters[i].is_started));
    }
    return OK;
}

static code end_letters(struct scope *scope, struct run *run, struct letter *letters,
                        size_t count) {
    for (size_t i = 0; i < count; i++)
        if (letters[i].is_started)
            TRY(end_letter(scope, run, &letters[i]));
    return OK;
}

static code send_batch(struct scope *scope, struct run *run, const struct confirmation *list,
                       size_t count) {
    struct letter *letters = arena_array(&scope->arena, count, sizeof(*letters));

    for (size_t i = 0; i < count; i++)
        letters[i].confirmation = &list[i];
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, start_letters(scope, run, letters, count)));
    for (size_t i = 0; i < count; i++)
        if (letters[i].is_started)
            TRY(write_letter(scope, run, &letters[i]));
    TRY(send_mails(scope, run, letters, count));
    for (size_t i = 0; i < count; i++)
        if (letters[i].is_started && way_of(&list[i]) == WAY_SMS)
            send_sms(scope, run, &letters[i]);
    TRY(ledger_begin(scope));
    return ledger_end(scope, end_letters(scope, run, letters, count));
}

static code send_all(struct scope *scope, struct run *run) {
    for (;;) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        struct confirmation *list;
        size_t count;

        TRY(scope_check(scope));
        TRY(confirmation_due(scope, AT_ONCE, &list, &count));
        if (count == 0)
            return OK;
        TRY(send_batch(scope, run, list, count));
        arena_rewind(&scope->arena, mark);
    }
}

static void write_count(struct json_writer *result, const char *name, int64_t count) {
    json_key(result, name);
    json_write_int64(result, count);
}

code confirmation_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                      struct json_writer *result) {
    CLEANUP(run_clear) struct run run = {0};

    (void)job_id;
    (void)parameters;
    run.base_url = config_base_url(&scope->arena, store_config(session_store(scope)));
    TRY(consent_secret_load(scope, &run.secret));
    TRY(look_at_ways(scope, &run));
    TRY(send_all(scope, &run));
    json_begin_object(result);
    write_count(result, "sent", run.sent);
    write_count(result, "failed", run.failed);
    write_count(result, "put_off", run.put_off);
    json_end_object(result);
    return OK;
}

// ---- whose time has come ----

static code start_job(struct scope *scope) {
    int64_t there, job_id;

    TRY(ledger_int64(scope, sql_confirmation_job_is_there,
                     BINDS(BIND_INT64(scope->now_us - AGAIN_AFTER_S * US_PER_SECOND)), 0, &there));
    if (there > 0)
        return OK;
    return job_create(scope, "confirmation", TEXT("messages that ask to confirm"), TEXT("{}"),
                      &job_id);
}

static code start_or_wait(struct scope *scope, const struct run *run, const int64_t *counts) {
    bool is_open = false;

    for (size_t i = 0; i < WAY_COUNT; i++) {
        if (counts[i] > 0 && run->ways[i].problem[0])
            TRY(confirmation_put_off_all(scope, contacts[i],
                                         scope->now_us + AGAIN_AFTER_S * US_PER_SECOND,
                                         run->ways[i].problem));
        is_open |= counts[i] > 0 && !run->ways[i].problem[0];
    }
    return is_open ? start_job(scope) : OK;
}

code confirmation_send_due(struct scope *scope) {
    struct run run = {0};
    int64_t counts[WAY_COUNT];

    for (size_t i = 0; i < WAY_COUNT; i++)
        TRY(confirmation_due_count(scope, contacts[i], &counts[i]));
    if (counts[WAY_MAIL] + counts[WAY_SMS] == 0)
        return OK;
    TRY(look_at_ways(scope, &run));
    TRY(ledger_begin(scope));
    return ledger_end(scope, start_or_wait(scope, &run, counts));
}

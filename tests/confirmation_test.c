// SPDX-License-Identifier: Apache-2.0
// The messages that ask to confirm a consent: sent once each, through a server that does to them
// what servers do, and their link confirms.
#include "push/confirmation/confirmation.h"

#include "base/base64.h"
#include "base/time.h"
#include "govern/consent/double_opt_in.h"
#include "govern/consent/preference.h"
#include "push/mail/mail.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/store_testing.h"
#include "tests/program.h"
#include "tests/smtp_sink.h"

static const struct job_kind kinds[] = {{"confirmation", confirmation_run, JOB_LIGHT}};

// Customer 1 asks for the newsletter: the mail address is theirs, as identifier 1001.
static void ask(struct scope *scope, const char *address) {
    CLEANUP(consent_rule_clear) struct consent_rule rule = {0};
    const struct consent_said as = {
        .origin = 1, .identifier_id = 1001, .source = TEXT("form"), .locale = TEXT("de")};
    int64_t id = 0;

    test_ledger_exec(
        scope, arena_printf(&scope->arena,
                            "INSERT INTO customer (id, import_id, created_at_us) VALUES (1, 0, 0);"
                            "INSERT INTO identifier (id, kind, source, value, origin, import_id, "
                            "seen_at_us) VALUES (1001, 1, '', '%s', 1, 0, 0)",
                            address));
    CHECK_OK(consent_rule_load(scope, TEXT("newsletter"), TEXT("email"), &rule));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, consent_request(scope, &rule, &as, &id)));
}

static struct smtp_sink *start_sink(struct scope *scope) {
    struct smtp_sink *sink = smtp_sink_new(scope);

    smtp_sink_start(scope, sink, (const char *const[]){NULL});
    return sink;
}

// A line of JSON for each mail that it took.
static struct text read_taken(struct scope *scope, const struct smtp_sink *sink) {
    return run_other_for_output(scope, (const char *const[]){"cat", sink->taken, NULL});
}

static int64_t count_taken(struct scope *scope, const struct smtp_sink *sink) {
    struct text rest = read_taken(scope, sink);
    int64_t count = 0;

    while (rest.data && rest.size > 0)
        count += text_split(rest, '\n', &rest).size > 0;
    return count;
}

static void set_up_mail(struct scope *scope, const struct smtp_sink *sink) {
    const struct mail_setup setup = {.host = TEXT("127.0.0.1"),
                                     .port = sink->port,
                                     .tls = SMTP_TLS_NONE,
                                     .connections = 2,
                                     .per_domain = 2,
                                     .from_name = TEXT("The Shop"),
                                     .from_address = TEXT("shop@example.org")};

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, mail_setup_save(scope, &setup)));
}

// As the server does now and then, and the job that comes of it.
static int64_t look_and_run(struct scope *scope) {
    int64_t job_id = 0;

    CHECK_OK(confirmation_send_due(scope));
    CHECK_OK(job_run_next(scope, kinds, 1, JOB_LIGHT, &job_id));
    return job_id;
}

static const char *row(struct scope *scope) {
    return test_ledger_rows(scope, "SELECT state, tries, detail FROM consent_confirmation");
}

TEST(without_a_relay_the_message_that_asks_to_confirm_waits_and_says_for_what) {
    test_store(scope);
    ask(scope, "anna@example.org");
    CHECK_INT(look_and_run(scope), 0);
    CHECK_STRING(row(scope), "waiting|0|no relay is set up for mail");
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM job"), "0");
}

// The link in the one mail that was taken, without the marks of quoted-printable.
static struct text token_in_mail(struct scope *scope, const struct smtp_sink *sink) {
    struct json *json;
    struct text data, rest;
    char *mail, *out;

    CHECK_OK(json_parse(scope, text_trim(read_taken(scope, sink)), &json));
    CHECK(base64_decode(&scope->arena, json_member(json, "data")->string, BASE64_STANDARD, &data));
    mail = out = text_string(&scope->arena, data);
    for (const char *at = mail; *at; at++) {
        if (strncmp(at, "=\r\n", 3) == 0)
            at += 2;
        else
            *out++ = *at;
    }
    *out = '\0';
    CHECK(strstr(mail, "Auto-Submitted:"));
    CHECK(!strstr(mail, "List-Unsubscribe"));
    mail = strstr(mail, "/o/");
    CHECK(mail);
    return text_split(text_split(text_of(mail + 3), '\r', &rest), '\n', &rest);
}

TEST(the_message_that_asks_to_confirm_is_sent_once_and_its_link_confirms) {
    struct consent_verdict verdict;
    struct preference_token token;
    struct smtp_sink *sink;
    bool is_confirmed;

    test_store(scope);
    sink = start_sink(scope);
    ask(scope, "anna@example.org");
    set_up_mail(scope, sink);
    CHECK(look_and_run(scope) != 0);
    CHECK_STRING(row(scope), "sent|1|-");
    scope->now_us += US_PER_DAY;
    CHECK_INT(look_and_run(scope), 0);
    CHECK_INT(count_taken(scope, sink), 1);
    CHECK_OK(preference_token_read(scope, PREFERENCE_CONFIRM, token_in_mail(scope, sink), &token));
    CHECK_OK(preference_confirm(scope, &token, &is_confirmed));
    CHECK(is_confirmed);
    CHECK_OK(consent_permits(scope, 1, TEXT("newsletter"), TEXT("email"), &verdict));
    CHECK(verdict.is_permitted);
}

TEST(a_server_that_puts_the_message_off_gets_it_again_and_one_that_refuses_does_not) {
    struct smtp_sink *sink;

    test_store(scope);
    sink = start_sink(scope);
    set_up_mail(scope, sink);
    ask(scope, "r451.4.3.0-anna@example.org");
    CHECK(look_and_run(scope) != 0);
    CHECK(strncmp(row(scope), "waiting|1|", 10) == 0);
    CHECK_INT(look_and_run(scope), 0);
    scope->now_us += US_PER_DAY;
    test_ledger_exec(scope, "UPDATE identifier SET value = 'r550.5.1.1-anna@example.org'");
    CHECK(look_and_run(scope) != 0);
    CHECK(strncmp(row(scope), "failed|2|", 9) == 0);
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM suppression"), "bounced");
    CHECK_INT(count_taken(scope, sink), 0);
}

TEST(a_message_of_which_nobody_knows_whether_it_arrived_is_not_sent_again) {
    struct smtp_sink *sink;

    test_store(scope);
    sink = start_sink(scope);
    set_up_mail(scope, sink);
    ask(scope, "lost-anna@example.org");
    CHECK(look_and_run(scope) != 0);
    CHECK(strncmp(row(scope), "started|1|", 10) == 0);
    scope->now_us += US_PER_DAY;
    CHECK_INT(look_and_run(scope), 0);
    CHECK_INT(count_taken(scope, sink), 1);
}

// SPDX-License-Identifier: Apache-2.0
// Mail of any bytes that came back (MIME, bounces, complaints) is read to its end within limits:
// what is told of it is one of ours or nothing, and holds no address and no control character. The
// first line of a case is whom it came to. Replies of SMTP servers are classified as well.
#include "fuzz/fuzz.h"
#include "push/mail/report.h"

#include <assert.h>

static const unsigned char key[VERP_KEY_BYTES] = "a key of thirty-two bytes for it";

// Seeds name our return path of message 42 as @PATH@.
static struct text with_path(struct scope *scope, struct text mail) {
    const struct text path = verp_make(&scope->arena, key, 42, TEXT("bounce.example.org"));
    const struct text mark = TEXT("@PATH@");
    CLEANUP(buffer_clear) struct buffer whole = {0};
    const char *found;

    while (mail.size > 0 && (found = memmem(mail.data, mail.size, mark.data, mark.size))) {
        const size_t before = (size_t)(found - mail.data);

        buffer_add(&whole, mail.data, before);
        buffer_add_text(&whole, path);
        mail = (struct text){found + mark.size, mail.size - before - mark.size};
    }
    buffer_add_text(&whole, mail);
    return text_copy(&scope->arena, buffer_text(&whole));
}

static void check_report(const struct mail_report *report) {
    int statuses = 0;

    assert(report->kind >= MAIL_REPORT_NONE && report->kind <= MAIL_REPORT_AUTOMATIC);
    assert(report->message_id == 0 || report->message_id == 42);
    assert(report->message_id != 0 || report->kind == MAIL_REPORT_NONE);
    assert(!text_contains(report->diagnostic, '@') && report->diagnostic.size <= 300);
    for (size_t i = 0; i < report->diagnostic.size; i++)
        assert(report->diagnostic.data[i] >= ' ' && report->diagnostic.data[i] <= '~');
    for (int i = 0; i < 3; i++)
        statuses += report->status[i] < 0 || report->status[i] > 999;
    assert(statuses == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mail_report report, again;
    struct smtp_reply reply;
    struct text mail, recipient;
    struct scope scope;

    scope_init(&scope);
    mail = with_path(&scope, (struct text){(const char *)data, size});
    reply = smtp_reply_read(mail);
    smtp_classify(&reply, SMTP_STAGE_RECIPIENT);
    recipient = text_split(mail, '\n', &mail);
    mail_report_read(&scope, key, recipient, mail, &report);
    check_report(&report);
    mail_report_read(&scope, key, recipient, mail, &again);
    assert(report.kind == again.kind && report.class == again.class &&
           report.message_id == again.message_id);
    scope_clear(&scope);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "push/channel/channel.h"

#include "channel_sql.h"
#include "push/audience/audience_channel.h"
#include "push/audience/audience_list.h"
#include "push/call_list/call_list_channel.h"
#include "push/channel/file_channel.h"
#include "push/letter/letter_channel.h"
#include "push/mail/mail_channel.h"
#include "push/sms/sms_channel.h"
#include "push/webhook/webhook_channel.h"
#include "store/ledger.h"

// clang-format off
const struct channel channels[] = {
    {.kind = CHANNEL_EMAIL, .name = "email", .label = "E-mail", .way = CHANNEL_ONE_BY_ONE,
     .address = IDENTIFIER_EMAIL, .cost_micros = 100000, .prepare = mail_channel_prepare,
     .open = mail_channel_open, .send = mail_channel_send, .close = mail_channel_close},
    {.kind = CHANNEL_SMS, .name = "sms", .label = "Text message", .way = CHANNEL_ONE_BY_ONE,
     .address = IDENTIFIER_PHONE, .is_quiet_at_night = true, .cost_micros = 80000,
     .rate_per_second = 10, .prepare = sms_channel_prepare, .cost = sms_channel_cost,
     .open = sms_channel_open, .send = sms_channel_send, .close = sms_channel_close},
    {.kind = CHANNEL_FILE, .name = "file", .label = "File", .way = CHANNEL_ONE_BY_ONE,
     .asks_no_consent = true,
     .open = file_channel_open, .send = file_channel_send, .close = file_channel_close},
    {.kind = CHANNEL_AUDIENCE, .name = "audience", .label = "Ad audience",
     .way = CHANNEL_AS_A_FILE,
     .prepare = audience_channel_prepare, .make = audience_channel_make, .file_extension = "csv",
     .take_off = audience_channel_take_off, .forget = audience_list_forget},
    {.kind = CHANNEL_CALL_LIST, .name = "phone", .label = "Call list", .way = CHANNEL_AS_A_FILE,
     .address = IDENTIFIER_PHONE, .cost_micros = 2000000,
     .prepare = call_list_channel_prepare, .make = call_list_channel_make,
     .file_extension = "csv"},
    {.kind = CHANNEL_LETTER, .name = "letter", .label = "Letter", .way = CHANNEL_AS_A_FILE,
     .is_postal = true, .cost_micros = 1000000,
     .prepare = letter_channel_prepare, .make = letter_channel_make, .file_extension = "pdf"},
    {.kind = CHANNEL_WEBHOOK, .name = "webhook", .label = "Webhook", .way = CHANNEL_ONE_BY_ONE,
     .prepare = webhook_channel_prepare, .open = webhook_channel_open,
     .send = webhook_channel_send, .close = webhook_channel_close},
};
// clang-format on
const size_t channel_count = sizeof(channels) / sizeof(*channels);

const char *channel_class_name(enum channel_class class) {
    static const char *const names[] = {"", "address", "mailbox", "content", "policy", "place"};

    _Static_assert(sizeof(names) / sizeof(*names) == CHANNEL_CLASS_COUNT, "a name for each class");
    return names[class];
}

const struct channel *channel_of(enum channel_kind kind) {
    for (size_t i = 0; i < channel_count; i++)
        if (channels[i].kind == kind)
            return &channels[i];
    return NULL;
}

code channel_named(struct scope *scope, struct text name, const struct channel **ret_channel) {
    CLEANUP(buffer_clear) struct buffer names = {0};

    for (size_t i = 0; i < channel_count; i++) {
        if (text_is(name, channels[i].name)) {
            *ret_channel = &channels[i];
            return OK;
        }
        buffer_printf(&names, "%s%s", i > 0 ? ", " : "", channels[i].name);
    }
    scope_fail_field(scope, INVALID, "channel", "there is no channel \"%.*s\"", TEXT_ARG(name));
    return scope_hint(scope, "channels are %s", buffer_string(&names));
}

code channel_terms_read(struct scope *scope, const struct channel *channel,
                        struct channel_terms *ret_terms) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_channel_terms_find, BINDS(BIND_INT64(channel->kind)), &rows,
                    &found));
    ret_terms->cost_micros = found ? rows_int64(rows, 0) : channel->cost_micros;
    ret_terms->rate_per_second = found ? (int32_t)rows_int64(rows, 1) : channel->rate_per_second;
    return OK;
}

code channel_terms_write(struct scope *scope, const struct channel *channel,
                         const struct channel_terms *terms) {
    if (terms->cost_micros < 0)
        return scope_fail_field(scope, INVALID, "cost", "a message cannot cost less than nothing");
    if (terms->rate_per_second < 0)
        return scope_fail_field(scope, INVALID, "rate", "a rate cannot be below 0");
    return ledger_exec(scope, sql_channel_terms_put,
                       BINDS(BIND_INT64(channel->kind), BIND_INT64(terms->cost_micros),
                             BIND_INT64(terms->rate_per_second)));
}

// SPDX-License-Identifier: Apache-2.0
#include "push/sms/reply.h"

#include "base/fold.h"
#include "gateway_sql.h"
#include "govern/access/secret.h"
#include "govern/consent/consent.h"
#include "govern/consent/suppression.h"
#include "host/identity/identity.h"
#include "push/channel/channel.h"
#include "push/message/answer.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>

#define SOURCE "text message"

// ---- reports ----

enum sms_report sms_report_of(struct text status) {
    if (text_is(status, "1") || text_is(status, "delivered"))
        return SMS_REPORT_DELIVERED;
    if (text_is(status, "2") || text_is(status, "16") || text_is(status, "failed"))
        return SMS_REPORT_FAILED;
    return SMS_REPORT_OTHER; // queued, taken by the centre: nothing has come of it yet
}

code sms_report_take(struct scope *scope, struct text token, struct text status, bool *ret_is_new) {
    const enum sms_report report = sms_report_of(status);
    struct message_answer answer = {.detail = status};
    struct sms_gateway gateway;

    TRY(sms_gateway_load(scope, &gateway));
    if (!sms_report_read(&gateway, token, &answer.message_id))
        return scope_fail(scope, NOT_FOUND, "this is the address of no message's reports");
    *ret_is_new = false;
    if (report == SMS_REPORT_OTHER)
        return OK;
    answer.kind = report == SMS_REPORT_DELIVERED ? MESSAGE_WAS_DELIVERED : MESSAGE_WAS_BOUNCED;
    return message_answer_take(scope, &answer, ret_is_new);
}

// ---- replies ----

bool sms_is_stop(struct arena *arena, struct text text) {
    static const char *const words[] = {
        "stop",      "stopall", "stop all", "unsubscribe", "cancel",     "end",
        "quit",      "optout",  "opt out",  "arret",       "stopp",      "abmelden",
        "austragen", "uit",     "afmelden", "stoppen",     "desabonner", "baja"};
    struct text folded = text_trim(text_fold(arena, text));

    while (folded.size > 0 &&
           (folded.data[folded.size - 1] == '.' || folded.data[folded.size - 1] == '!'))
        folded = text_trim((struct text){folded.data, folded.size - 1});
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (text_is(folded, words[i]))
            return true;
    return false;
}

struct writer_of_reply {
    struct text number;
    int64_t identifier_id; // 0: nobody's
    int64_t origin, customer;
};

// Gateways write numbers of the world, with the + or without it.
static struct text with_plus(struct scope *scope, struct text number) {
    enum { SHORTEST_OF_THE_WORLD = 10 };
    const struct text trimmed = text_trim(number);

    return trimmed.size >= SHORTEST_OF_THE_WORLD && trimmed.data[0] >= '1' && trimmed.data[0] <= '9'
               ? text_printf(&scope->arena, "+%.*s", TEXT_ARG(trimmed))
               : trimmed;
}

static code find_writer(struct scope *scope, const struct sms_reply *reply,
                        struct writer_of_reply *ret_writer) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct settings settings;
    bool blocked, found;

    *ret_writer = (struct writer_of_reply){0};
    TRY(settings_load(scope, &settings));
    if (!identifier_normalise(&scope->arena, IDENTIFIER_PHONE, with_plus(scope, reply->from),
                              settings.country, &ret_writer->number, &blocked) ||
        blocked)
        return scope_fail_field(scope, INVALID, "from", "the sender is no telephone number");
    TRY(ledger_find(scope, sql_sms_identifier_find,
                    BINDS(BIND_INT64(IDENTIFIER_PHONE), BIND_TEXT(ret_writer->number)), &rows,
                    &found));
    if (!found)
        return OK;
    ret_writer->identifier_id = rows_int64(rows, 0);
    ret_writer->origin = rows_int64(rows, 1);
    return identity_customer_of(scope, ret_writer->origin, &ret_writer->customer);
}

static code tell_message(struct scope *scope, const struct writer_of_reply *writer, bool is_stop) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct message_answer answer = {.kind =
                                        is_stop ? MESSAGE_WAS_UNSUBSCRIBED : MESSAGE_WAS_REPLIED};
    bool found, is_new;

    TRY(ledger_find(scope, sql_sms_replied_to,
                    BINDS(BIND_INT64(writer->customer), BIND_INT64(CHANNEL_SMS)), &rows, &found));
    if (!found)
        return OK;
    answer.message_id = rows_int64(rows, 0);
    answer.key = text_printf(&scope->arena, "%" PRId64, scope->now_us);
    return message_answer_take(scope, &answer, &is_new);
}

// The number is suppressed whoever has it: a consent that comes later of another customer with the
// same number does not reach it either.
static code stop(struct scope *scope, const struct writer_of_reply *writer) {
    const struct consent_said said = {.origin = writer->origin,
                                      .identifier_id = writer->identifier_id,
                                      .source = TEXT(SOURCE),
                                      .purpose = TEXT(CONSENT_ALL),
                                      .channel = TEXT("sms"),
                                      .state = CONSENT_WITHDRAWN,
                                      .method = TEXT("reply")};
    bool is_added;
    int64_t fact_id;

    TRY(suppression_add(scope, TEXT("sms"), writer->number, SUPPRESSION_UNSUBSCRIBED, TEXT(SOURCE),
                        &is_added));
    return writer->identifier_id != 0 ? consent_say(scope, &said, &fact_id) : OK;
}

static code take(struct scope *scope, const struct writer_of_reply *writer, bool is_stop) {
    if (is_stop)
        TRY(stop(scope, writer));
    return writer->identifier_id != 0 ? tell_message(scope, writer, is_stop) : OK;
}

code sms_reply_take(struct scope *scope, const struct sms_reply *reply,
                    struct sms_reply_receipt *ret_receipt) {
    const bool is_stop = sms_is_stop(&scope->arena, reply->text);
    struct writer_of_reply writer;
    struct sms_gateway gateway;

    TRY(sms_gateway_load(scope, &gateway));
    if (!secret_equal(gateway.handle, reply->handle))
        return scope_fail(scope, NOT_FOUND, "replies to nobody come here");
    TRY(find_writer(scope, reply, &writer));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, take(scope, &writer, is_stop)));
    *ret_receipt =
        (struct sms_reply_receipt){.is_stop = is_stop, .is_known = writer.identifier_id != 0};
    return OK;
}

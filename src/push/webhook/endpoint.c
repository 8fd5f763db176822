// SPDX-License-Identifier: Apache-2.0
#include "push/webhook/endpoint.h"

#include "base/time.h"
#include "endpoint_sql.h"
#include "govern/access/seal.h"
#include "govern/audit/audit.h"
#include "plug/inbound/signature.h"
#include "push/outbound/outbound.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>

enum { MOST_KEPT_S = 30 * 24 * 60 * 60, MOST_URL_BYTES = 2000, TIMEOUT_MS = 15000 };

const char *const webhook_state_names[] = {"on", "off", "gone", "failing", NULL};

// ---- kept ----

static enum webhook_state state_of(struct text name) {
    for (int state = 0; state < WEBHOOK_STATE_COUNT; state++)
        if (text_is(name, webhook_state_names[state]))
            return (enum webhook_state)state;
    return WEBHOOK_OFF;
}

// What is sealed, beside the endpoint.
struct sealed {
    struct text url, secret, old_secret;
};

static code find(struct scope *scope, struct webhook_endpoint *endpoint, struct sealed *sealed,
                 bool *ret_found) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_find(scope, sql_webhook_endpoint_find, NO_BINDS, &rows, ret_found));
    if (!*ret_found)
        return OK;
    *sealed = (struct sealed){text_copy(&scope->arena, rows_text(rows, 0)),
                              text_copy(&scope->arena, rows_text(rows, 1)),
                              text_copy(&scope->arena, rows_text(rows, 2))};
    *endpoint = (struct webhook_endpoint){.old_until_us = rows_int64(rows, 3),
                                          .state = state_of(rows_text(rows, 4)),
                                          .failing_since_us = rows_int64(rows, 5),
                                          .answered_at_us = rows_int64(rows, 6),
                                          .changed_at_us = rows_int64(rows, 7)};
    return OK;
}

code webhook_endpoint_load(struct scope *scope, struct webhook_endpoint *ret_endpoint) {
    struct webhook_endpoint endpoint;
    struct sealed sealed;
    bool found;

    TRY(find(scope, &endpoint, &sealed, &found));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "no endpoint for webhooks is set up");
        return scope_hint(scope, "`tessera webhook set URL` sets one up");
    }
    TRY(unseal(scope, sealed.url, &endpoint.url));
    TRY(unseal(scope, sealed.secret, &endpoint.secrets[0]));
    endpoint.secret_count = 1;
    if (endpoint.old_until_us <= scope->now_us)
        endpoint.old_until_us = 0;
    else
        TRY(unseal(scope, sealed.old_secret, &endpoint.secrets[endpoint.secret_count++]));
    *ret_endpoint = endpoint;
    return OK;
}

static code record(struct scope *scope, const char *action, const char *key, struct text value) {
    return AUDIT(scope, action, TEXT("endpoint for webhooks"), {key, value});
}

code webhook_endpoint_save(struct scope *scope, struct text url, struct text *ret_secret) {
    const struct text secret = signature_secret_make(&scope->arena);
    struct webhook_endpoint endpoint;
    struct text sealed_url, sealed_secret;
    struct sealed sealed;
    bool found;

    TRY(outbound_check(scope, url, "url"));
    if (url.size > MOST_URL_BYTES)
        return scope_fail_field(scope, INVALID, "url", "an address has at most %d bytes",
                                MOST_URL_BYTES);
    TRY(find(scope, &endpoint, &sealed, &found));
    TRY(seal(scope, url, &sealed_url));
    TRY(seal(scope, secret, &sealed_secret));
    TRY(ledger_exec(scope, sql_webhook_endpoint_put,
                    BINDS(BIND_TEXT(sealed_url), BIND_TEXT(sealed_secret),
                          BIND_STRING(webhook_state_names[WEBHOOK_ON]),
                          BIND_INT64(scope->now_us))));
    TRY(record(scope, "webhook.endpoint", "state", TEXT("on")));
    *ret_secret = found ? TEXT("") : secret;
    return OK;
}

static code must_exist(struct scope *scope) {
    struct webhook_endpoint endpoint;

    return webhook_endpoint_load(scope, &endpoint);
}

code webhook_endpoint_rotate(struct scope *scope, int64_t keep_s, struct text *ret_secret) {
    const struct text secret = signature_secret_make(&scope->arena);
    struct text sealed;

    if (keep_s < 0 || keep_s > MOST_KEPT_S)
        return scope_fail_field(scope, INVALID, "keep_s", "%" PRId64 " is not from 0 to %d seconds",
                                keep_s, MOST_KEPT_S);
    TRY(must_exist(scope));
    TRY(seal(scope, secret, &sealed));
    TRY(ledger_exec(scope, sql_webhook_endpoint_new_secret,
                    BINDS(BIND_TEXT(sealed), BIND_INT64(scope->now_us + keep_s * US_PER_SECOND))));
    TRY(record(scope, "webhook.endpoint_secret", "old_secret_kept_s",
               text_printf(&scope->arena, "%" PRId64, keep_s)));
    *ret_secret = secret;
    return OK;
}

code webhook_endpoint_switch(struct scope *scope, bool on) {
    const char *state = webhook_state_names[on ? WEBHOOK_ON : WEBHOOK_OFF];

    TRY(must_exist(scope));
    TRY(ledger_exec(scope, sql_webhook_endpoint_set_state, BINDS(BIND_STRING(state))));
    return record(scope, "webhook.endpoint", "state", text_of(state));
}

// ---- what came of it ----

static code give_up(struct scope *scope, const struct webhook_endpoint *endpoint,
                    enum webhook_state state, int64_t failing_since_us) {
    int64_t count = 0;

    TRY(ledger_change(scope, sql_webhook_endpoint_give_up,
                      BINDS(BIND_INT64(endpoint->changed_at_us),
                            BIND_STRING(webhook_state_names[state]), BIND_INT64(failing_since_us)),
                      &count));
    return count == 0
               ? OK
               : record(scope, "webhook.endpoint", "state", text_of(webhook_state_names[state]));
}

static code note(struct scope *scope, const struct webhook_endpoint *endpoint,
                 enum webhook_news news) {
    const struct bind changed = BIND_INT64(endpoint->changed_at_us);

    if (news == WEBHOOK_TOOK_SOME)
        return ledger_exec(scope, sql_webhook_endpoint_took,
                           BINDS(changed, BIND_INT64(scope->now_us)));
    if (news == WEBHOOK_IS_GONE)
        return give_up(scope, endpoint, WEBHOOK_GONE, INT64_MAX);
    TRY(ledger_exec(scope, sql_webhook_endpoint_began_failing,
                    BINDS(changed, BIND_INT64(scope->now_us))));
    return give_up(scope, endpoint, WEBHOOK_FAILING,
                   scope->now_us - WEBHOOK_FAILING_DAYS * US_PER_DAY);
}

code webhook_endpoint_note(struct scope *scope, const struct webhook_endpoint *endpoint,
                           enum webhook_news news) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, note(scope, endpoint, news));
}

// ---- posting ----

static void say(struct webhook_reply *reply, enum channel_result result, enum channel_class class) {
    reply->outcome.result = result;
    reply->outcome.class = class;
}

// 2xx it has it; 410 it is gone for good. What says that this one body will never be taken fails;
// what says that the address or the secret is not right stops the campaign; everything else is
// tried again.
static void judge(const struct outbound_answer *answer, struct webhook_reply *reply) {
    const int status = answer->status;

    if (status >= 200 && status < 300)
        say(reply, CHANNEL_ACCEPTED, CHANNEL_CLASS_NONE);
    else if (status == 400 || status == 413 || status == 415 || status == 422)
        say(reply, CHANNEL_FAILED, CHANNEL_CLASS_CONTENT);
    else if ((status >= 300 && status < 400) || status == 401 || status == 403 || status == 404 ||
             status == 405 || status == 410)
        say(reply, CHANNEL_RETRY, CHANNEL_CLASS_POLICY);
    else
        say(reply, CHANNEL_RETRY, CHANNEL_CLASS_PLACE);
    reply->is_gone = status == 410;
    snprintf(reply->outcome.detail, sizeof(reply->outcome.detail), "the endpoint answered %d",
             status);
}

static struct text signatures(struct scope *scope, const struct webhook_endpoint *endpoint,
                              const struct signed_message *message) {
    struct text all = TEXT("");

    for (size_t i = 0; i < endpoint->secret_count; i++)
        all = text_printf(&scope->arena, "%.*s%s%.*s", TEXT_ARG(all), i > 0 ? " " : "",
                          TEXT_ARG(signature_make(&scope->arena, SIGNATURE_STANDARD,
                                                  endpoint->secrets[i], message)));
    return all;
}

// Signed with the time of this try: receivers take no old ones.
void webhook_post(struct scope *scope, const struct webhook_endpoint *endpoint, struct text id,
                  struct text body, struct webhook_reply *ret_reply) {
    const int64_t now_us = time_now_us();
    const struct signed_message message = {
        .id = id,
        .timestamp = text_printf(&scope->arena, "%" PRId64, now_us / US_PER_SECOND),
        .body = body};
    const struct outbound_header headers[] = {
        {"Content-Type", TEXT("application/json")},
        {"webhook-id", message.id},
        {"webhook-timestamp", message.timestamp},
        {"webhook-signature", signatures(scope, endpoint, &message)},
    };
    const struct outbound_request request = {.method = "POST",
                                             .url = endpoint->url,
                                             .headers = headers,
                                             .header_count = sizeof(headers) / sizeof(*headers),
                                             .body = body,
                                             .timeout_ms = TIMEOUT_MS};
    struct outbound_answer answer;

    *ret_reply = (struct webhook_reply){.outcome = {.cost_micros = -1}};
    outbound_call(scope, &request, &answer);
    if (answer.state == OUTBOUND_ANSWERED) {
        judge(&answer, ret_reply);
        if (ret_reply->outcome.result == CHANNEL_RETRY && answer.retry_after_s > 0)
            ret_reply->outcome.retry_at_us = now_us + answer.retry_after_s * US_PER_SECOND;
        return;
    }
    ret_reply->is_silent = true;
    say(ret_reply, CHANNEL_RETRY, CHANNEL_CLASS_PLACE);
    snprintf(ret_reply->outcome.detail, sizeof(ret_reply->outcome.detail), "%s", answer.detail);
}

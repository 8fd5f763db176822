// SPDX-License-Identifier: Apache-2.0
// The connection has an arena of its own for what the threads of the sender read as long as it is
// open.
#include "push/mail/mail_channel.h"

#include "base/config.h"
#include "base/time.h"
#include "govern/consent/token.h"
#include "push/mail/link.h"
#include "push/mail/mail.h"
#include "push/mail/outcome.h"
#include "store/ledger.h"
#include "store/store.h"
#include "store/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct connection {
    struct scope memory; // of `ready`; no session
    struct mail_ready ready;
    struct text base_url, domain;
    struct mail_sender *sender;
};

code mail_channel_prepare(struct scope *scope, const struct channel_content *sources) {
    if (sources->subject.size == 0)
        return scope_fail_field(scope, INVALID, "subject", "an e-mail needs a subject");
    if (sources->html.size == 0 && sources->text.size == 0)
        return scope_fail_field(scope, INVALID, "html", "an e-mail needs HTML or text");
    return OK;
}

// ---- opening ----

static code check_ready(struct scope *scope, const struct connection *connection) {
    if (!text_starts_with(connection->base_url, TEXT("https://"))) {
        scope_fail(scope, CONFLICT,
                   "mail for many needs an https address at which people unsubscribe");
        return scope_hint(scope, "base_url of the configuration says it");
    }
    if (connection->ready.route.signature_count == 0) {
        scope_fail(scope, CONFLICT, "no DKIM key signs mail");
        return scope_hint(scope, "tessera mail add-key, put its record into DNS, "
                                 "tessera mail use-key SELECTOR");
    }
    return OK;
}

static code fill_connection(struct scope *scope, struct connection *connection) {
    const struct config *config = store_config(session_store(scope));
    code result;

    // Loaded into memory that outlives this call's scope.
    connection->memory.session = scope->session;
    connection->memory.now_us = scope->now_us;
    result = mail_ready_load(&connection->memory, &connection->ready);
    connection->memory.session = NULL;
    if (result != OK) {
        scope->failure = connection->memory.failure;
        return result;
    }
    connection->base_url = config_base_url(&connection->memory.arena, config);
    connection->domain =
        mime_domain(&connection->memory.arena, connection->ready.setup.from_address);
    TRY(check_ready(scope, connection));
    return mail_sender_open(scope, &connection->ready.route, &connection->sender);
}

code mail_channel_open(struct scope *scope, const struct channel_order *order,
                       void **ret_connection) {
    struct connection *connection = calloc(1, sizeof(*connection));
    code result;

    (void)order;
    if (!connection)
        abort();
    scope_init(&connection->memory);
    result = fill_connection(scope, connection);
    if (result != OK) {
        mail_channel_close(connection);
        return result;
    }
    *ret_connection = connection;
    return OK;
}

void mail_channel_close(void *context) {
    struct connection *connection = context;

    if (!connection)
        return;
    mail_sender_close(connection->sender);
    scope_clear(&connection->memory);
    free(connection);
}

// ---- one mail ----

// A part of Feedback-ID: what it is separated by does not occur in it.
static struct text feedback_part(struct arena *arena, struct text text) {
    char *part = text_string(arena, text);

    for (char *at = part; *at; at++)
        if (*at <= ' ' || *at > '~' || *at == ':')
            *at = '-';
    return text_of(part);
}

static struct text feedback_id(struct arena *arena, const struct connection *connection,
                               const struct channel_order *order) {
    const struct mail_setup *setup = &connection->ready.setup;

    if (setup->feedback_id.size == 0)
        return (struct text){0};
    return text_printf(arena, "%" PRIx64 ":%.*s:%.*s:%.*s", order->campaign_id,
                       TEXT_ARG(connection->domain), TEXT_ARG(feedback_part(arena, order->purpose)),
                       TEXT_ARG(setup->feedback_id));
}

static code make_item(struct scope *scope, const struct connection *connection,
                      const struct consent_secret *secret, const struct channel_order *order,
                      const struct channel_message *message, struct mail_item *ret_item) {
    const struct mail_setup *setup = &connection->ready.setup;
    const bool is_test = message->id == 0; // its links are nobody's
    const struct preference_token token = {.kind = PREFERENCE_UNSUBSCRIBE,
                                           .origin = is_test ? 0 : message->customer,
                                           .identifier_id = is_test ? 0 : message->identifier_id,
                                           .message_id = message->id,
                                           .purpose = order->purpose,
                                           .channel = TEXT("email")};
    struct text unsubscribe_url;

    TRY(preference_link(scope, secret, connection->base_url, &token, &unsubscribe_url));
    *ret_item = (struct mail_item){
        .id = message->id,
        .message = {
            .from = {setup->from_name, setup->from_address},
            .to = {.address = message->address},
            .reply_to = {.address = setup->reply_to},
            .subject = message->content.subject,
            .at_us = scope->now_us,
            .message_id = text_printf(&scope->arena, "%.*s@%.*s", TEXT_ARG(message->key),
                                      TEXT_ARG(connection->domain)),
            .text = message->content.text,
            .html = mail_link_html(&scope->arena, connection->ready.route.verp_key,
                                   connection->base_url, message->id, message->content.html),
            .unsubscribe_url = unsubscribe_url,
            .list_id = setup->list_id,
            .list_name = setup->from_name,
            .feedback_id = feedback_id(&scope->arena, connection, order),
        }};
    return OK;
}

// ---- what became of it ----

static void fill_outcome(const struct smtp_result *result, struct channel_outcome *outcome) {
    static const enum channel_result results[] = {[SMTP_UNKNOWN] = CHANNEL_UNKNOWN,
                                                  [SMTP_ACCEPTED] = CHANNEL_ACCEPTED,
                                                  [SMTP_RETRY] = CHANNEL_RETRY,
                                                  [SMTP_FAILED] = CHANNEL_FAILED};
    static const enum channel_class classes[] = {
        [MAIL_CLASS_NONE] = CHANNEL_CLASS_NONE,       [MAIL_CLASS_ADDRESS] = CHANNEL_CLASS_ADDRESS,
        [MAIL_CLASS_MAILBOX] = CHANNEL_CLASS_MAILBOX, [MAIL_CLASS_CONTENT] = CHANNEL_CLASS_CONTENT,
        [MAIL_CLASS_POLICY] = CHANNEL_CLASS_POLICY,   [MAIL_CLASS_PLACE] = CHANNEL_CLASS_PLACE};

    outcome->result = results[result->state];
    outcome->class = classes[result->class];
    outcome->cost_micros = result->state == SMTP_ACCEPTED || result->state == SMTP_UNKNOWN ? -1 : 0;
    snprintf(outcome->detail, sizeof(outcome->detail), "%s", result->detail);
}

// ---- a batch ----

struct warm_up {
    struct text domain;
    int64_t left;
};

// Whether the warm-up has room for one more of that destination today. A batch has few
// destinations that matter: they are looked for one by one.
static code has_room(struct scope *scope, const struct mail_setup *setup, struct warm_up *warm_ups,
                     size_t *warm_up_count, struct text address, bool *ret_has_room) {
    const int32_t cap = mail_warm_up_cap(setup, (int32_t)(scope->now_us / US_PER_DAY));
    const struct text domain = mime_domain(&scope->arena, address);
    size_t i = 0;

    *ret_has_room = true;
    if (cap == INT32_MAX)
        return OK;
    while (i < *warm_up_count && !text_equal(warm_ups[i].domain, domain))
        i++;
    if (i == *warm_up_count) {
        int64_t sent;

        TRY(mail_figures_sent(scope, domain, &sent));
        warm_ups[(*warm_up_count)++] = (struct warm_up){domain, cap - sent};
    }
    *ret_has_room = warm_ups[i].left-- > 0;
    return OK;
}

struct shipment {
    struct mail_item *items;
    struct channel_message *messages;
    size_t *indexes; // of the batch
    struct smtp_result *results;
    size_t count;
};

// The figures of the domain among those of the batch, which has few.
static struct mail_figures *figures_of(struct mail_figures *figures, size_t *figure_count,
                                       struct text domain) {
    size_t i = 0;

    while (i < *figure_count && !text_equal(figures[i].domain, domain))
        i++;
    if (i == *figure_count)
        figures[(*figure_count)++].domain = domain;
    return &figures[i];
}

// The figures of each destination, and addresses at which nobody is.
static code note_all(struct scope *scope, const struct shipment *shipment) {
    struct mail_figures *figures = arena_array(&scope->arena, shipment->count, sizeof(*figures));
    size_t figure_count = 0;

    for (size_t i = 0; i < shipment->count; i++) {
        const struct channel_message *message = &shipment->messages[i];
        const enum smtp_state state = shipment->results[i].state;
        struct mail_figures *of_domain =
            figures_of(figures, &figure_count, mime_domain(&scope->arena, message->address));

        of_domain->accepted += state == SMTP_ACCEPTED;
        of_domain->put_off += state == SMTP_RETRY;
        of_domain->failed += state == SMTP_FAILED;
        of_domain->unknown += state == SMTP_UNKNOWN;
        if (state == SMTP_FAILED)
            TRY(mail_note_refusal(scope, message->identifier_id, message->id, message->address,
                                  shipment->results[i].class));
    }
    for (size_t i = 0; i < figure_count; i++)
        TRY(mail_figures_add(scope, &figures[i]));
    return OK;
}

static code note_results(struct scope *scope, void *argument) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, note_all(scope, argument));
}

static code load_shipment(struct scope *scope, const struct connection *connection,
                          const struct channel_order *order, const struct channel_message *messages,
                          size_t count, struct channel_outcome *outcomes,
                          struct shipment *shipment) {
    struct warm_up *warm_ups = arena_array(&scope->arena, count, sizeof(*warm_ups));
    struct consent_secret secret;
    size_t warm_up_count = 0;

    TRY(consent_secret_load(scope, &secret));
    for (size_t i = 0; i < count; i++) {
        bool fits;

        TRY(has_room(scope, &connection->ready.setup, warm_ups, &warm_up_count, messages[i].address,
                     &fits));
        if (!fits) {
            outcomes[i] = (struct channel_outcome){
                .result = CHANNEL_PUT_OFF,
                .class = CHANNEL_CLASS_PLACE,
                .retry_at_us = (scope->now_us / US_PER_DAY + 1) * US_PER_DAY,
                .detail = "warm-up: enough for this destination today"};
            continue;
        }
        TRY(make_item(scope, connection, &secret, order, &messages[i],
                      &shipment->items[shipment->count]));
        shipment->messages[shipment->count] = messages[i];
        shipment->indexes[shipment->count++] = i;
    }
    return OK;
}

// Not one of them was tried.
static code put_all_off(struct channel_outcome *outcomes, size_t count, code result) {
    for (size_t i = 0; i < count; i++)
        outcomes[i] =
            (struct channel_outcome){.result = CHANNEL_PUT_OFF, .class = CHANNEL_CLASS_PLACE};
    return result;
}

code mail_channel_send(struct scope *scope, void *context, const struct channel_order *order,
                       const struct channel_message *messages, size_t count,
                       struct channel_outcome *outcomes) {
    struct connection *connection = context;
    struct shipment shipment = {
        .items = arena_array(&scope->arena, count, sizeof(*shipment.items)),
        .messages = arena_array(&scope->arena, count, sizeof(*shipment.messages)),
        .indexes = arena_array(&scope->arena, count, sizeof(*shipment.indexes)),
        .results = arena_array(&scope->arena, count, sizeof(*shipment.results)),
    };
    code result;

    result = load_shipment(scope, connection, order, messages, count, outcomes, &shipment);
    if (result != OK)
        return put_all_off(outcomes, count, result);
    mail_sender_send(scope, connection->sender, shipment.items, shipment.count, shipment.results);
    for (size_t i = 0; i < shipment.count; i++)
        fill_outcome(&shipment.results[i], &outcomes[shipment.indexes[i]]);
    return unit_run(scope, note_results, &shipment);
}

// SPDX-License-Identifier: Apache-2.0
// One batch at a time; the mutex guards what all threads see of it. A thread takes the first mail
// whose destination has room, and works on it outside the mutex.
#include "push/mail/sender.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct destination {
    struct text domain;
    int running;
    bool is_paused;
};

struct batch {
    const struct mail_item *items;
    size_t count;
    struct smtp_result *results;
    const atomic_bool *cancelled;
    // Guarded by the sender's mutex.
    struct destination **destinations; // of each item
    bool *is_taken;
    size_t first; // before it all are taken
    size_t done;
    bool is_relay_down;
};

struct worker {
    struct mail_sender *sender;
    pthread_t thread;
    struct scope scope; // memory of the mail at hand; no session
    struct smtp *smtp;
    struct dkim_key *keys[MAIL_SIGNATURES];
};

struct mail_sender {
    const struct mail_route *route;
    pthread_mutex_t mutex;
    pthread_cond_t changed;   // a batch came, a destination has room again, or it is the end
    pthread_cond_t completed; // the batch is done
    struct batch *batch;      // guarded by mutex
    bool is_closing;          // guarded by mutex
    size_t worker_count;
    struct worker workers[MAIL_CONNECTIONS];
};

// ---- one mail ----

static void fail_item(struct scope *scope, enum mail_class class, struct smtp_result *result) {
    result->state = SMTP_FAILED;
    result->class = class;
    snprintf(result->detail, sizeof(result->detail), "%.199s", scope->failure.message);
}

static void send_item(struct worker *worker, const struct mail_item *item,
                      struct smtp_result *result) {
    const struct mail_route *route = worker->sender->route;
    struct scope *scope = &worker->scope;
    CLEANUP(buffer_clear) struct buffer body = {0}, whole = {0};
    struct text recipient, return_path;

    *result = (struct smtp_result){0};
    if (mime_address(scope, item->message.to.address, &recipient) != OK) {
        fail_item(scope, MAIL_CLASS_ADDRESS, result);
        return;
    }
    if (mime_write(scope, &item->message, &body) != OK ||
        dkim_sign(scope, worker->keys, route->signature_count, buffer_text(&body),
                  item->message.at_us, &whole) != OK) {
        fail_item(scope, MAIL_CLASS_CONTENT, result);
        return;
    }
    buffer_add_text(&whole, buffer_text(&body));
    return_path = verp_make(&scope->arena, route->verp_key, item->id, route->return_host);
    smtp_send(worker->smtp, text_string(&scope->arena, return_path),
              text_string(&scope->arena, recipient), buffer_text(&whole), result);
}

// ---- taking turns ----

static void put_off(struct batch *batch, size_t index, const char *why) {
    struct smtp_result *result = &batch->results[index];

    batch->is_taken[index] = true;
    batch->done++;
    *result = (struct smtp_result){.state = SMTP_RETRY, .class = MAIL_CLASS_PLACE};
    snprintf(result->detail, sizeof(result->detail), "%.199s", why);
}

static const char *why_not_now(const struct batch *batch, size_t index) {
    if (batch->is_relay_down)
        return "the relay does not take mail now";
    if (batch->destinations[index]->is_paused)
        return "the destination asked to wait";
    return batch->cancelled && atomic_load(batch->cancelled) ? "the campaign was stopped" : NULL;
}

// The next one to send; false when none can be begun now.
static bool take_item(struct mail_sender *sender, size_t *ret_index) {
    struct batch *batch = sender->batch;

    while (batch->first < batch->count && batch->is_taken[batch->first])
        batch->first++;
    for (size_t i = batch->first; i < batch->count; i++) {
        const char *why;

        if (batch->is_taken[i])
            continue;
        why = why_not_now(batch, i);
        if (why) {
            put_off(batch, i, why);
        } else if (batch->destinations[i]->running < sender->route->per_domain) {
            batch->is_taken[i] = true;
            batch->destinations[i]->running++;
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static void give_back(struct mail_sender *sender, size_t index) {
    struct batch *batch = sender->batch;
    struct destination *destination = batch->destinations[index];
    const struct smtp_result *result = &batch->results[index];

    if (destination->running-- == sender->route->per_domain)
        pthread_cond_broadcast(&sender->changed);
    destination->is_paused |= result->is_throttled && !result->is_of_relay;
    batch->is_relay_down |= result->is_of_relay && result->state == SMTP_RETRY;
    batch->done++;
}

static void *run_worker(void *context) {
    struct worker *worker = context;
    struct mail_sender *sender = worker->sender;
    const struct arena_mark mark = arena_mark(&worker->scope.arena);
    const struct batch *batch;
    size_t index;

    pthread_mutex_lock(&sender->mutex);
    while (!sender->is_closing) {
        if (!sender->batch || !take_item(sender, &index)) {
            if (sender->batch && sender->batch->done == sender->batch->count)
                pthread_cond_signal(&sender->completed);
            pthread_cond_wait(&sender->changed, &sender->mutex);
            continue;
        }
        batch = sender->batch;
        pthread_mutex_unlock(&sender->mutex);
        send_item(worker, &batch->items[index], &batch->results[index]);
        scope_forgive(&worker->scope);
        arena_rewind(&worker->scope.arena, mark);
        pthread_mutex_lock(&sender->mutex);
        give_back(sender, index);
    }
    pthread_mutex_unlock(&sender->mutex);
    return NULL;
}

// ---- batches ----

static int compare_destinations(const void *a, const void *b) {
    return text_compare((*(struct destination *const *)a)->domain,
                        (*(struct destination *const *)b)->domain);
}

// One destination for all items of the same domain.
static void group(struct scope *scope, struct batch *batch) {
    struct destination *all = arena_array(&scope->arena, batch->count, sizeof(*all));
    struct destination **sorted = arena_array(&scope->arena, batch->count, sizeof(*sorted));
    struct destination *same = NULL;

    batch->destinations = arena_array(&scope->arena, batch->count, sizeof(*batch->destinations));
    for (size_t i = 0; i < batch->count; i++) {
        all[i].domain = mime_domain(&scope->arena, batch->items[i].message.to.address);
        sorted[i] = &all[i];
    }
    qsort(sorted, batch->count, sizeof(*sorted), compare_destinations);
    for (size_t i = 0; i < batch->count; i++) {
        if (!same || !text_equal(same->domain, sorted[i]->domain))
            same = sorted[i];
        batch->destinations[sorted[i] - all] = same;
    }
}

void mail_sender_send(struct scope *scope, struct mail_sender *sender,
                      const struct mail_item *items, size_t count, struct smtp_result *results) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct batch batch = {
        .items = items, .count = count, .results = results, .cancelled = scope->cancelled};

    if (count == 0)
        return;
    group(scope, &batch);
    batch.is_taken = arena_array(&scope->arena, count, sizeof(*batch.is_taken));
    pthread_mutex_lock(&sender->mutex);
    sender->batch = &batch;
    pthread_cond_broadcast(&sender->changed);
    while (batch.done < count)
        pthread_cond_wait(&sender->completed, &sender->mutex);
    sender->batch = NULL;
    pthread_mutex_unlock(&sender->mutex);
    arena_rewind(&scope->arena, mark);
}

// ---- opening and closing ----

static code prepare_worker(struct scope *scope, struct mail_sender *sender, struct worker *worker) {
    const struct mail_route *route = sender->route;

    worker->sender = sender;
    TRY(smtp_open(scope, &route->relay, &worker->smtp));
    for (size_t i = 0; i < route->signature_count; i++) {
        const struct mail_signature *signature = &route->signatures[i];

        TRY(dkim_key_open(scope, signature->algorithm, signature->domain, signature->selector,
                          signature->secret, &worker->keys[i]));
    }
    return OK;
}

static void release_worker(struct worker *worker) {
    smtp_close(worker->smtp);
    for (size_t i = 0; i < MAIL_SIGNATURES; i++)
        dkim_key_free(worker->keys[i]);
    scope_clear(&worker->scope);
}

static code start_worker(struct scope *scope, struct mail_sender *sender) {
    struct worker *worker = &sender->workers[sender->worker_count];
    code result;

    scope_init(&worker->scope);
    result = prepare_worker(scope, sender, worker);
    if (result == OK && pthread_create(&worker->thread, NULL, run_worker, worker) != 0)
        result = scope_fail(scope, UNAVAILABLE, "no thread can be started for sending");
    if (result == OK)
        sender->worker_count++;
    else
        release_worker(worker);
    return result;
}

code mail_sender_open(struct scope *scope, const struct mail_route *route,
                      struct mail_sender **ret_sender) {
    struct mail_sender *sender = calloc(1, sizeof(*sender));

    if (!sender)
        abort();
    sender->route = route;
    pthread_mutex_init(&sender->mutex, NULL);
    pthread_cond_init(&sender->changed, NULL);
    pthread_cond_init(&sender->completed, NULL);
    for (int i = 0; i < route->connections && i < MAIL_CONNECTIONS; i++) {
        const code result = start_worker(scope, sender);

        if (result != OK) {
            mail_sender_close(sender);
            return result;
        }
    }
    *ret_sender = sender;
    return OK;
}

void mail_sender_close(struct mail_sender *sender) {
    if (!sender)
        return;
    pthread_mutex_lock(&sender->mutex);
    sender->is_closing = true;
    pthread_cond_broadcast(&sender->changed);
    pthread_mutex_unlock(&sender->mutex);
    for (size_t i = 0; i < sender->worker_count; i++) {
        pthread_join(sender->workers[i].thread, NULL);
        release_worker(&sender->workers[i]);
    }
    pthread_cond_destroy(&sender->completed);
    pthread_cond_destroy(&sender->changed);
    pthread_mutex_destroy(&sender->mutex);
    free(sender);
}

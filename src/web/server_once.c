// SPDX-License-Identifier: Apache-2.0
#include "web/server_once.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "server_once_sql.h"
#include "store/ledger.h"
#include "store/process.h"
#include "web/router.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

enum { HASH_BYTES = crypto_generichash_BYTES, HEX_SIZE = HASH_BYTES * 2 + 1 };

static const int64_t kept_us = INT64_C(24) * 3600 * US_PER_SECOND;

struct once {
    struct text key; // the connection's
    crypto_generichash_state body;
};

bool once_parse_key(struct text field, struct text *ret_key) {
    const bool is_quoted =
        field.size >= 2 && field.data[0] == '"' && field.data[field.size - 1] == '"';
    const struct text key = is_quoted ? (struct text){field.data + 1, field.size - 2} : field;

    if (key.size == 0 || key.size > LIMIT_IDEMPOTENCY_KEY_BYTES)
        return false;
    for (size_t i = 0; i < key.size; i++)
        if (key.data[i] < ' ' || key.data[i] > '~' || key.data[i] == '"' || key.data[i] == '\\')
            return false;
    *ret_key = key;
    return true;
}

struct once *once_new(struct text key) {
    struct once *once = NULL;

    // Its state wants an alignment of its own.
    if (posix_memalign((void **)&once, _Alignof(struct once), sizeof(*once)) != 0)
        abort();
    once->key = key;
    crypto_generichash_init(&once->body, NULL, 0, HASH_BYTES);
    return once;
}

void once_take(struct once *once, const void *data, size_t size) {
    crypto_generichash_update(&once->body, data, size);
}

void once_free(struct once *once) {
    free(once);
}

// ---- what tells requests apart ----

// Each with its length, so that no two lists of texts hash alike.
static void add_text(crypto_generichash_state *state, struct text text) {
    const uint64_t size = text.size;

    crypto_generichash_update(state, (const unsigned char *)&size, sizeof(size));
    crypto_generichash_update(state, (const unsigned char *)text.data, text.size);
}

static struct text hash_of(struct scope *scope, const struct text *texts, size_t count) {
    crypto_generichash_state state;
    unsigned char hash[HASH_BYTES];
    char *hex = arena_alloc(&scope->arena, HEX_SIZE);

    crypto_generichash_init(&state, NULL, 0, sizeof(hash));
    for (size_t i = 0; i < count; i++)
        add_text(&state, texts[i]);
    crypto_generichash_final(&state, hash, sizeof(hash));
    return text_of(sodium_bin2hex(hex, HEX_SIZE, hash, sizeof(hash)));
}

// An account, a key and the owner of the process may have the same name.
static struct text key_hash(struct scope *scope, const struct once *once) {
    const struct text texts[] = {
        text_printf(&scope->arena, "%" PRId64, scope->actor.account_id),
        text_of(scope->actor.name),
        once->key,
    };

    return hash_of(scope, texts, sizeof(texts) / sizeof(*texts));
}

static struct text request_hash(struct scope *scope, struct exchange *exchange) {
    unsigned char body[HASH_BYTES];
    const struct text texts[] = {
        text_of(method_name(exchange->request.method)),
        exchange->request.path,
        exchange->query,
        {.data = (const char *)body, .size = sizeof(body)},
    };

    crypto_generichash_final(&exchange->once->body, body, sizeof(body));
    return hash_of(scope, texts, sizeof(texts) / sizeof(*texts));
}

// ---- the first one, and those that come again ----

code once_expire(struct scope *scope) {
    return ledger_exec(scope, sql_once_expire, BINDS(BIND_INT64(scope->now_us - kept_us)));
}

static code claim(struct scope *scope, struct text key, struct text request, bool *ret_is_first) {
    int64_t count;

    TRY(once_expire(scope));
    TRY(ledger_change(scope, sql_once_claim,
                      BINDS(BIND_TEXT(key), BIND_TEXT(request), BIND_TEXT(process_name(scope)),
                            BIND_INT64(scope->now_us)),
                      &count));
    *ret_is_first = count > 0;
    return OK;
}

static code claim_durably(struct scope *scope, struct text key, struct text request,
                          bool *ret_is_first) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, claim(scope, key, request, ret_is_first));
}

static code refuse_running(struct scope *scope, struct text owner, struct response *response) {
    if (process_is_alive(owner)) {
        TRY(response_header(scope, response, "Retry-After", TEXT("1")));
        return scope_fail(scope, CONFLICT, "the request with this Idempotency-Key still runs");
    }
    scope_fail(scope, CONFLICT,
               "the server ended while it ran the request with this Idempotency-Key");
    return scope_hint(scope, "look whether it was done before you ask again with another key");
}

static code refuse_secret(struct scope *scope, struct response *response) {
    TRY(response_header(scope, response, "Idempotent-Replayed", TEXT("true")));
    scope_fail(scope, CONFLICT, "this was done already, and its answer is told once only");
    return scope_hint(scope, "if the answer was lost, take back what it made and make another, "
                             "with another Idempotency-Key");
}

static code answer_again(struct scope *scope, struct text key, struct text request,
                         struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found = false;

    TRY(ledger_find(scope, sql_once_find, BINDS(BIND_TEXT(key)), &rows, &found));
    if (!found) // the first one has failed meanwhile
        return scope_fail(scope, CONFLICT, "the request with this Idempotency-Key has just ended");
    if (!text_equal(rows_text(rows, 0), request)) {
        scope_fail_field(scope, REUSED, "Idempotency-Key",
                         "this Idempotency-Key was that of another request");
        return scope_hint(scope, "a key belongs to one request: make a new one for each");
    }
    if (rows_int64(rows, 2) == 0)
        return refuse_running(scope, rows_text(rows, 1), response);
    if (rows_text(rows, 3).size == 0)
        return refuse_secret(scope, response);
    response->status = (int)rows_int64(rows, 2);
    buffer_add_text(&response->body, rows_text(rows, 3));
    return response_header(scope, response, "Idempotent-Replayed", TEXT("true"));
}

// What came of a request is written down also when nobody waits for its answer any more: that is
// what the key is for.
static code write_down(struct scope *scope, const char *sql, struct binds binds) {
    const atomic_bool *cancelled = scope->cancelled;
    const int64_t deadline_us = scope->deadline_us;
    code result;

    scope->cancelled = NULL;
    scope->deadline_us = 0;
    result = ledger_exec(scope, sql, binds);
    scope->cancelled = cancelled;
    scope->deadline_us = deadline_us;
    return result;
}

// What was done is done, and is answered, even when this cannot be kept.
static void keep(struct scope *scope, const struct route *route, struct text key,
                 const struct response *response) {
    const bool is_kept = route->once == ROUTE_ONCE && response->file < 0 &&
                         response->body.size <= LIMIT_IDEMPOTENCY_ANSWER_BYTES;
    const int status = response->status ? response->status : code_info(OK)->http_status;
    const struct text answer = is_kept ? buffer_text(&response->body) : (struct text){0};

    if (write_down(scope, sql_once_keep,
                   BINDS(BIND_TEXT(key), BIND_INT64(status), BIND_TEXT_OR_NULL(answer))) == OK)
        return;
    LOG(LOG_LEVEL_WARN, "answer_not_kept", LOG_STRING("message", scope->failure.message));
    scope_forgive(scope);
}

static void release(struct scope *scope, struct text key) {
    const struct failure failure = scope->failure;

    ledger_rollback(scope);
    scope_forgive(scope);
    write_down(scope, sql_once_release, BINDS(BIND_TEXT(key)));
    scope->failure = failure;
}

code once_run(struct scope *scope, struct exchange *exchange, const struct request *request,
              struct response *response) {
    const struct server_options *options = &exchange->serving->options;
    const struct text key = key_hash(scope, exchange->once);
    const struct text hash = request_hash(scope, exchange);
    bool is_first = false;

    TRY(claim_durably(scope, key, hash, &is_first));
    if (!is_first)
        return answer_again(scope, key, hash, response);
    if (router_handle(scope, options->routes, options->route_count, request, response) == OK)
        keep(scope, exchange->route, key, response);
    else
        release(scope, key);
    return scope->failure.code;
}

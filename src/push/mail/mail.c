// SPDX-License-Identifier: Apache-2.0
#include "push/mail/mail.h"

#include "base/base64.h"
#include "base/time.h"
#include "govern/access/seal.h"
#include "govern/access/secret.h"
#include "mail_sql.h"
#include "store/ledger.h"

#include <sodium.h>

const char *const mail_key_state_names[] = {"new", "signing", "retired", NULL};

// ---- the set-up ----

static void fill_setup(struct arena *arena, const struct rows *rows, struct mail_setup *setup) {
    *setup = (struct mail_setup){
        .host = text_copy(arena, rows_text(rows, 0)),
        .port = (int32_t)rows_int64(rows, 1),
        .tls = (int)rows_int64(rows, 2),
        .user = text_copy(arena, rows_text(rows, 3)),
        .has_password = rows_text(rows, 4).size > 0,
        .helo = text_copy(arena, rows_text(rows, 5)),
        .connections = (int32_t)rows_int64(rows, 6),
        .per_domain = (int32_t)rows_int64(rows, 7),
        .from_name = text_copy(arena, rows_text(rows, 8)),
        .from_address = text_copy(arena, rows_text(rows, 9)),
        .reply_to = text_copy(arena, rows_text(rows, 10)),
        .return_host = text_copy(arena, rows_text(rows, 11)),
        .list_id = text_copy(arena, rows_text(rows, 12)),
        .feedback_id = text_copy(arena, rows_text(rows, 13)),
        .warm_up_per_day = (int32_t)rows_int64(rows, 14),
        .warm_up_day = (int32_t)rows_int64(rows, 15),
    };
}

static const struct mail_setup usual = {
    .port = 587, .tls = SMTP_TLS_REQUIRED, .connections = 10, .per_domain = 10};

// The sealed texts beside it.
static code find_setup(struct scope *scope, struct mail_setup *ret_setup, struct text *ret_password,
                       struct text *ret_secret) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_mail_setup_find, NO_BINDS, &rows, &found));
    *ret_setup = usual;
    *ret_password = *ret_secret = (struct text){0};
    if (!found)
        return OK;
    fill_setup(&scope->arena, rows, ret_setup);
    *ret_password = text_copy(&scope->arena, rows_text(rows, 4));
    *ret_secret = text_copy(&scope->arena, rows_text(rows, 16));
    return OK;
}

code mail_setup_load(struct scope *scope, struct mail_setup *ret_setup) {
    struct text password, secret;

    return find_setup(scope, ret_setup, &password, &secret);
}

static bool is_this_machine(struct text host) {
    return text_is(host, "localhost") || text_is(host, "::1") ||
           text_starts_with(host, TEXT("127."));
}

static code check_range(struct scope *scope, const char *field, int64_t value, int64_t least,
                        int64_t most) {
    if (value >= least && value <= most)
        return OK;
    return scope_fail_field(scope, INVALID, field, "%lld is not in %lld to %lld", (long long)value,
                            (long long)least, (long long)most);
}

// Of names of hosts: they become part of an address that libcurl reads.
static code check_host(struct scope *scope, const char *field, struct text host) {
    for (size_t at = 0; at < host.size; at++) {
        const char byte = host.data[at];

        if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
              (byte >= '0' && byte <= '9') || strchr(".:-_", byte)))
            return scope_fail_field(scope, INVALID, field, "\"%.*s\" is no name of a host",
                                    TEXT_ARG(host));
    }
    return host.size <= 253 ? OK
                            : scope_fail_field(scope, INVALID, field,
                                               "a host's name has at most "
                                               "253 letters");
}

static code check_address(struct scope *scope, const char *field, struct text address) {
    struct text ascii;

    if (address.size == 0 || mime_address(scope, address, &ascii) == OK)
        return OK;
    scope_forgive(scope);
    return scope_fail_field(scope, INVALID, field, "this is no e-mail address");
}

static code check_line(struct scope *scope, const char *field, struct text text) {
    for (size_t at = 0; at < text.size; at++)
        if ((unsigned char)text.data[at] < ' ' || text.data[at] == 0x7f)
            return scope_fail_field(scope, INVALID, field, "a control character is in it");
    return text.size <= 200 && text_is_utf8(text)
               ? OK
               : scope_fail_field(scope, INVALID, field, "it has more than 200 letters");
}

static code check_setup(struct scope *scope, const struct mail_setup *setup) {
    TRY(check_host(scope, "host", setup->host));
    TRY(check_host(scope, "helo", setup->helo));
    TRY(check_host(scope, "return_host", setup->return_host));
    TRY(check_host(scope, "list_id", setup->list_id));
    TRY(check_range(scope, "port", setup->port, 1, 65535));
    TRY(check_range(scope, "connections", setup->connections, 1, MAIL_CONNECTIONS));
    TRY(check_range(scope, "per_domain", setup->per_domain, 1, 20));
    TRY(check_range(scope, "warm_up_per_day", setup->warm_up_per_day, 0, 1000000));
    TRY(check_address(scope, "from_address", setup->from_address));
    TRY(check_address(scope, "reply_to", setup->reply_to));
    TRY(check_line(scope, "from_name", setup->from_name));
    TRY(check_line(scope, "user", setup->user));
    if (setup->feedback_id.size > 0) {
        TRY(check_line(scope, "feedback_id", setup->feedback_id));
        TRY(check_host(scope, "feedback_id", setup->feedback_id));
        TRY(check_range(scope, "feedback_id", (int64_t)setup->feedback_id.size, 5, 15));
    }
    if (setup->tls != SMTP_TLS_NONE || setup->host.size == 0 || is_this_machine(setup->host))
        return OK;
    return scope_fail_field(scope, INVALID, "tls",
                            "mail to %.*s would leave this machine unread "
                            "by nobody: it needs TLS",
                            TEXT_ARG(setup->host));
}

static code make_secret(struct scope *scope, struct text *ret_sealed) {
    unsigned char secret[VERP_KEY_BYTES];
    code result;

    secret_start();
    randombytes_buf(secret, sizeof(secret));
    result = seal(scope, (struct text){(char *)secret, sizeof(secret)}, ret_sealed);
    sodium_memzero(secret, sizeof(secret));
    return result;
}

code mail_setup_save(struct scope *scope, const struct mail_setup *setup) {
    struct mail_setup before;
    struct text password, secret;
    int32_t warm_up_day;

    TRY(check_setup(scope, setup));
    TRY(find_setup(scope, &before, &password, &secret));
    if (setup->password.size > 0)
        TRY(seal(scope, setup->password, &password));
    if (setup->user.size == 0)
        password = (struct text){0};
    if (secret.size == 0)
        TRY(make_secret(scope, &secret));
    warm_up_day =
        before.warm_up_per_day > 0 ? before.warm_up_day : (int32_t)(scope->now_us / US_PER_DAY);
    return ledger_exec(scope, sql_mail_setup_put,
                       BINDS(BIND_TEXT(setup->host), BIND_INT64(setup->port),
                             BIND_INT64(setup->tls), BIND_TEXT(setup->user), BIND_TEXT(password),
                             BIND_TEXT(setup->helo), BIND_INT64(setup->connections),
                             BIND_INT64(setup->per_domain), BIND_TEXT(setup->from_name),
                             BIND_TEXT(setup->from_address), BIND_TEXT(setup->reply_to),
                             BIND_TEXT(setup->return_host), BIND_TEXT(setup->list_id),
                             BIND_TEXT(setup->feedback_id), BIND_INT64(setup->warm_up_per_day),
                             BIND_INT64(warm_up_day), BIND_TEXT(secret)));
}

static code open_secret(struct scope *scope, struct text sealed,
                        unsigned char ret_secret[VERP_KEY_BYTES]) {
    struct text secret;

    if (sealed.size == 0) {
        scope_fail(scope, CONFLICT, "no mail is set up");
        return scope_hint(scope, "tessera mail set --host HOST --from ADDRESS");
    }
    TRY(unseal(scope, sealed, &secret));
    if (secret.size != VERP_KEY_BYTES)
        return scope_fail(scope, CONFLICT, "the key of return paths is not whole");
    memcpy(ret_secret, secret.data, VERP_KEY_BYTES);
    return OK;
}

code mail_secret_load(struct scope *scope, unsigned char ret_secret[VERP_KEY_BYTES]) {
    struct mail_setup setup;
    struct text password, sealed;

    TRY(find_setup(scope, &setup, &password, &sealed));
    return open_secret(scope, sealed, ret_secret);
}

// ---- keys ----

static code check_selector(struct scope *scope, struct text selector) {
    for (size_t at = 0; at < selector.size; at++) {
        const char byte = selector.data[at];

        if (!((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-'))
            return scope_fail_field(scope, INVALID, "selector",
                                    "\"%.*s\" is not of small letters, digits and -",
                                    TEXT_ARG(selector));
    }
    return selector.size <= 63
               ? OK
               : scope_fail_field(scope, INVALID, "selector", "a selector has at most 63 letters");
}

static code insert_key(struct scope *scope, const struct mail_key *key, struct text secret) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text sealed;
    bool is_new;

    TRY(seal(scope, secret, &sealed));
    TRY(ledger_find(scope, sql_mail_key_insert,
                    BINDS(BIND_TEXT(key->selector), BIND_TEXT(key->domain),
                          BIND_INT64(key->algorithm), BIND_TEXT(sealed), BIND_TEXT(key->record),
                          BIND_INT64(key->state), BIND_INT64(scope->now_us)),
                    &rows, &is_new));
    return is_new ? OK
                  : scope_fail_field(scope, CONFLICT, "selector", "there is a key %.*s already",
                                     TEXT_ARG(key->selector));
}

code mail_key_make(struct scope *scope, enum dkim_algorithm algorithm, struct text selector,
                   struct mail_key *ret_key) {
    struct dkim_key *opened = NULL;
    struct mail_key key = {.algorithm = algorithm, .state = MAIL_KEY_NEW, .selector = selector};
    char day[TIME_TEXT_SIZE];
    struct mail_setup setup;
    struct text secret, from;
    code result;

    TRY(mail_setup_load(scope, &setup));
    if (setup.from_address.size == 0)
        return scope_fail(scope, CONFLICT,
                          "mail has no sender yet, whose domain a key would be of");
    TRY(mime_address(scope, setup.from_address, &from));
    key.domain = mime_domain(&scope->arena, from);
    if (selector.size == 0)
        key.selector = text_printf(&scope->arena, "%s-%s", algorithm == DKIM_RSA ? "rsa" : "ed",
                                   day_format((int32_t)(scope->now_us / US_PER_DAY), day));
    TRY(check_selector(scope, key.selector));
    TRY(dkim_secret_make(scope, algorithm, &secret));
    TRY(dkim_key_open(scope, algorithm, key.domain, key.selector, secret, &opened));
    result = dkim_record(scope, opened, &key.record);
    dkim_key_free(opened);
    TRY(result);
    TRY(insert_key(scope, &key, secret));
    *ret_key = key;
    return OK;
}

static code find_key(struct scope *scope, struct text selector, int64_t *ret_algorithm,
                     int64_t *ret_state) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_mail_key_algorithm, BINDS(BIND_TEXT(selector)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "there is no DKIM key %.*s", TEXT_ARG(selector));
    *ret_algorithm = rows_int64(rows, 0);
    *ret_state = rows_int64(rows, 1);
    return OK;
}

code mail_key_use(struct scope *scope, struct text selector) {
    int64_t algorithm, state;

    TRY(find_key(scope, selector, &algorithm, &state));
    if (state == MAIL_KEY_SIGNS)
        return OK;
    TRY(ledger_exec(scope, sql_mail_key_retire, BINDS(BIND_INT64(algorithm))));
    return ledger_exec(scope, sql_mail_key_sign, BINDS(BIND_TEXT(selector)));
}

code mail_key_remove(struct scope *scope, struct text selector) {
    int64_t algorithm, state;

    TRY(find_key(scope, selector, &algorithm, &state));
    if (state == MAIL_KEY_SIGNS)
        return scope_fail(scope, CONFLICT, "the key %.*s signs the mail that is sent now",
                          TEXT_ARG(selector));
    return ledger_exec(scope, sql_mail_key_delete, BINDS(BIND_TEXT(selector)));
}

code mail_key_list(struct scope *scope, struct rows **ret_rows) {
    return ledger_query(scope, sql_mail_key_all, NO_BINDS, ret_rows);
}

// ---- ready to send ----

static code load_signatures(struct scope *scope, struct mail_route *route) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_mail_key_signing, NO_BINDS, &rows));
    while (route->signature_count < MAIL_SIGNATURES && rows_next(rows)) {
        struct mail_signature *signature = &route->signatures[route->signature_count++];

        signature->algorithm = (enum dkim_algorithm)rows_int64(rows, 0);
        signature->domain = text_copy(&scope->arena, rows_text(rows, 1));
        signature->selector = text_copy(&scope->arena, rows_text(rows, 2));
        TRY(unseal(scope, text_copy(&scope->arena, rows_text(rows, 3)), &signature->secret));
    }
    return rows_end(rows);
}

code mail_ready_load(struct scope *scope, struct mail_ready *ret_ready) {
    struct mail_setup *setup = &ret_ready->setup;
    struct mail_route *route = &ret_ready->route;
    struct text password, secret, opened = {0};

    *ret_ready = (struct mail_ready){0};
    TRY(find_setup(scope, setup, &password, &secret));
    if (setup->host.size == 0 || setup->from_address.size == 0) {
        scope_fail(scope, CONFLICT, "no %s is set up for mail",
                   setup->host.size == 0 ? "relay" : "sender");
        return scope_hint(scope, "tessera mail set --host HOST --from ADDRESS");
    }
    if (password.size > 0)
        TRY(unseal(scope, password, &opened));
    *route =
        (struct mail_route){.relay = {.host = setup->host,
                                      .port = setup->port,
                                      .tls = (enum smtp_tls)setup->tls,
                                      .user = setup->user,
                                      .password = opened,
                                      .helo = setup->helo},
                            .connections = setup->connections,
                            .per_domain = setup->per_domain,
                            .return_host = setup->return_host.size > 0
                                               ? setup->return_host
                                               : mime_domain(&scope->arena, setup->from_address)};
    TRY(open_secret(scope, secret, route->verp_key));
    return load_signatures(scope, route);
}

int32_t mail_warm_up_cap(const struct mail_setup *setup, int32_t today) {
    int64_t cap = setup->warm_up_per_day;

    if (cap == 0)
        return INT32_MAX;
    for (int32_t day = setup->warm_up_day; day < today && cap < INT32_MAX; day++)
        cap += cap / 2 + 1;
    return cap < 1000000 ? (int32_t)cap : INT32_MAX; // the end of the warm-up
}

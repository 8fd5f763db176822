// SPDX-License-Identifier: Apache-2.0
// Which customer is meant by a key that a person gives.
#include "host/customer/customer.h"

#include "customer_sql.h"
#include "host/customer/search_term.h"
#include "host/identity/identity.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>

static code find_by_id(struct scope *scope, struct text key, int64_t *ret_customer) {
    int64_t id;

    *ret_customer = 0;
    if (!text_to_int64(key, &id))
        return OK;
    return ledger_int64(scope, sql_customer_exists, BINDS(BIND_INT64(id)), 0, ret_customer);
}

// Kinds that mean the same everywhere, each tried with the key cleaned as it would have been on the
// way in.
static code find_by_identifier(struct scope *scope, struct text key, int64_t *ret_customer) {
    static const enum identifier_kind kinds[] = {IDENTIFIER_EMAIL, IDENTIFIER_PHONE,
                                                 IDENTIFIER_LOYALTY_CARD, IDENTIFIER_SOCIAL};
    struct settings settings;

    *ret_customer = 0;
    TRY(settings_load(scope, &settings));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && *ret_customer == 0; i++) {
        struct text value;
        bool blocked;

        if (identifier_normalise(&scope->arena, kinds[i], key, settings.country, &value, &blocked))
            TRY(ledger_int64(scope, sql_customer_by_identifier,
                             BINDS(BIND_INT64(kinds[i]), BIND_TEXT(value)), 0, ret_customer));
    }
    return OK;
}

// The longest word is the rarest one, as a rule.
static struct text longest_word(struct scope *scope, struct text key) {
    struct text words[SEARCH_WORDS_MOST];
    const size_t count = search_words(&scope->arena, key, words);
    struct text longest = {0};

    for (size_t i = 0; i < count; i++)
        if (words[i].size > longest.size)
            longest = words[i];
    return longest;
}

static code find_by_number(struct scope *scope, struct text key, int64_t *ret_customer) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t customer = 0;
    int64_t another = 0;

    TRY(ledger_query(scope, sql_customer_by_number,
                     BINDS(BIND_TEXT(longest_word(scope, key)), BIND_TEXT(key)), &rows));
    if (rows_next(rows))
        customer = rows_int64(rows, 0);
    if (customer != 0 && rows_next(rows))
        another = rows_int64(rows, 0);
    TRY(rows_end(rows));
    if (another != 0) {
        scope_fail(scope, CONFLICT, "several sources have a customer \"%.*s\"", TEXT_ARG(key));
        return scope_hint(scope, "name one of them by its id: %" PRId64 ", %" PRId64, customer,
                          another);
    }
    *ret_customer = customer;
    return OK;
}

code customer_find(struct scope *scope, struct text key, int64_t *ret_customer) {
    int64_t customer;

    key = text_trim(key);
    TRY(find_by_id(scope, key, &customer));
    if (customer == 0)
        TRY(find_by_number(scope, key, &customer));
    if (customer == 0)
        TRY(find_by_identifier(scope, key, &customer));
    // The key is not repeated: it may be somebody's address, and errors are logged.
    if (customer == 0)
        return scope_fail(scope, NOT_FOUND,
                          "no customer has this id, customer number, e-mail, phone or card");
    *ret_customer = customer;
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
// Purposes, facts, the rule and what hangs on it: suppressed addresses and the tokens of links.
#include "govern/consent/consent.h"

#include "govern/consent/permit.h"
#include "govern/consent/token.h"
#include "store/ledger.h"
#include "store/sql_catalogue.h"
#include "store/store_testing.h"

#include <inttypes.h>

#define EMAIL "1"

// Customers 1..count, each with an e-mail address cN@example.org as identifier 1000 + N.
static void make_customers(struct scope *scope, int count) {
    for (int i = 1; i <= count; i++)
        test_ledger_exec(
            scope,
            text_string(&scope->arena,
                        text_printf(&scope->arena,
                                    "INSERT INTO customer (id, import_id, created_at_us)"
                                    " VALUES (%d, 0, 0);"
                                    "INSERT INTO identifier (id, kind, source, value, origin,"
                                    " import_id, seen_at_us) VALUES (%d, " EMAIL
                                    ", '', 'c%d@example.org', %d, 0, 0)",
                                    i, 1000 + i, i, i)));
}

static int64_t say(struct scope *scope, int64_t origin, const char *purpose, const char *channel,
                   enum consent_state state) {
    const struct consent_said said = {.origin = origin,
                                      .source = TEXT("test"),
                                      .purpose = text_of(purpose),
                                      .channel = text_of(channel),
                                      .state = state};
    int64_t id = 0;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, consent_say(scope, &said, &id)));
    return id;
}

static const char *verdict_of(struct scope *scope, int64_t customer, const char *purpose,
                              const char *channel) {
    struct consent_verdict verdict;

    CHECK_OK(consent_permits(scope, customer, text_of(purpose), text_of(channel), &verdict));
    CHECK(verdict.is_permitted == (verdict.reason == VERDICT_PERMITTED));
    return consent_reason_name(verdict.reason);
}

TEST(a_consent_must_have_been_given_and_its_withdrawal_holds) {
    test_store(scope);
    make_customers(scope, 1);
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "email"), "no_consent");
    say(scope, 1, "newsletter", "email", CONSENT_PENDING);
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "email"), "unconfirmed");
    say(scope, 1, "newsletter", "email", CONSENT_GRANTED);
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "email"), "permitted");
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "sms"), "no_basis");
    CHECK_STRING(verdict_of(scope, 2, "newsletter", "email"), "no_customer");
    say(scope, 1, "newsletter", "email", CONSENT_WITHDRAWN);
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "email"), "withdrawn");
}

TEST(a_send_without_a_purpose_or_a_channel_that_there_is_fails) {
    struct consent_verdict verdict;

    test_store(scope);
    CHECK_CODE(consent_permits(scope, 1, TEXT(""), TEXT("email"), &verdict), NOT_FOUND);
    scope_forgive(scope);
    CHECK_CODE(consent_permits(scope, 1, TEXT("newsletter"), TEXT("pigeon"), &verdict), NOT_FOUND);
}

TEST(an_objection_to_marketing_is_absolute_and_leaves_service_alone) {
    test_store(scope);
    make_customers(scope, 1);
    say(scope, 1, "newsletter", "email", CONSENT_GRANTED);
    say(scope, 1, CONSENT_ALL, CONSENT_ALL, CONSENT_OBJECTED);
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "email"), "objected");
    CHECK_STRING(verdict_of(scope, 1, "marketing", "web"), "objected");
    CHECK_STRING(verdict_of(scope, 1, "service", "email"), "permitted");
    say(scope, 1, "newsletter", "email", CONSENT_GRANTED);
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "email"), "objected");
    say(scope, 1, CONSENT_RESTRICTION, CONSENT_ALL, CONSENT_RESTRICTED);
    CHECK_STRING(verdict_of(scope, 1, "service", "email"), "restricted");
}

TEST(a_join_never_widens_what_is_permitted) {
    test_store(scope);
    make_customers(scope, 2);
    say(scope, 1, "newsletter", "email", CONSENT_DENIED);
    say(scope, 2, "newsletter", "email", CONSENT_GRANTED);
    CHECK_STRING(verdict_of(scope, 2, "newsletter", "email"), "permitted");
    test_ledger_exec(
        scope,
        "INSERT INTO alias (origin, customer, joined_at_us) VALUES (1, 2, 9000000000000000)");
    CHECK_STRING(verdict_of(scope, 2, "newsletter", "email"), "refused");
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "email"), "no_customer");
}

TEST(a_suppressed_address_is_not_written_to_and_another_one_is) {
    struct consent_verdict verdict;
    bool added;

    test_store(scope);
    make_customers(scope, 1);
    say(scope, 1, "newsletter", "email", CONSENT_GRANTED);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(suppression_add(scope, TEXT("email"), TEXT("c1@example.org"), SUPPRESSION_COMPLAINED,
                             TEXT("test"), &added));
    CHECK(added);
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(verdict_of(scope, 1, "newsletter", "email"), "suppressed");
    CHECK_STRING(verdict_of(scope, 1, "service", "email"), "permitted");
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM suppression WHERE digest LIKE "
                                         "'%example%' OR LENGTH(digest) <> 64"),
                 "0");
    test_ledger_exec(scope, "INSERT INTO identifier (id, kind, source, value, origin, import_id, "
                            "seen_at_us) VALUES (2001, 1, '', 'other@example.org', 1, 0, 5)");
    CHECK_OK(consent_permits(scope, 1, TEXT("newsletter"), TEXT("email"), &verdict));
    CHECK(verdict.is_permitted);
    CHECK_INT(verdict.identifier_id, 2001);
}

TEST(a_token_tells_who_and_what_to_this_store_alone) {
    const struct preference_token token = {.kind = PREFERENCE_UNSUBSCRIBE,
                                           .origin = 7,
                                           .identifier_id = 1007,
                                           .message_id = 42,
                                           .purpose = TEXT("newsletter"),
                                           .channel = TEXT("email")};
    struct preference_token read;
    struct text made, again;

    test_store(scope);
    CHECK_OK(preference_token_make(scope, &token, &made));
    CHECK_OK(preference_token_make(scope, &token, &again));
    CHECK(text_equal(made, again));
    CHECK_OK(preference_token_read(scope, PREFERENCE_UNSUBSCRIBE, made, &read));
    CHECK_INT(read.origin, 7);
    CHECK_INT(read.identifier_id, 1007);
    CHECK_INT(read.message_id, 42);
    CHECK_TEXT(read.purpose, "newsletter");
    CHECK_TEXT(read.channel, "email");
    CHECK_CODE(preference_token_read(scope, PREFERENCE_CENTRE, made, &read), NOT_FOUND);
    for (size_t i = 0; i < made.size; i++) {
        char *changed = text_string(&scope->arena, made);

        scope_forgive(scope);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_CODE(preference_token_read(scope, PREFERENCE_UNSUBSCRIBE, text_of(changed), &read),
                   NOT_FOUND);
    }
}

// What a statement does to the table of facts, if it changes rows of it; else NULL.
static const char *change_of_facts(const char *sql) {
    static const char *const words[] = {"UPDATE consent", "DELETE FROM consent"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        const char *found = strstr(sql, words[i]);
        const char *end = found ? found + strlen(words[i]) : NULL;

        if (end && (*end == ' ' || *end == '\n'))
            return end;
    }
    return NULL;
}

// Which import brought it, who it is of by now and where it lies may change; what was said may not.
TEST(no_statement_changes_what_was_said_and_only_undoing_an_import_deletes_it) {
    static const char *const said[] = {
        "purpose =",     "channel =", "state =",  "at_us =", "text_version =",
        "legal_basis =", "proof =",   "locale =", "method ="};
    int64_t changes = 0;

    for (size_t i = 0; i < sql_catalogue_count; i++) {
        const struct sql_block *block = &sql_catalogue[i];
        const char *change = block->for_ledger ? change_of_facts(block->text) : NULL;

        if (!change)
            continue;
        changes++;
        if (strstr(block->text, "DELETE FROM consent"))
            CHECK_STRING(block->name, "consent_undo");
        for (size_t k = 0; k < sizeof(said) / sizeof(*said); k++) {
            const char *set = strstr(change, said[k]);

            if (set && (!strstr(change, "WHERE") || set < strstr(change, "WHERE")))
                test_fail(__FILE__, __LINE__, "%s sets %s", block->name, said[k]);
        }
    }
    CHECK(changes >= 4);
}

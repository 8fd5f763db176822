// SPDX-License-Identifier: Apache-2.0
// The rule over many beside the rule of one, on random histories; and that a join widens nothing.
#include "govern/consent/permit.h"

#include "base/random.h"
#include "govern/consent/consent.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <inttypes.h>

enum { PEOPLE = 60, ROUNDS = 3, FACTS = 150, JOINS = 2000 };
#define YEAR_2020_US INT64_C(1577836800000000)

static const char *const purposes[] = {"newsletter", "marketing", "service", "all", "restriction"};
static const char *const channels[] = {"email", "sms", "letter", "post", "all"};

struct luck {
    uint64_t state;
};

static int64_t below(struct luck *luck, int64_t bound) {
    luck->state = random_mix(luck->state + UINT64_C(0x9e3779b97f4a7c15));
    return (int64_t)(luck->state % (uint64_t)bound);
}

// Within the open transaction.
static void make_person(struct scope *scope, struct luck *luck, int id) {
    CHECK_OK(
        ledger_exec(scope,
                    "INSERT INTO customer (id, import_id, created_at_us, street, city)"
                    " VALUES ($1, 0, 0, $2, 'Gent')",
                    BINDS(BIND_INT64(id), below(luck, 2) ? BIND_STRING("Main 1") : BIND_NULL())));
    for (int kind = 1; kind <= 2; kind++)
        for (int64_t i = below(luck, 3); i > 0; i--)
            CHECK_OK(ledger_exec(
                scope,
                "INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_at_us)"
                " VALUES ($1, $2, '', $3, $4, 0, $5)",
                BINDS(BIND_INT64(1000 + id * 10 + kind * 3 + i), BIND_INT64(kind),
                      BIND_TEXT(text_printf(&scope->arena, "a%d-%d-%" PRId64, id, kind, i)),
                      BIND_INT64(id), BIND_INT64(below(luck, 9)))));
}

static void say_something(struct scope *scope, struct luck *luck, int64_t origin) {
    const int64_t purpose = below(luck, 40) ? below(luck, 4) : 4;
    const struct consent_said said = {
        .origin = origin,
        .source = TEXT("test"),
        .purpose = text_of(purposes[purpose == 3 && below(luck, 4) ? 0 : purpose]),
        .channel = text_of(channels[below(luck, 5)]),
        .state = (enum consent_state)(1 + (below(luck, 2) ? 0 : below(luck, 6))),
        .at_us = YEAR_2020_US + below(luck, 1000)};
    int64_t id;

    if (consent_say(scope, &said, &id) != OK) // who has no identifier says nothing
        scope_forgive(scope);
}

static void suppress_something(struct scope *scope, struct luck *luck) {
    const int kind = 1 + (int)below(luck, 2);
    bool added;

    CHECK_OK(suppression_add(scope, kind == 1 ? TEXT("email") : TEXT("sms"),
                             text_printf(&scope->arena, "a%" PRId64 "-%d-%" PRId64,
                                         1 + below(luck, PEOPLE), kind, 1 + below(luck, 2)),
                             (enum suppression_reason)(1 + below(luck, 5)), TEXT("test"), &added));
}

static void join_somebody(struct scope *scope, struct luck *luck) {
    const int64_t origin = 1 + below(luck, PEOPLE), customer = 1 + below(luck, PEOPLE);

    if (origin != customer)
        CHECK_OK(ledger_exec(
            scope,
            "INSERT INTO alias (origin, customer, joined_at_us) SELECT CAST($1 AS BIGINT),"
            " CAST($2 AS BIGINT), CAST($3 AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM alias"
            " WHERE origin IN ($1, $2) OR customer = $1)",
            BINDS(BIND_INT64(origin), BIND_INT64(customer),
                  BIND_INT64(YEAR_2020_US + below(luck, 1000)))));
}

// Both ways say the same of everybody and of a part of them.
static void compare(struct scope *scope, const char *purpose, const char *channel) {
    CLEANUP(consent_rule_clear) struct consent_rule rule = {0};
    CLEANUP(consent_tally_clear) struct consent_tally all = {0};
    CLEANUP(consent_tally_clear) struct consent_tally part = {0};
    int64_t one_by_one[VERDICT_REASON_COUNT] = {0}, of_part[VERDICT_REASON_COUNT] = {0};
    int64_t asked[PEOPLE];
    size_t permitted = 0, count = 0;

    CHECK_OK(consent_rule_load(scope, text_of(purpose), text_of(channel), &rule));
    CHECK_OK(consent_count(scope, &rule, NULL, 0, true, &all));
    for (int64_t id = 1; id <= PEOPLE; id++) {
        struct consent_verdict verdict;

        CHECK_OK(consent_rule_ask(scope, &rule, id, &verdict));
        one_by_one[verdict.reason]++;
        if (verdict.is_permitted)
            CHECK_INT(all.permitted[permitted++], id);
        if (id % 3 != 0)
            continue;
        asked[count++] = id;
        of_part[verdict.reason]++;
    }
    CHECK_INT((int64_t)permitted, (int64_t)all.permitted_count);
    one_by_one[VERDICT_NO_CUSTOMER] = 0; // who became another is not asked for
    CHECK_OK(consent_count(scope, &rule, asked, count, false, &part));
    for (int reason = 0; reason < VERDICT_REASON_COUNT; reason++) {
        CHECK_INT(all.counts[reason], one_by_one[reason]);
        CHECK_INT(part.counts[reason], of_part[reason]);
    }
}

TEST(the_rule_over_many_says_what_it_says_of_each) {
    struct luck luck = {7};

    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    for (int id = 1; id <= PEOPLE; id++)
        make_person(scope, &luck, id);
    CHECK_OK(ledger_commit(scope));
    for (int round = 0; round < ROUNDS; round++) {
        CHECK_OK(ledger_begin(scope));
        for (int i = 0; i < FACTS; i++)
            say_something(scope, &luck, 1 + below(&luck, PEOPLE));
        for (int i = 0; i < 6; i++)
            suppress_something(scope, &luck);
        for (int i = 0; i < 8; i++)
            join_somebody(scope, &luck);
        CHECK_OK(ledger_commit(scope));
        CHECK_OK(lake_rebuild(scope));
        compare(scope, "newsletter", "email");
        compare(scope, "marketing", "sms");
        compare(scope, "marketing", "letter");
        compare(scope, "service", "email");
        compare(scope, "profiling", "web");
    }
}

static bool is_refusal(enum consent_reason reason) {
    return reason == VERDICT_REFUSED || reason == VERDICT_WITHDRAWN || reason == VERDICT_OBJECTED ||
           reason == VERDICT_UNCONFIRMED || reason == VERDICT_RESTRICTED;
}

static enum consent_reason ask(struct scope *scope, const struct consent_rule *rule,
                               int64_t customer) {
    struct consent_verdict verdict;

    CHECK_OK(consent_rule_ask(scope, rule, customer, &verdict));
    return verdict.reason;
}

// Joined, asked and taken apart again.
static void try_join(struct scope *scope, const struct consent_rule *rule, int64_t a, int64_t b) {
    const enum consent_reason before_a = ask(scope, rule, a), before_b = ask(scope, rule, b);

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO alias (origin, customer, joined_at_us) VALUES ($1, $2, $3)",
                         BINDS(BIND_INT64(a), BIND_INT64(b), BIND_INT64(YEAR_2020_US + 1001))));
    if (is_refusal(before_a) || is_refusal(before_b))
        CHECK(is_refusal(ask(scope, rule, b)));
    ledger_rollback(scope);
    CHECK_INT(ask(scope, rule, a), before_a);
}

TEST(what_one_of_two_refused_is_refused_of_both_when_they_are_joined) {
    CLEANUP(consent_rule_clear) struct consent_rule rule = {0};
    struct luck luck = {11};

    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    for (int id = 1; id <= PEOPLE; id++)
        make_person(scope, &luck, id);
    for (int i = 0; i < FACTS * 2; i++)
        say_something(scope, &luck, 1 + below(&luck, PEOPLE));
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(consent_rule_load(scope, TEXT("marketing"), TEXT("letter"), &rule));
    for (int i = 0; i < JOINS; i++) {
        const int64_t a = 1 + below(&luck, PEOPLE);

        try_join(scope, &rule, a, 1 + (a + below(&luck, PEOPLE - 1)) % PEOPLE);
    }
}

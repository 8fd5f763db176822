// SPDX-License-Identifier: Apache-2.0
// Suppressed addresses that come in again stay so: for one customer and in the counts over many.
#include "govern/consent/consent.h"
#include "govern/consent/permit.h"
#include "host/identity/identity.h"
#include "store/ledger.h"
#include "store/store_testing.h"

static void suppress(struct scope *scope, const char *channel, const char *address,
                     enum suppression_reason reason) {
    bool is_added;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, suppression_add(scope, text_of(channel), text_of(address), reason,
                                               TEXT("test"), &is_added)));
}

// A row of a file or of a source, with one identifier.
static struct resolution take_in(struct scope *scope, enum identifier_kind kind,
                                 const char *value) {
    const struct sighted identifier = {.kind = kind, .value = text_of(value)};
    const struct sighting sighting = {
        .identifiers = &identifier, .count = 1, .seen_at_us = scope->now_us};
    struct resolver *resolver = resolver_new();
    struct resolution resolution = {0};

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, resolver));
    CHECK_OK(ledger_end(scope, resolver_resolve(scope, resolver, &sighting, &resolution)));
    resolver_free(resolver);
    return resolution;
}

// What the rule of one says, which the counts over many say as well.
static enum consent_reason reason_of(struct scope *scope, int64_t customer, const char *purpose,
                                     const char *channel) {
    CLEANUP(consent_rule_clear) struct consent_rule rule = {0};
    struct consent_verdict verdict;
    struct consent_tally tally;

    CHECK_OK(consent_rule_load(scope, text_of(purpose), text_of(channel), &rule));
    CHECK_OK(consent_rule_ask(scope, &rule, customer, &verdict));
    CHECK_OK(consent_count(scope, &rule, &customer, 1, false, &tally));
    CHECK_INT(tally.counts[verdict.reason], 1);
    consent_tally_clear(&tally);
    return verdict.reason;
}

TEST(who_was_erased_and_comes_back_is_recognised_and_not_written_to) {
    struct resolution back, other;

    test_store(scope);
    suppress(scope, "email", "anna@example.org", SUPPRESSION_ERASED);
    suppress(scope, "sms", "+447700900123", SUPPRESSION_ERASED);
    back = take_in(scope, IDENTIFIER_EMAIL, "anna@example.org");
    other = take_in(scope, IDENTIFIER_EMAIL, "bert@example.org");
    CHECK_INT(back.erased, 1);
    CHECK_INT(other.erased, 0);
    CHECK_INT(reason_of(scope, back.customer, "service", "email"), VERDICT_SUPPRESSED);
    CHECK_INT(reason_of(scope, other.customer, "service", "email"), VERDICT_PERMITTED);
    CHECK_INT(take_in(scope, IDENTIFIER_EMAIL, "anna@example.org").erased, 0); // known by now
    back = take_in(scope, IDENTIFIER_PHONE, "+447700900123");
    CHECK_INT(back.erased, 1);
    CHECK_INT(reason_of(scope, back.customer, "service", "sms"), VERDICT_SUPPRESSED);
    CHECK_INT(reason_of(scope, back.customer, "service", "phone"), VERDICT_PERMITTED);
}

TEST(an_address_on_a_list_counts_as_suppressed_for_who_comes_in_with_it) {
    struct resolution known;

    test_store(scope);
    suppress(scope, "email", "carla@example.org", SUPPRESSION_BOUNCED);
    known = take_in(scope, IDENTIFIER_EMAIL, "carla@example.org");
    CHECK_INT(known.erased, 0);
    CHECK_INT(reason_of(scope, known.customer, "service", "email"), VERDICT_SUPPRESSED);
}

// SPDX-License-Identifier: Apache-2.0
#include "plug/import/sink.h"

#include <stddef.h>

#define COUNT(member, text)                                                                        \
    { #member, JSON_FIELD_INT64, offsetof(struct import_counts, member), false, NULL, text }
const struct json_field import_count_fields[IMPORT_COUNT_FIELDS] = {
    COUNT(customers_created, "customers not known before"),
    COUNT(customers_updated, "rows that changed a known customer"),
    COUNT(customers_joined, "customers found to be one with another"),
    COUNT(joins_refused, "joins that the guards refused"),
    COUNT(identifiers_unreadable, "identifiers set aside as unreadable"),
    COUNT(addresses_erased, "addresses of people who were erased: they stay suppressed"),
    COUNT(sales_created, "receipts"),
    COUNT(lines_added, "receipt lines"),
    COUNT(anonymous_lines, "receipt lines without a customer"),
    COUNT(refund_lines_tied, "refund lines tied to the sale they take back"),
    COUNT(products_created, "products not known before"),
    COUNT(products_updated, "rows that changed a known product"),
    COUNT(stores_created, "stores not known before"),
    COUNT(stores_updated, "rows that changed a known store"),
    COUNT(staff_created, "staff not known before"),
    COUNT(staff_updated, "rows that changed known staff"),
    COUNT(events_created, "events"),
    COUNT(consents_created, "consents"),
};
#undef COUNT

// To add a kind: a value in enum import_kind, its targets in target.c, its sink here.
sink_row sink_of(enum import_kind kind) {
    static const sink_row sinks[IMPORT_KIND_COUNT] = {
        [IMPORT_SALES] = sink_sales,       [IMPORT_CUSTOMERS] = sink_customers,
        [IMPORT_PRODUCTS] = sink_coded,    [IMPORT_STORES] = sink_coded,
        [IMPORT_STAFF] = sink_coded,       [IMPORT_EVENTS] = sink_events,
        [IMPORT_CONSENTS] = sink_consents,
    };

    return sinks[kind];
}

code sink_flush(struct scope *scope, struct sink *sink) {
    TRY(sale_writer_flush(scope, sink->sales));
    TRY(change_run_announce(scope, &sink->events));
    return change_run_announce(scope, &sink->consents);
}

// ---- who a row is about ----

// The first one that a row has carries it: the surest come first.
static const struct {
    enum target target;
    enum identifier_kind kind;
} carriers[] = {
    {TARGET_CUSTOMER_NUMBER, IDENTIFIER_CUSTOMER_NUMBER},
    {TARGET_LOYALTY_CARD, IDENTIFIER_LOYALTY_CARD},
    {TARGET_EMAIL, IDENTIFIER_EMAIL},
    {TARGET_PHONE, IDENTIFIER_PHONE},
    {TARGET_COOKIE, IDENTIFIER_COOKIE},
    {TARGET_PICKUP_CODE, IDENTIFIER_PICKUP_CODE},
    {TARGET_MESSAGE, IDENTIFIER_MESSAGE},
};
enum { CARRIER_COUNT = sizeof(carriers) / sizeof(*carriers) };

static size_t read_identifiers(struct scope *scope, struct sink *sink, const struct values *values,
                               struct sighted *identifiers, size_t *ret_unreadable,
                               enum target *ret_unreadable_target) {
    size_t count = 0;

    *ret_unreadable = 0;
    for (size_t i = 0; i < CARRIER_COUNT; i++) {
        struct sighted sighted = {.kind = carriers[i].kind};
        bool blocked;

        if (!values->has[carriers[i].target])
            continue;
        if (identifier_normalise(&scope->arena, sighted.kind, values->text[carriers[i].target],
                                 sink->country, &sighted.value, &blocked)) {
            if (identifier_rules(sighted.kind).is_of_source)
                sighted.source = sink->mapping->source;
            identifiers[count++] = sighted;
        } else if (!blocked) {
            (*ret_unreadable)++;
            *ret_unreadable_target = carriers[i].target;
        }
    }
    return count;
}

code sink_who(struct scope *scope, struct sink *sink, const struct record *record,
              const struct values *values, struct who *ret_who, bool *ret_taken,
              struct refusal *ret_refusal) {
    struct sighted identifiers[CARRIER_COUNT];
    struct sighting sighting = {
        .identifiers = identifiers, .import_id = sink->import_id, .seen_at_us = scope->now_us};
    enum target unreadable_target = TARGET_CUSTOMER_NUMBER;
    size_t unreadable;

    sighting.count =
        read_identifiers(scope, sink, values, identifiers, &unreadable, &unreadable_target);
    *ret_taken = sighting.count > 0 || unreadable == 0;
    ret_who->known = sighting.count > 0;
    if (!*ret_taken) {
        const struct target_info *info = target_info(unreadable_target);

        refusal_set(ret_refusal, "bad_identifier", info->name, "%s cannot be read", info->label);
        return OK;
    }
    if (!ret_who->known)
        return OK;
    if (sighting.count > 1)
        sighting.evidence = text_printf(&scope->arena, "%.*s row %lld", TEXT_ARG(sink->file_name),
                                        (long long)record->row);
    TRY(resolver_resolve(scope, sink->resolver, &sighting, &ret_who->resolution));
    ret_who->key = identifiers[0].value;
    sink->counts.identifiers_unreadable += (int64_t)unreadable;
    sink->counts.customers_created += ret_who->resolution.created;
    sink->counts.customers_joined += ret_who->resolution.joined;
    sink->counts.joins_refused += ret_who->resolution.kept_apart;
    sink->counts.addresses_erased += ret_who->resolution.erased;
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
// Customers, products, stores and staff: rows that say something of a subject itself.
#include "plug/import/sink.h"

#include <stdio.h>

struct fields {
    struct profile_field *list;
    size_t count;
};

static void add_field(struct fields *fields, struct text name, struct text value) {
    if (value.size > 0)
        fields->list[fields->count++] = (struct profile_field){.name = name, .value = value};
}

// Fields whose column has the name of the target, and the attributes.
static struct fields collect(struct scope *scope, const struct sink *sink,
                             const struct record *record, const struct values *values,
                             const enum target *targets, size_t target_count) {
    struct fields fields = {
        .list = arena_array(&scope->arena,
                            target_count + converter_attribute_count(sink->converter) + 4,
                            sizeof(struct profile_field))};

    for (size_t i = 0; i < target_count; i++)
        if (values->has[targets[i]])
            add_field(&fields, text_of(target_info(targets[i])->name), values->text[targets[i]]);
    for (size_t i = 0; i < converter_attribute_count(sink->converter); i++) {
        struct text name;
        const struct text value = converter_attribute(sink->converter, record->fields, i, &name);

        add_field(&fields, name, value);
    }
    return fields;
}

static struct text decimal(struct scope *scope, int64_t value) {
    return text_printf(&scope->arena, "%lld", (long long)value);
}

// ---- customers ----

static void add_name(struct scope *scope, const struct values *values, struct fields *fields) {
    const struct text given = values->text[TARGET_GIVEN_NAME],
                      family = values->text[TARGET_FAMILY_NAME];

    if (values->has[TARGET_NAME] || (given.size == 0 && family.size == 0))
        return;
    add_field(
        fields, TEXT("name"),
        text_trim(text_printf(&scope->arena, "%.*s %.*s", TEXT_ARG(given), TEXT_ARG(family))));
}

// A record that its system merged into another one is the same person as that one.
static code join_master(struct scope *scope, struct sink *sink, const struct record *record,
                        const struct values *values, const struct who *who) {
    struct sighted identifier = {.kind = IDENTIFIER_CUSTOMER_NUMBER,
                                 .source = sink->mapping->source};
    struct sighting sighting = {.identifiers = &identifier,
                                .count = 1,
                                .import_id = sink->import_id,
                                .seen_at_us = scope->now_us};
    struct resolution master;
    bool blocked;
    int64_t link_id;

    if (!values->has[TARGET_MASTER_NUMBER] ||
        !identifier_normalise(&scope->arena, identifier.kind, values->text[TARGET_MASTER_NUMBER],
                              sink->country, &identifier.value, &blocked))
        return OK;
    TRY(resolver_resolve(scope, sink->resolver, &sighting, &master));
    sink->counts.customers_created += master.created;
    if (master.customer == who->resolution.customer)
        return OK;
    TRY(identity_join(scope, master.customer, who->resolution.customer,
                      text_printf(&scope->arena, "merged in its source: %.*s row %lld",
                                  TEXT_ARG(sink->file_name), (long long)record->row),
                      &link_id));
    resolver_forget(sink->resolver);
    sink->counts.customers_joined++;
    return OK;
}

code sink_customers(struct scope *scope, struct sink *sink, const struct record *record,
                    const struct values *values, enum row_outcome *ret_outcome,
                    struct refusal *ret_refusal) {
    static const enum target targets[] = {
        TARGET_NAME,   TARGET_GIVEN_NAME, TARGET_FAMILY_NAME, TARGET_COMPANY,
        TARGET_GENDER, TARGET_LANGUAGE,   TARGET_STREET,      TARGET_POSTAL_CODE,
        TARGET_CITY,   TARGET_REGION,     TARGET_COUNTRY,
    };
    enum profile_effect effect;
    struct fields fields;
    struct who who;
    bool taken;

    *ret_outcome = ROW_REFUSED;
    TRY(sink_who(scope, sink, record, values, &who, &taken, ret_refusal));
    if (!taken)
        return OK;
    if (!who.known) {
        refusal_set(ret_refusal, "missing", "customer_number", "the row does not say who it is");
        return OK;
    }
    fields = collect(scope, sink, record, values, targets, sizeof(targets) / sizeof(*targets));
    add_name(scope, values, &fields);
    if (values->has[TARGET_BIRTH_DATE])
        add_field(&fields, TEXT("birth_day"), decimal(scope, values->number[TARGET_BIRTH_DATE]));
    TRY(profiles_put_customer(scope, sink->profiles, who.resolution.origin, sink->import_id,
                              SAID_OF_IT, fields.list, fields.count, &effect));
    TRY(join_master(scope, sink, record, values, &who));
    sink->counts.customers_updated += effect == PROFILE_UPDATED && !who.resolution.created;
    *ret_outcome =
        who.resolution.created || who.resolution.joined > 0 || effect != PROFILE_UNCHANGED
            ? ROW_ACCEPTED
            : ROW_DUPLICATE;
    return OK;
}

// ---- products, stores, staff ----

struct coded {
    enum profile_subject subject;
    enum target subject_code;
    enum target targets[8];  // ends with TARGET_COUNT
    size_t created, updated; // offsets of the counters
};

#define COUNTER(member) offsetof(struct import_counts, member)
static const struct coded *coded_of(enum import_kind kind) {
    static const struct coded products = {
        PROFILE_PRODUCT,
        TARGET_PRODUCT,
        {TARGET_NAME, TARGET_CATEGORY, TARGET_BRAND, TARGET_COUNT},
        COUNTER(products_created),
        COUNTER(products_updated),
    };
    static const struct coded stores = {
        PROFILE_STORE,
        TARGET_STORE,
        {TARGET_NAME, TARGET_CITY, TARGET_REGION, TARGET_COUNTRY, TARGET_COUNT},
        COUNTER(stores_created),
        COUNTER(stores_updated),
    };
    static const struct coded staff = {
        PROFILE_STAFF,          TARGET_STAFF,           {TARGET_NAME, TARGET_ROLE, TARGET_COUNT},
        COUNTER(staff_created), COUNTER(staff_updated),
    };

    return kind == IMPORT_PRODUCTS ? &products : kind == IMPORT_STORES ? &stores : &staff;
}
#undef COUNTER

static code add_store_of_staff(struct scope *scope, struct sink *sink, const struct values *values,
                               struct fields *fields) {
    enum profile_effect effect;
    int64_t store_id;

    if (!values->has[TARGET_STORE])
        return OK;
    TRY(profiles_put_code(scope, sink->profiles, PROFILE_STORE, values->text[TARGET_STORE],
                          sink->import_id, SAID_IN_PASSING, NULL, 0, &store_id, &effect));
    sink->counts.stores_created += effect == PROFILE_CREATED;
    add_field(fields, TEXT("store_id"), decimal(scope, store_id));
    return OK;
}

code sink_coded(struct scope *scope, struct sink *sink, const struct record *record,
                const struct values *values, enum row_outcome *ret_outcome,
                struct refusal *ret_refusal) {
    const struct coded *coded = coded_of(sink->mapping->kind);
    char *counters = (char *)&sink->counts;
    enum profile_effect effect;
    struct fields fields;
    size_t target_count = 0;
    int64_t id;

    *ret_outcome = ROW_REFUSED;
    if (!values->has[coded->subject_code]) {
        refusal_set(ret_refusal, "missing", target_info(coded->subject_code)->name,
                    "the row has no code");
        return OK;
    }
    while (coded->targets[target_count] != TARGET_COUNT)
        target_count++;
    fields = collect(scope, sink, record, values, coded->targets, target_count);
    if (coded->subject == PROFILE_PRODUCT && values->has[TARGET_VAT_RATE])
        add_field(&fields, TEXT("vat_rate_bp"), decimal(scope, values->number[TARGET_VAT_RATE]));
    if (coded->subject == PROFILE_PRODUCT && values->has[TARGET_PRICE])
        add_field(&fields, TEXT("price_micros"), decimal(scope, values->number[TARGET_PRICE]));
    if (coded->subject == PROFILE_STAFF)
        TRY(add_store_of_staff(scope, sink, values, &fields));
    TRY(profiles_put_code(scope, sink->profiles, coded->subject, values->text[coded->subject_code],
                          sink->import_id, SAID_OF_IT, fields.list, fields.count, &id, &effect));
    *(int64_t *)(void *)(counters + coded->created) += effect == PROFILE_CREATED;
    *(int64_t *)(void *)(counters + coded->updated) += effect == PROFILE_UPDATED;
    *ret_outcome = effect == PROFILE_UNCHANGED ? ROW_DUPLICATE : ROW_ACCEPTED;
    return OK;
}

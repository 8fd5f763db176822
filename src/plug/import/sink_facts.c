// SPDX-License-Identifier: Apache-2.0
// Events and consents: facts that happened once and are never changed.
#include "plug/import/sink.h"

#include <stddef.h>

static bool present(const struct values *values, enum target target, struct refusal *ret_refusal) {
    const struct target_info *info = target_info(target);

    if (values->has[target])
        return true;
    refusal_set(ret_refusal, "missing", info->name, "%s is missing", info->label);
    return false;
}

// The properties column, or what no field took, as a JSON object.
static bool properties(struct scope *scope, const struct sink *sink, const struct record *record,
                       const struct values *values, struct text *ret_properties,
                       struct refusal *ret_refusal) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    struct json *json;

    *ret_properties = values->text[TARGET_PROPERTIES];
    if (ret_properties->size > 0) {
        if (json_parse(scope, *ret_properties, &json) == OK && json->type == JSON_OBJECT)
            return true;
        scope_forgive(scope);
        refusal_set(ret_refusal, "bad_json", "properties", "properties are no JSON object");
        return false;
    }
    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    for (size_t i = 0; i < converter_attribute_count(sink->converter); i++) {
        struct text name;
        const struct text value = converter_attribute(sink->converter, record->fields, i, &name);

        if (value.size == 0)
            continue;
        json_key_text(&writer, name);
        json_write_text(&writer, value);
    }
    json_end_object(&writer);
    if (out.size > 2)
        *ret_properties = text_copy(&scope->arena, buffer_text(&out));
    return true;
}

// The product it is about is made known before it.
static code put_product(struct scope *scope, struct sink *sink, struct event_row *row) {
    enum profile_effect effect;

    if (row->product.size == 0)
        return OK;
    TRY(profiles_put_code(scope, sink->profiles, PROFILE_PRODUCT, row->product, sink->import_id,
                          SAID_IN_PASSING, NULL, 0, &row->product_id, &effect));
    sink->counts.products_created += effect == PROFILE_CREATED;
    return OK;
}

code sink_events(struct scope *scope, struct sink *sink, const struct record *record,
                 const struct values *values, enum row_outcome *ret_outcome,
                 struct refusal *ret_refusal) {
    struct event_row row = {.source = sink->mapping->source,
                            .key = values->text[TARGET_ID],
                            .at_us = values->number[TARGET_AT],
                            .name = values->text[TARGET_EVENT],
                            .channel = values->text[TARGET_CHANNEL],
                            .direction = values->text[TARGET_DIRECTION],
                            .campaign = values->text[TARGET_CAMPAIGN],
                            .product = values->text[TARGET_PRODUCT],
                            .coupon = values->text[TARGET_COUPON]};
    struct who who;
    bool taken, added;

    *ret_outcome = ROW_REFUSED;
    if (!present(values, TARGET_EVENT, ret_refusal) || !present(values, TARGET_AT, ret_refusal) ||
        !properties(scope, sink, record, values, &row.properties, ret_refusal))
        return OK;
    TRY(sink_who(scope, sink, record, values, &who, &taken, ret_refusal));
    if (!taken)
        return OK;
    if (who.known) {
        row.identifier_id = who.resolution.identifier_id;
        row.origin = who.resolution.origin;
        row.who = who.key;
    }
    TRY(put_product(scope, sink, &row));
    TRY(event_add(scope, &sink->events, sink->import_id, &row, &added));
    sink->counts.events_created += added;
    *ret_outcome = added ? ROW_ACCEPTED : ROW_DUPLICATE;
    return OK;
}

code sink_consents(struct scope *scope, struct sink *sink, const struct record *record,
                   const struct values *values, enum row_outcome *ret_outcome,
                   struct refusal *ret_refusal) {
    static const enum target required[] = {TARGET_PURPOSE, TARGET_CHANNEL, TARGET_STATE, TARGET_AT};
    struct consent_row row = {.source = sink->mapping->source,
                              .key = values->text[TARGET_ID],
                              .purpose = values->text[TARGET_PURPOSE],
                              .channel = values->text[TARGET_CHANNEL],
                              .state = (enum consent_state)values->number[TARGET_STATE],
                              .legal_basis = values->text[TARGET_LEGAL_BASIS],
                              .text_version = values->text[TARGET_TEXT_VERSION],
                              .at_us = values->number[TARGET_AT],
                              .proof = values->text[TARGET_PROOF]};
    struct who who;
    bool taken, added;

    *ret_outcome = ROW_REFUSED;
    for (size_t i = 0; i < sizeof(required) / sizeof(*required); i++)
        if (!present(values, required[i], ret_refusal))
            return OK;
    TRY(sink_who(scope, sink, record, values, &who, &taken, ret_refusal));
    if (!taken)
        return OK;
    if (!who.known) {
        refusal_set(ret_refusal, "missing", "customer_number",
                    "the row does not say whose consent it is");
        return OK;
    }
    row.identifier_id = who.resolution.identifier_id;
    row.origin = who.resolution.origin;
    row.who = who.key;
    TRY(consent_add(scope, &sink->consents, sink->import_id, &row, &added));
    sink->counts.consents_created += added;
    *ret_outcome = added ? ROW_ACCEPTED : ROW_DUPLICATE;
    return OK;
}

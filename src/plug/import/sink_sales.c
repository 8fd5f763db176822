// SPDX-License-Identifier: Apache-2.0
// Receipt lines. A row is one line, or one order with its lines as a JSON array. Lines without a
// customer are anonymous sales: they count in revenue like all others.
#include "plug/import/sink.h"

#include <stdio.h>
#include <string.h>

// ---- amounts ----

static int64_t value_or(const struct values *values, enum target target, int64_t otherwise) {
    return values->has[target] ? values->number[target] : otherwise;
}

static int64_t magnitude(int64_t micros) {
    return micros < 0 ? -micros : micros;
}

// amount ÷ quantity, rounded half away from zero; 0 for a quantity of 0 or a result that does not
// fit.
static int64_t per_unit(int64_t amount_micros, int64_t quantity_micros) {
    const __int128 scaled = (__int128)amount_micros * MICROS_PER_UNIT;
    __int128 quotient;

    if (quantity_micros == 0)
        return 0;
    quotient =
        (scaled * 2 / quantity_micros + ((scaled < 0) == (quantity_micros < 0) ? 1 : -1)) / 2;
    return quotient > INT64_MAX || quotient < INT64_MIN ? 0 : (int64_t)quotient;
}

// The amount of the line as the file states it or as quantity × price − discount gives it, with or
// without the VAT as *ret_is_net tells. False when it does not fit.
static bool stated_amount(const struct sink *sink, const struct values *values,
                          const struct sale_row *row, int64_t *ret_micros, bool *ret_is_net) {
    int64_t amount_micros;

    if (values->has[TARGET_LINE_TOTAL]) {
        *ret_is_net = false;
        *ret_micros = values->number[TARGET_LINE_TOTAL];
        return true;
    }
    if (values->has[TARGET_LINE_NET]) {
        *ret_is_net = true;
        *ret_micros = values->number[TARGET_LINE_NET];
        return true;
    }
    *ret_is_net = sink->mapping->options.prices_are_net;
    if (!micros_multiply(row->quantity_micros, row->unit_price_micros, &amount_micros))
        return false;
    return !__builtin_sub_overflow(amount_micros,
                                   amount_micros < 0 ? -row->discount_micros : row->discount_micros,
                                   ret_micros);
}

static void split_vat(const struct values *values, struct sale_row *row, int64_t amount_micros,
                      bool amount_is_net) {
    const int32_t rate_bp = row->vat_rate_bp > 0 ? row->vat_rate_bp : 0;

    if (amount_is_net) {
        row->net_micros = amount_micros;
        row->vat_micros = value_or(values, TARGET_VAT, vat_on_net_micros(amount_micros, rate_bp));
        row->gross_micros = row->net_micros + row->vat_micros;
        return;
    }
    row->gross_micros = amount_micros;
    row->vat_micros = values->has[TARGET_LINE_NET] ? amount_micros - values->number[TARGET_LINE_NET]
                                                   : vat_in_gross_micros(amount_micros, rate_bp);
    row->vat_micros = value_or(values, TARGET_VAT, row->vat_micros);
    row->net_micros = row->gross_micros - row->vat_micros;
}

// A refund that the file writes with positive figures takes them back all the same.
static void turn_refund(struct sale_row *row) {
    if (row->kind != SALE_KIND_REFUND || row->quantity_micros < 0 || row->gross_micros < 0)
        return;
    row->quantity_micros = -row->quantity_micros;
    row->net_micros = -row->net_micros;
    row->vat_micros = -row->vat_micros;
    row->gross_micros = -row->gross_micros;
}

static bool set_amounts(const struct sink *sink, const struct values *values, struct sale_row *row,
                        struct refusal *ret_refusal) {
    // Far below what int64 holds, so that sums of a receipt and VAT on top still fit.
    static const int64_t largest_micros = INT64_MAX / 1000;
    int64_t amount_micros;
    bool amount_is_net;

    row->quantity_micros = value_or(values, TARGET_QUANTITY, MICROS_PER_UNIT);
    row->unit_price_micros = value_or(values, TARGET_UNIT_PRICE, 0);
    row->discount_micros = value_or(values, TARGET_DISCOUNT, 0);
    row->vat_rate_bp =
        (int32_t)value_or(values, TARGET_VAT_RATE, sink->mapping->options.vat_rate_bp);
    if (magnitude(row->quantity_micros) > largest_micros ||
        magnitude(row->unit_price_micros) > largest_micros ||
        magnitude(row->discount_micros) > largest_micros ||
        magnitude(value_or(values, TARGET_VAT, 0)) > largest_micros ||
        magnitude(value_or(values, TARGET_LINE_NET, 0)) > largest_micros) {
        refusal_set(ret_refusal, "too_large", "quantity", "a figure of the line is too large");
        return false;
    }
    row->discount_micros = magnitude(row->discount_micros);
    if (!values->has[TARGET_UNIT_PRICE] && !values->has[TARGET_LINE_TOTAL] &&
        !values->has[TARGET_LINE_NET]) {
        refusal_set(ret_refusal, "missing", "unit_price", "the line has no amount");
        return false;
    }
    if (!stated_amount(sink, values, row, &amount_micros, &amount_is_net) ||
        magnitude(amount_micros) > largest_micros) {
        refusal_set(ret_refusal, "too_large", "line_total", "the line's amount is too large");
        return false;
    }
    split_vat(values, row, amount_micros, amount_is_net);
    if (!values->has[TARGET_UNIT_PRICE])
        row->unit_price_micros = per_unit(amount_micros, row->quantity_micros);
    turn_refund(row);
    return true;
}

// ---- the receipt ----

static enum sale_kind stated_kind(const struct mapping_options *options,
                                  const struct values *values, struct text number) {
    const char first = number.size > 0 ? number.data[0] : '0';

    if (values->has[TARGET_KIND])
        return (enum sale_kind)values->number[TARGET_KIND];
    if (options->refund_prefix.size > 0 && text_starts_with(number, options->refund_prefix))
        return SALE_KIND_REFUND;
    if (options->other_prefix_is_adjustment &&
        ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z')))
        return SALE_KIND_ADJUSTMENT;
    return SALE_KIND_UNSTATED;
}

static code put_code(struct scope *scope, struct sink *sink, enum profile_subject subject,
                     struct text value, int64_t *counter, int64_t *ret_id) {
    enum profile_effect effect;

    if (value.size == 0)
        return OK;
    TRY(profiles_put_code(scope, sink->profiles, subject, value, sink->import_id, SAID_IN_PASSING,
                          NULL, 0, ret_id, &effect));
    *counter += effect == PROFILE_CREATED;
    return OK;
}

static code set_receipt(struct scope *scope, struct sink *sink, const struct values *values,
                        const struct who *who, struct sale_row *row) {
    row->source = sink->mapping->source;
    row->number = values->text[TARGET_RECEIPT];
    row->kind = stated_kind(&sink->mapping->options, values, row->number);
    row->sold_at_us = values->number[TARGET_SOLD_AT];
    row->till = values->text[TARGET_TILL];
    row->channel = values->text[TARGET_CHANNEL];
    row->currency = values->has[TARGET_CURRENCY] ? values->text[TARGET_CURRENCY] : sink->currency;
    row->country = values->text[TARGET_COUNTRY];
    row->payment = values->text[TARGET_PAYMENT];
    row->refund_of = values->text[TARGET_REFUND_OF];
    if (who->known) {
        row->identifier_id = who->resolution.identifier_id;
        row->origin = who->resolution.origin;
        row->customer_key = who->key;
    }
    TRY(put_code(scope, sink, PROFILE_STORE, values->text[TARGET_STORE],
                 &sink->counts.stores_created, &row->store_id));
    return put_code(scope, sink, PROFILE_STAFF, values->text[TARGET_CASHIER],
                    &sink->counts.staff_created, &row->cashier_id);
}

// A receipt's country is the customer's until something better is known.
static code say_country(struct scope *scope, struct sink *sink, const struct who *who,
                        struct text country) {
    const struct profile_field field = {.name = TEXT("country"), .value = country};
    enum profile_effect effect;

    if (!who->known || country.size == 0 || country.size >= sizeof(sink->last_country))
        return OK;
    if (sink->last_origin == who->resolution.origin && text_is(country, sink->last_country))
        return OK;
    sink->last_origin = who->resolution.origin;
    snprintf(sink->last_country, sizeof(sink->last_country), "%.*s", TEXT_ARG(country));
    return profiles_put_customer(scope, sink->profiles, who->resolution.origin, sink->import_id,
                                 SAID_IN_PASSING, &field, 1, &effect);
}

// ---- the line ----

// Lines that sell nothing (write-offs, corrections) carry remarks where others carry the product's
// name.
static code put_product(struct scope *scope, struct sink *sink, const struct values *values,
                        struct sale_row *row) {
    const bool sells = row->quantity_micros > 0 && row->gross_micros > 0;
    const struct profile_field fields[] = {
        {.name = TEXT("name"), .value = values->text[TARGET_PRODUCT_NAME]},
        {.name = TEXT("category"), .value = values->text[TARGET_CATEGORY]},
    };
    enum profile_effect effect;

    row->product_code = values->text[TARGET_PRODUCT];
    row->coupon = values->text[TARGET_COUPON];
    if (row->product_code.size == 0)
        return OK;
    TRY(profiles_put_code(scope, sink->profiles, PROFILE_PRODUCT, row->product_code,
                          sink->import_id, SAID_IN_PASSING, fields, sells ? 2 : 0, &row->product_id,
                          &effect));
    sink->counts.products_created += effect == PROFILE_CREATED;
    return OK;
}

static code add_line(struct scope *scope, struct sink *sink, const struct values *values,
                     struct sale_row *row, bool *ret_added) {
    enum sale_effect effect;

    TRY(put_product(scope, sink, values, row));
    TRY(sale_writer_add(scope, sink->sales, row, &effect));
    sink->counts.sales_created += effect == SALE_CREATED;
    sink->counts.lines_added += effect != SALE_LINE_REPEATED;
    sink->counts.anonymous_lines += effect != SALE_LINE_REPEATED && row->identifier_id == 0;
    *ret_added = effect != SALE_LINE_REPEATED;
    return OK;
}

// ---- an order with its lines ----

// The members of a line that Segment's e-commerce events and similar exports use.
static const struct {
    const char *member;
    enum target target;
    enum target_type type;
} line_members[] = {
    {"product_id", TARGET_PRODUCT, TARGET_TYPE_TEXT},
    {"sku", TARGET_PRODUCT, TARGET_TYPE_TEXT},
    {"name", TARGET_PRODUCT_NAME, TARGET_TYPE_TEXT},
    {"category", TARGET_CATEGORY, TARGET_TYPE_TEXT},
    {"quantity", TARGET_QUANTITY, TARGET_TYPE_QUANTITY},
    {"price", TARGET_UNIT_PRICE, TARGET_TYPE_MONEY},
    {"discount", TARGET_DISCOUNT, TARGET_TYPE_MONEY},
    {"coupon", TARGET_COUPON, TARGET_TYPE_TEXT},
    {"vat_rate", TARGET_VAT_RATE, TARGET_TYPE_RATE},
};

static bool read_line(struct scope *scope, const struct json *line, struct values *values,
                      struct refusal *ret_refusal) {
    for (size_t i = 0; i < sizeof(line_members) / sizeof(*line_members); i++) {
        const enum target target = line_members[i].target;
        const struct json *member = json_member(line, line_members[i].member);
        const struct text text =
            member ? json_scalar_text(&scope->arena, member) : (struct text){0};
        int32_t rate_bp = 0;
        bool readable = true;

        if (text.size == 0)
            continue;
        values->text[target] = text;
        values->has[target] = true;
        if (line_members[i].type == TARGET_TYPE_RATE) {
            readable = rate_bp_parse(text, false, &rate_bp);
            values->number[target] = rate_bp;
        } else if (line_members[i].type != TARGET_TYPE_TEXT) {
            readable = micros_parse(text, DECIMAL_POINT, &values->number[target]);
        }
        if (!readable) {
            refusal_set(ret_refusal, "bad_number", "lines", "lines: %s \"%.*s\" is no number",
                        line_members[i].member, text.size < 60 ? (int)text.size : 60, text.data);
            return false;
        }
    }
    return true;
}

static const struct json *read_lines(struct scope *scope, const struct values *values,
                                     struct refusal *ret_refusal) {
    struct json *json;

    if (json_parse(scope, values->text[TARGET_LINES], &json) == OK && json->type == JSON_ARRAY &&
        json->count > 0)
        return json;
    scope_forgive(scope);
    refusal_set(ret_refusal, "bad_lines", "lines", "lines are no JSON array of at least one line");
    return NULL;
}

// The lines of one row, read in full before anything is written: a refused row leaves nothing
// behind.
struct lines {
    const struct values **values;
    struct sale_row *rows; // amounts and kind only
    size_t count;
};

static bool read_order(struct scope *scope, const struct sink *sink, const struct values *values,
                       const struct json *json, struct lines *lines, struct refusal *ret_refusal) {
    for (const struct json *line = json->first; line; line = line->next) {
        struct values *each = arena_copy(&scope->arena, values, sizeof(*values));

        lines->values[lines->count] = each;
        lines->rows[lines->count].kind = lines->rows[0].kind;
        if (!read_line(scope, line, each, ret_refusal) ||
            !set_amounts(sink, each, &lines->rows[lines->count], ret_refusal))
            return false;
        lines->count++;
    }
    return true;
}

static bool prepare(struct scope *scope, const struct sink *sink, const struct values *values,
                    struct lines *lines, struct refusal *ret_refusal) {
    const struct json *json = NULL;

    if (!values->has[TARGET_SOLD_AT]) {
        refusal_set(ret_refusal, "missing", "sold_at", "the line has no date");
        return false;
    }
    if (values->has[TARGET_LINES] && !(json = read_lines(scope, values, ret_refusal)))
        return false;
    lines->values = arena_array(&scope->arena, json ? json->count : 1, sizeof(struct values *));
    lines->rows = arena_array(&scope->arena, json ? json->count : 1, sizeof(*lines->rows));
    lines->rows[0].kind =
        stated_kind(&sink->mapping->options, values, values->text[TARGET_RECEIPT]);
    if (json)
        return read_order(scope, sink, values, json, lines, ret_refusal);
    lines->values[lines->count++] = values;
    return set_amounts(sink, values, &lines->rows[0], ret_refusal);
}

static struct sale_row with_amounts(const struct sale_row *receipt, const struct sale_row *line) {
    struct sale_row row = *receipt;

    row.quantity_micros = line->quantity_micros;
    row.unit_price_micros = line->unit_price_micros;
    row.discount_micros = line->discount_micros;
    row.vat_rate_bp = line->vat_rate_bp;
    row.net_micros = line->net_micros;
    row.vat_micros = line->vat_micros;
    row.gross_micros = line->gross_micros;
    return row;
}

code sink_sales(struct scope *scope, struct sink *sink, const struct record *record,
                const struct values *values, enum row_outcome *ret_outcome,
                struct refusal *ret_refusal) {
    struct sale_row receipt = {0};
    struct lines lines = {0};
    struct who who;
    bool taken;

    *ret_outcome = ROW_REFUSED;
    if (!prepare(scope, sink, values, &lines, ret_refusal))
        return OK;
    TRY(sink_who(scope, sink, record, values, &who, &taken, ret_refusal));
    if (!taken)
        return OK;
    TRY(set_receipt(scope, sink, values, &who, &receipt));
    TRY(say_country(scope, sink, &who, values->text[TARGET_COUNTRY]));
    *ret_outcome = ROW_DUPLICATE;
    for (size_t i = 0; i < lines.count; i++) {
        struct sale_row row = with_amounts(&receipt, &lines.rows[i]);
        bool added;

        TRY(add_line(scope, sink, lines.values[i], &row, &added));
        if (added)
            *ret_outcome = ROW_ACCEPTED;
    }
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
// What tills ask of coupons, and the pictures of them in e-mails.
#include "push/coupon/coupon.h"
#include "push/coupon/coupon_http.h"
#include "store/ledger.h"

#include <math.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

const struct route_parameter coupon_check_parameters[] = {
    {.name = "amount",
     .type = PARAMETER_TEXT,
     .help = "of the receipt, gross: is it above the coupon's minimum?"},
    PARAMETERS_END,
};

#define CHECK_MEMBERS                                                                              \
    {.name = "coupon", ANSWER_TEXT, "as it was understood"},                                       \
        {.name = "is_valid", ANSWER_BOOL, "it may be redeemed now"},                               \
        {.name = "answer",                                                                         \
         ANSWER_TEXT,                                                                              \
         "valid, unknown, misread, void, used, early, late or too_little"},                        \
        {.name = "series", ANSWER_TEXT, "of a known one", .is_optional = true},                    \
        {.name = "gives", ANSWER_TEXT, "for people", .is_optional = true},                         \
        {.name = "terms", ANSWER_OBJECT, "what it gives", .is_optional = true}, {                  \
        .name = "redeemed", ANSWER_INTEGER, "times until now", .is_optional = true                 \
    }

const struct route_answer coupon_check_answer = {.type = ANSWER_OBJECT,
                                                 .members = ANSWER_MEMBERS(CHECK_MEMBERS)};
const struct route_answer coupon_redeem_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        CHECK_MEMBERS,
        {.name = "is_repeat", ANSWER_BOOL, .help = "this key had redeemed it already"}),
};

static void write_check(struct scope *scope, struct response *response,
                        const struct coupon_check *check) {
    struct json_writer *writer = &response->writer;

    json_key(writer, "coupon");
    json_write_text(writer, coupon_code_shown(&scope->arena, check->coupon));
    json_key(writer, "is_valid");
    json_write_bool(writer, check->answer == COUPON_VALID);
    json_key(writer, "answer");
    json_write_string(writer, coupon_answer_name(check->answer));
    if (check->answer == COUPON_UNKNOWN || check->answer == COUPON_MISREAD)
        return;
    json_key(writer, "series");
    json_write_text(writer, check->series.name);
    json_key(writer, "gives");
    json_write_text(writer, coupon_title(scope, &check->series.terms));
    json_key(writer, "terms");
    json_write_record(writer, coupon_terms_fields, coupon_terms_field_count, &check->series.terms);
    json_key(writer, "redeemed");
    json_write_int64(writer, check->redeemed_count);
}

// -1: not said.
static code read_amount(struct scope *scope, const char *field, struct text raw,
                        int64_t *ret_micros) {
    double amount;

    *ret_micros = -1;
    if (raw.size == 0)
        return OK;
    if (!text_to_double(raw, &amount) || !(amount >= 0 && amount <= 1e9))
        return scope_fail_field(scope, INVALID, field, "\"%.*s\" is no amount", TEXT_ARG(raw));
    *ret_micros = llround(amount * 1e6);
    return OK;
}

code coupon_http_check(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct coupon_check check;
    int64_t amount_micros;

    TRY(read_amount(scope, "amount", request_text(request, "amount"), &amount_micros));
    TRY(coupon_look(scope, request_text(request, "code"), amount_micros, &check));
    json_begin_object(&response->writer);
    write_check(scope, response, &check);
    json_end_object(&response->writer);
    return OK;
}

struct redeem_body {
    struct text key, receipt, currency;
    double amount, discount;
};
#define AT(member) offsetof(struct redeem_body, member)
static const struct json_field redeem_fields[] = {
    {"key", JSON_FIELD_TEXT, AT(key), true, NULL,
     "the till's own name for this redemption: the same key is redeemed once"},
    {"receipt", JSON_FIELD_TEXT, AT(receipt), false, NULL, "the receipt's number"},
    {"amount", JSON_FIELD_DOUBLE, AT(amount), false, NULL, "of the receipt, gross"},
    {"discount", JSON_FIELD_DOUBLE, AT(discount), false, NULL, "what the coupon took off"},
    {"currency", JSON_FIELD_TEXT, AT(currency), false, NULL, "ISO 4217"},
};
#undef AT
const struct route_body coupon_redeem_body = {.fields = redeem_fields,
                                              .field_count = COUNT_OF(redeem_fields)};

// NaN: the till says none.
static code read_micros(struct scope *scope, const char *field, double amount,
                        int64_t *ret_micros) {
    if (!isnan(amount) && !(amount >= 0 && amount <= 1e9))
        return scope_fail_field(scope, INVALID, field, "%g is no amount", amount);
    *ret_micros = isnan(amount) ? -1 : llround(amount * 1e6);
    return OK;
}

code coupon_http_redeem(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct redeem_body body = {.amount = NAN, .discount = NAN};
    struct coupon_request redeemed;
    struct coupon_check check;
    bool is_repeat;

    TRY(json_read_record(scope, request->body, redeem_fields, COUNT_OF(redeem_fields), &body));
    redeemed = (struct coupon_request){
        .key = body.key, .receipt = body.receipt, .currency = body.currency};
    TRY(read_micros(scope, "amount", body.amount, &redeemed.amount_micros));
    TRY(read_micros(scope, "discount", body.discount, &redeemed.discount_micros));
    TRY(ledger_begin(scope));
    TRY(ledger_end(
        scope, coupon_redeem(scope, request_text(request, "code"), &redeemed, &check, &is_repeat)));
    json_begin_object(&response->writer);
    write_check(scope, response, &check);
    json_key(&response->writer, "is_repeat");
    json_write_bool(&response->writer, is_repeat);
    json_end_object(&response->writer);
    return OK;
}

code coupon_http_void(struct scope *scope, const struct request *request,
                      struct response *response) {
    const struct text coupon = request_text(request, "code");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, coupon_void(scope, coupon)));
    response_done(response, "changed", coupon);
    return OK;
}

const struct route_answer coupon_picture_answer = {.type = ANSWER_FILE, .help = "PNG or SVG"};

code coupon_http_picture(struct scope *scope, const struct request *request,
                         struct response *response) {
    TRY(coupon_picture_draw(scope, request_text(request, "token"), &response->body,
                            &response->content_type));
    return response_header(scope, response, "Cache-Control",
                           TEXT("public, max-age=31536000, immutable"));
}

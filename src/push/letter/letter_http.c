// SPDX-License-Identifier: Apache-2.0
#include "push/letter/letter_http.h"

#include "push/letter/letter_coupon.h"
#include "push/letter/stationery.h"
#include "store/ledger.h"

#include <stddef.h>
#include <stdlib.h>

const struct route_body letter_stationery_body = {
    .fields = letter_stationery_fields,
    .field_count = 14,
    .words = "what is absent is as it was",
};
const struct route_answer letter_stationery_answer = {
    .type = ANSWER_OBJECT, .help = "format, font, letterhead, lines, paper, prices of postage"};

static void write(struct response *response, const struct letter_stationery *stationery) {
    json_write_record(&response->writer, letter_stationery_fields, letter_stationery_field_count,
                      stationery);
}

code letter_http_stationery(struct scope *scope, const struct request *request,
                            struct response *response) {
    struct letter_stationery stationery;

    (void)request;
    TRY(letter_stationery_load(scope, &stationery));
    write(response, &stationery);
    return OK;
}

code letter_http_stationery_save(struct scope *scope, const struct request *request,
                                 struct response *response) {
    struct letter_stationery stationery;

    TRY(letter_stationery_load(scope, &stationery));
    TRY(json_read_record(scope, request->body, letter_stationery_fields,
                         letter_stationery_field_count, &stationery));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, letter_stationery_save(scope, &stationery)));
    write(response, &stationery);
    return OK;
}

// ---- a letter to look at ----

struct preview_body {
    struct text subject, body, address;
};
#define AT(member) offsetof(struct preview_body, member)
static const struct json_field preview_fields[] = {
    {"body", JSON_FIELD_TEXT, AT(body), true, NULL, "paragraphs; marks as docs/letters.md tells"},
    {"subject", JSON_FIELD_TEXT, AT(subject), false, NULL, "the line above them"},
    {"address", JSON_FIELD_TEXT, AT(address), false, NULL, "lines of the address"},
};
#undef AT
const struct route_body letter_preview_body = {
    .fields = preview_fields, .field_count = sizeof(preview_fields) / sizeof(*preview_fields)};
const struct route_answer letter_preview_answer = {.type = ANSWER_FILE, .help = "PDF"};

// As it would be printed, with a code that nobody has.
static code show_coupon(struct scope *scope, struct letter *letter, struct letter_coupon *coupon) {
    struct coupon_series series;
    bool is_found;

    TRY(letter_coupon_find(scope, letter, &series, &is_found));
    if (is_found)
        letter_coupon_place(scope, &series,
                            series.shared_code.size > 0 ? series.shared_code : TEXT("K7HQ3MXW9TRC"),
                            letter, coupon);
    return OK;
}

static code print(struct scope *scope, const struct letter *letter, FILE *out) {
    CLEANUP(letter_writer_close) struct letter_writer *writer = NULL;
    struct letter_stationery stationery;
    struct letter_style style;
    int pages;

    TRY(letter_stationery_load(scope, &stationery));
    TRY(letter_stationery_style(scope, &stationery, scope->now_us, &style));
    TRY(letter_writer_open(scope, &style, out, &writer));
    TRY(letter_writer_add(scope, writer, letter, &pages));
    return letter_writer_end(scope, writer);
}

code letter_http_preview(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct preview_body body = {.address = TEXT("Erika Mustermann\nMusterstraße 1\n12345 Berlin")};
    struct text lines[LETTER_ADDRESS_LINES];
    struct letter letter = {.address = lines};
    struct letter_coupon coupon;
    char *bytes = NULL;
    size_t size = 0;
    FILE *out;
    code result;

    TRY(json_read_record(scope, request->body, preview_fields,
                         sizeof(preview_fields) / sizeof(*preview_fields), &body));
    while (body.address.size > 0 && letter.address_count < LETTER_ADDRESS_LINES)
        lines[letter.address_count++] = text_split(body.address, '\n', &body.address);
    letter.subject = body.subject;
    letter.body = body.body;
    TRY(letter_coupon_check(scope, letter.body));
    TRY(show_coupon(scope, &letter, &coupon));
    out = open_memstream(&bytes, &size);
    if (!out)
        return scope_fail(scope, UNAVAILABLE, "no memory for a letter");
    result = print(scope, &letter, out);
    fclose(out);
    if (result == OK)
        buffer_add(&response->body, bytes, size);
    free(bytes);
    TRY(result);
    response->content_type = "application/pdf";
    return response_attachment(scope, response, TEXT("letter.pdf"));
}

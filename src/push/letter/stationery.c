// SPDX-License-Identifier: Apache-2.0
#include "push/letter/stationery.h"

#include "base/base64.h"
#include "govern/audit/audit.h"
#include "letter_sql.h"
#include "push/letter/postage.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <stddef.h>

#define AT(member) offsetof(struct letter_stationery, member)
const struct json_field letter_stationery_fields[] = {
    {"format", JSON_FIELD_ENUM, AT(format), false, letter_format_names,
     "which envelope the address shows in"},
    {"font", JSON_FIELD_TEXT, AT(font), false, NULL, "an installed family; DejaVu Sans"},
    {"size", JSON_FIELD_DOUBLE, AT(size_pt), false, NULL, "of the type, 8 to 14 points; 10.5"},
    {"language", JSON_FIELD_TEXT, AT(language), false, NULL, "of dates and hyphens: \"de\""},
    {"company", JSON_FIELD_TEXT, AT(company), false, NULL, "the name at the head"},
    {"contact", JSON_FIELD_TEXT, AT(contact), false, NULL, "lines at the right of the head"},
    {"logo", JSON_FIELD_TEXT, AT(logo_png), false, NULL, "a PNG in base64, instead of the name"},
    {"sender", JSON_FIELD_TEXT, AT(sender), false, NULL, "the small line above the address"},
    {"footer", JSON_FIELD_TEXT, AT(footer), false, NULL, "lines at the foot of the first page"},
    {"page_word", JSON_FIELD_TEXT, AT(page_word), false, NULL, "\"Page\", before its number"},
    {"paper_gsm", JSON_FIELD_DOUBLE, AT(paper_gsm), false, NULL, "grams per square metre; 80"},
    {"envelope_grams", JSON_FIELD_DOUBLE, AT(envelope_grams), false, NULL, "5"},
    {"duplex", JSON_FIELD_BOOL, AT(is_duplex), false, NULL, "printed on both sides"},
    {"postage", JSON_FIELD_JSON, AT(postage), false, NULL,
     "prices by country and weight: {\"country\", \"most_grams\", \"price\", \"currency\", "
     "\"from\"}"},
};
#undef AT
const size_t letter_stationery_field_count =
    sizeof(letter_stationery_fields) / sizeof(*letter_stationery_fields);

static code usual(struct scope *scope, struct letter_stationery *ret_stationery) {
    struct settings settings;

    TRY(settings_load(scope, &settings));
    *ret_stationery = (struct letter_stationery){
        .format = text_is(settings.country, "US") || text_is(settings.country, "CA") ? LETTER_US
                                                                                     : LETTER_DIN_B,
        .page_word = TEXT("Page"),
        .language = TEXT("en"),
        .size_pt = 10.5,
        .paper_gsm = 80,
        .envelope_grams = 5};
    return OK;
}

code letter_stationery_load(struct scope *scope, struct letter_stationery *ret_stationery) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct letter_stationery stationery;
    struct json *definition;
    bool found;

    TRY(usual(scope, &stationery));
    TRY(ledger_find(scope, sql_letter_stationery_find, NO_BINDS, &rows, &found));
    if (found) {
        TRY(json_parse_own(scope, text_copy(&scope->arena, rows_text(rows, 0)), &definition));
        TRY(json_read_record(scope, definition, letter_stationery_fields,
                             letter_stationery_field_count, &stationery));
    }
    *ret_stationery = stationery;
    return OK;
}

code letter_stationery_style(struct scope *scope, const struct letter_stationery *stationery,
                             int64_t created_at_us, struct letter_style *ret_style) {
    struct text logo = {0};

    if (stationery->logo_png.size > 0 &&
        !base64_decode(&scope->arena, stationery->logo_png, BASE64_STANDARD, &logo))
        return scope_fail_field(scope, INVALID, "logo", "the logo is not written in base64");
    *ret_style = (struct letter_style){.format = (enum letter_format)stationery->format,
                                       .font = stationery->font,
                                       .size_pt = stationery->size_pt,
                                       .language = stationery->language,
                                       .company = stationery->company,
                                       .contact = stationery->contact,
                                       .logo = logo,
                                       .sender = stationery->sender,
                                       .footer = stationery->footer,
                                       .page_word = stationery->page_word,
                                       .created_at_us = created_at_us};
    return OK;
}

// A letter is printed to nowhere: what the writer refuses is refused here.
static code try_out(struct scope *scope, const struct letter_stationery *stationery) {
    CLEANUP(letter_writer_close) struct letter_writer *writer = NULL;
    struct letter_style style;
    struct postage ignored;
    bool is_known;
    FILE *out;
    code result;

    if (!(stationery->paper_gsm >= 40 && stationery->paper_gsm <= 400) ||
        !(stationery->envelope_grams >= 0 && stationery->envelope_grams <= 200))
        return scope_fail_field(scope, INVALID, "paper_gsm",
                                "paper has from 40 to 400 g/m², an envelope at most 200 g");
    TRY(postage_find(scope, stationery->postage, "DE", 1, "2000-01-01", &ignored, &is_known));
    TRY(letter_stationery_style(scope, stationery, 0, &style));
    out = fopen("/dev/null", "w");
    if (!out)
        return scope_fail(scope, UNAVAILABLE, "/dev/null cannot be opened");
    result = letter_writer_open(scope, &style, out, &writer);
    letter_writer_close(&writer);
    fclose(out);
    return result;
}

code letter_stationery_save(struct scope *scope, const struct letter_stationery *stationery) {
    CLEANUP(buffer_clear) struct buffer definition = {0};
    struct json_writer writer;

    TRY(try_out(scope, stationery));
    json_writer_init(&writer, &definition);
    json_write_record(&writer, letter_stationery_fields, letter_stationery_field_count, stationery);
    TRY(ledger_exec(scope, sql_letter_stationery_save,
                    BINDS(BIND_TEXT(buffer_text(&definition)), BIND_INT64(scope->now_us))));
    return audit_append(scope, "letter_stationery.change", TEXT("stationery"), TEXT("{}"));
}

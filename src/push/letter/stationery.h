// SPDX-License-Identifier: Apache-2.0
// What all letters of a store look like: format, letterhead, lines, the paper's weight. Kept in the
// ledger as one JSON object.
#pragma once

#include "push/letter/letter.h"

#include "base/json.h"

struct letter_stationery {
    int format; // enum letter_format
    struct text font, language, company, contact, sender, footer, page_word;
    double size_pt;
    struct text logo_png;       // base64
    double paper_gsm;           // 80
    double envelope_grams;      // 5
    bool is_duplex;             // printed on both sides
    const struct json *postage; // prices (push/letter/postage.h); NULL: none but those known
};
extern const struct json_field letter_stationery_fields[];
extern const size_t letter_stationery_field_count;

// As it was kept, or the usual: DIN 5008 form B, US No. 10 where the store is in the US or Canada.
code letter_stationery_load(struct scope *scope, struct letter_stationery *ret_stationery);
// Checks that a letter can be printed on it. In the open transaction. INVALID.
code letter_stationery_save(struct scope *scope, const struct letter_stationery *stationery);
// As the writer wants it; texts are the stationery's or the scope's.
code letter_stationery_style(struct scope *scope, const struct letter_stationery *stationery,
                             int64_t created_at_us, struct letter_style *ret_style);

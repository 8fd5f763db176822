// SPDX-License-Identifier: Apache-2.0
// Every filter of the language, in one table.
//
// To add one: its function in one of the liquid_filter_*.c, a row here in the order of the names
// and one in liquid_words.c, an example in liquid_filter_test.c and in docs/templates.md.
#include "push/template/liquid_filter.h"

// clang-format off
static const struct liquid_filter_entry filters[] = {
    {"abs",            0, 0, filter_abs,            RESULT_OTHER, false},
    {"append",         1, 1, filter_append,         RESULT_OTHER, false},
    {"at_least",       1, 1, filter_at_least,       RESULT_OTHER, false},
    {"at_most",        1, 1, filter_at_most,        RESULT_OTHER, false},
    {"base64_decode",  0, 0, filter_base64_decode,  RESULT_OTHER, false},
    {"base64_encode",  0, 0, filter_base64_encode,  RESULT_OTHER, false},
    {"capitalize",     0, 0, filter_capitalize,     RESULT_OTHER, false},
    {"ceil",           0, 0, filter_ceil,           RESULT_OTHER, false},
    {"compact",        0, 1, filter_compact,        RESULT_SAME,  false},
    {"concat",         1, 1, filter_concat,         RESULT_SAME,  false},
    {"date",           1, 2, filter_date,           RESULT_OTHER, false},
    {"default",        0, 2, filter_default,        RESULT_OTHER, true},
    {"divided_by",     1, 1, filter_divided_by,     RESULT_OTHER, false},
    {"downcase",       0, 0, filter_downcase,       RESULT_OTHER, false},
    {"escape",         0, 0, filter_escape,         RESULT_OTHER, true},
    {"escape_once",    0, 0, filter_escape_once,    RESULT_OTHER, true},
    {"find",           1, 2, filter_find,           RESULT_ITEM,  false},
    {"find_index",     1, 2, filter_find_index,     RESULT_OTHER, false},
    {"first",          0, 0, filter_first,          RESULT_ITEM,  false},
    {"floor",          0, 0, filter_floor,          RESULT_OTHER, false},
    {"has",            1, 2, filter_has,            RESULT_OTHER, false},
    {"join",           0, 1, filter_join,           RESULT_OTHER, false},
    {"json",           0, 0, filter_json,           RESULT_OTHER, false},
    {"last",           0, 0, filter_last,           RESULT_ITEM,  false},
    {"lstrip",         0, 0, filter_lstrip,         RESULT_OTHER, false},
    {"map",            1, 1, filter_map,            RESULT_OTHER, false},
    {"minus",          1, 1, filter_minus,          RESULT_OTHER, false},
    {"modulo",         1, 1, filter_modulo,         RESULT_OTHER, false},
    {"money",          0, 1, filter_money,          RESULT_OTHER, false},
    {"newline_to_br",  0, 0, filter_newline_to_br,  RESULT_OTHER, true},
    {"number",         0, 1, filter_number,         RESULT_OTHER, false},
    {"percent",        0, 1, filter_percent,        RESULT_OTHER, false},
    {"pluralize",      2, 2, filter_pluralize,      RESULT_OTHER, false},
    {"plus",           1, 1, filter_plus,           RESULT_OTHER, false},
    {"prepend",        1, 1, filter_prepend,        RESULT_OTHER, false},
    {"raw",            0, 0, filter_raw,            RESULT_OTHER, true},
    {"reject",         1, 2, filter_reject,         RESULT_SAME,  false},
    {"remove",         1, 1, filter_remove,         RESULT_OTHER, false},
    {"remove_first",   1, 1, filter_remove_first,   RESULT_OTHER, false},
    {"remove_last",    1, 1, filter_remove_last,    RESULT_OTHER, false},
    {"replace",        1, 2, filter_replace,        RESULT_OTHER, false},
    {"replace_first",  1, 2, filter_replace_first,  RESULT_OTHER, false},
    {"replace_last",   1, 2, filter_replace_last,   RESULT_OTHER, false},
    {"reverse",        0, 0, filter_reverse,        RESULT_SAME,  false},
    {"round",          0, 1, filter_round,          RESULT_OTHER, false},
    {"rstrip",         0, 0, filter_rstrip,         RESULT_OTHER, false},
    {"size",           0, 0, filter_size,           RESULT_OTHER, false},
    {"slice",          1, 2, filter_slice,          RESULT_SAME,  false},
    {"sort",           0, 1, filter_sort,           RESULT_SAME,  false},
    {"sort_natural",   0, 1, filter_sort_natural,   RESULT_SAME,  false},
    {"split",          1, 1, filter_split,          RESULT_OTHER, false},
    {"strip",          0, 0, filter_strip,          RESULT_OTHER, false},
    {"strip_html",     0, 0, filter_strip_html,     RESULT_OTHER, true},
    {"strip_newlines", 0, 0, filter_strip_newlines, RESULT_OTHER, false},
    {"sum",            0, 1, filter_sum,            RESULT_OTHER, false},
    {"times",          1, 1, filter_times,          RESULT_OTHER, false},
    {"truncate",       0, 2, filter_truncate,       RESULT_OTHER, false},
    {"truncatewords",  0, 2, filter_truncatewords,  RESULT_OTHER, false},
    {"uniq",           0, 1, filter_uniq,           RESULT_SAME,  false},
    {"upcase",         0, 0, filter_upcase,         RESULT_OTHER, false},
    {"url_decode",     0, 0, filter_url_decode,     RESULT_OTHER, false},
    {"url_encode",     0, 0, filter_url_encode,     RESULT_OTHER, false},
    {"where",          1, 2, filter_where,          RESULT_SAME,  false},
};
// clang-format on

int liquid_filter_find(struct text name) {
    for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
        if (text_is(name, filters[i].name))
            return (int)i;
    return -1;
}

const struct liquid_filter_entry *liquid_filter_at(uint32_t index) {
    return &filters[index];
}

struct liquid_value liquid_made(const char *data, size_t size) {
    return data ? liquid_text((struct text){.data = data, .size = size}) : LIQUID_NOTHING;
}

// SPDX-License-Identifier: Apache-2.0
// The filters, each a function over what goes in (values[0]) and its arguments. Private to
// liquid_*.c.
#pragma once

#include "push/template/liquid_program.h"

#define LIQUID_FILTER(name)                                                                        \
    struct liquid_value name(struct liquid_renderer *renderer, struct liquid_value *values,        \
                             size_t count)

// liquid_filter_text.c
LIQUID_FILTER(filter_append);
LIQUID_FILTER(filter_capitalize);
LIQUID_FILTER(filter_default);
LIQUID_FILTER(filter_downcase);
LIQUID_FILTER(filter_lstrip);
LIQUID_FILTER(filter_newline_to_br);
LIQUID_FILTER(filter_prepend);
LIQUID_FILTER(filter_raw);
LIQUID_FILTER(filter_remove);
LIQUID_FILTER(filter_remove_first);
LIQUID_FILTER(filter_remove_last);
LIQUID_FILTER(filter_replace);
LIQUID_FILTER(filter_replace_first);
LIQUID_FILTER(filter_replace_last);
LIQUID_FILTER(filter_rstrip);
LIQUID_FILTER(filter_split);
LIQUID_FILTER(filter_strip);
LIQUID_FILTER(filter_strip_newlines);
LIQUID_FILTER(filter_truncate);
LIQUID_FILTER(filter_truncatewords);
LIQUID_FILTER(filter_upcase);

// liquid_filter_code.c
LIQUID_FILTER(filter_base64_decode);
LIQUID_FILTER(filter_base64_encode);
LIQUID_FILTER(filter_escape);
LIQUID_FILTER(filter_escape_once);
LIQUID_FILTER(filter_json);
LIQUID_FILTER(filter_strip_html);
LIQUID_FILTER(filter_url_decode);
LIQUID_FILTER(filter_url_encode);

// liquid_filter_list.c
LIQUID_FILTER(filter_compact);
LIQUID_FILTER(filter_concat);
LIQUID_FILTER(filter_find);
LIQUID_FILTER(filter_find_index);
LIQUID_FILTER(filter_first);
LIQUID_FILTER(filter_has);
LIQUID_FILTER(filter_join);
LIQUID_FILTER(filter_last);
LIQUID_FILTER(filter_map);
LIQUID_FILTER(filter_reject);
LIQUID_FILTER(filter_reverse);
LIQUID_FILTER(filter_size);
LIQUID_FILTER(filter_slice);
LIQUID_FILTER(filter_sort);
LIQUID_FILTER(filter_sort_natural);
LIQUID_FILTER(filter_sum);
LIQUID_FILTER(filter_uniq);
LIQUID_FILTER(filter_where);

// liquid_filter_number.c
LIQUID_FILTER(filter_abs);
LIQUID_FILTER(filter_at_least);
LIQUID_FILTER(filter_at_most);
LIQUID_FILTER(filter_ceil);
LIQUID_FILTER(filter_date);
LIQUID_FILTER(filter_divided_by);
LIQUID_FILTER(filter_floor);
LIQUID_FILTER(filter_minus);
LIQUID_FILTER(filter_modulo);
LIQUID_FILTER(filter_money);
LIQUID_FILTER(filter_number);
LIQUID_FILTER(filter_percent);
LIQUID_FILTER(filter_pluralize);
LIQUID_FILTER(filter_plus);
LIQUID_FILTER(filter_round);
LIQUID_FILTER(filter_times);

// The sum of two numbers: whole while both are and it fits, money when one is.
struct liquid_value liquid_add(struct liquid_value a, struct liquid_value b);

// A text that a filter builds: room is claimed once, for at most so many bytes; NULL at the limit.
struct liquid_value liquid_made(const char *data, size_t size);
#define LIQUID_NOTHING ((struct liquid_value){.type = LIQUID_NIL})

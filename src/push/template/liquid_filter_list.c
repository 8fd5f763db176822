// SPDX-License-Identifier: Apache-2.0
// Filters over lists. A range counts as the list of its numbers, nothing as an empty list, any
// other value as a list of itself.
#include "push/template/liquid_filter.h"

#include <unicode/uchar.h>

static struct liquid_value as_list(struct liquid_renderer *renderer, struct liquid_value value) {
    struct liquid_value *items;
    size_t count;

    if (value.type == LIQUID_LIST)
        return value;
    if (value.type == LIQUID_NIL)
        return liquid_list(NULL, 0);
    count = value.type == LIQUID_RANGE ? (size_t)liquid_member(value, TEXT("size"), 0).integer : 1;
    if (count > LIQUID_MOST_SCRATCH_BYTES)
        count = LIQUID_MOST_SCRATCH_BYTES; // past the limit, as the next line finds
    items = liquid_scratch(renderer, count * sizeof(*items));
    if (!items || !liquid_work(renderer, count))
        return liquid_list(NULL, 0);
    for (size_t i = 0; i < count; i++)
        items[i] = value.type == LIQUID_RANGE ? liquid_integer(value.range[0] + (int64_t)i) : value;
    return liquid_list(items, count);
}

// Room for as many items as the list has. Counts the work of going over them.
static struct liquid_value *room_for(struct liquid_renderer *renderer, size_t count) {
    return liquid_work(renderer, count)
               ? liquid_scratch(renderer, (count + 1) * sizeof(struct liquid_value))
               : NULL;
}

static struct text name_of(struct liquid_renderer *renderer, struct liquid_value value) {
    return liquid_to_text(renderer, value);
}

static struct liquid_value property(struct liquid_value item, struct text name) {
    return item.type == LIQUID_OBJECT ? liquid_member(item, name, 0) : LIQUID_NOTHING;
}

LIQUID_FILTER(filter_size) {
    (void)count;
    liquid_work(renderer, values[0].count / 8);
    if (values[0].type == LIQUID_TEXT || values[0].type == LIQUID_LIST ||
        values[0].type == LIQUID_RANGE || values[0].type == LIQUID_OBJECT)
        return liquid_member(values[0], TEXT("size"), SIZE_MAX);
    return liquid_integer(0);
}

LIQUID_FILTER(filter_first) {
    (void)renderer;
    (void)count;
    return liquid_item(values[0], 0);
}

LIQUID_FILTER(filter_last) {
    (void)renderer;
    (void)count;
    return liquid_item(values[0], -1);
}

LIQUID_FILTER(filter_join) {
    const struct liquid_value list = as_list(renderer, values[0]);
    const struct text between = count > 1 ? name_of(renderer, values[1]) : TEXT(" ");
    struct text *texts = liquid_scratch(renderer, (list.count + 1) * sizeof(*texts));
    size_t size = 0;
    char *data;

    if (!texts || !liquid_work(renderer, (size_t)2 * list.count))
        return LIQUID_NOTHING;
    for (uint32_t i = 0; i < list.count; i++) {
        texts[i] = liquid_to_text(renderer, list.items[i]);
        size += texts[i].size + (i > 0 ? between.size : 0);
    }
    data = liquid_scratch(renderer, size);
    if (!data || !liquid_work(renderer, size / 32))
        return LIQUID_NOTHING;
    size = 0;
    for (uint32_t i = 0; i < list.count; i++) {
        if (i > 0 && between.size > 0) {
            memcpy(data + size, between.data, between.size);
            size += between.size;
        }
        if (texts[i].size > 0)
            memcpy(data + size, texts[i].data, texts[i].size);
        size += texts[i].size;
    }
    return liquid_made(data, size);
}

LIQUID_FILTER(filter_reverse) {
    const struct liquid_value list = as_list(renderer, values[0]);
    struct liquid_value *items = room_for(renderer, list.count);

    (void)count;
    for (uint32_t i = 0; items && i < list.count; i++)
        items[i] = list.items[list.count - 1 - i];
    return items ? liquid_list(items, list.count) : LIQUID_NOTHING;
}

LIQUID_FILTER(filter_concat) {
    const struct liquid_value first = as_list(renderer, values[0]);
    const struct liquid_value second = as_list(renderer, values[1]);
    struct liquid_value *items = room_for(renderer, (size_t)first.count + second.count);

    (void)count;
    if (!items)
        return LIQUID_NOTHING;
    for (uint32_t i = 0; i < first.count; i++)
        items[i] = first.items[i];
    for (uint32_t i = 0; i < second.count; i++)
        items[first.count + i] = second.items[i];
    return liquid_list(items, (size_t)first.count + second.count);
}

LIQUID_FILTER(filter_map) {
    const struct liquid_value list = as_list(renderer, values[0]);
    const struct text name = name_of(renderer, values[1]);
    struct liquid_value *items = room_for(renderer, list.count);

    (void)count;
    for (uint32_t i = 0; items && i < list.count; i++)
        items[i] = property(list.items[i], name);
    return items ? liquid_list(items, list.count) : LIQUID_NOTHING;
}

// ---- choosing ----

// Is the item's member (values[1]) the given value, or true when none is given?
static bool fits(struct liquid_renderer *renderer, struct liquid_value item,
                 struct liquid_value *values, size_t count) {
    const struct liquid_value member = property(item, name_of(renderer, values[1]));

    return count > 2 ? liquid_equal(member, values[2]) : liquid_is_true(member);
}

static struct liquid_value chosen(struct liquid_renderer *renderer, struct liquid_value *values,
                                  size_t count, bool those_that_fit) {
    const struct liquid_value list = as_list(renderer, values[0]);
    struct liquid_value *items = room_for(renderer, list.count);
    size_t used = 0;

    for (uint32_t i = 0; items && i < list.count; i++)
        if (fits(renderer, list.items[i], values, count) == those_that_fit)
            items[used++] = list.items[i];
    return items ? liquid_list(items, used) : LIQUID_NOTHING;
}

LIQUID_FILTER(filter_where) {
    return chosen(renderer, values, count, true);
}

LIQUID_FILTER(filter_reject) {
    return chosen(renderer, values, count, false);
}

static int64_t first_that_fits(struct liquid_renderer *renderer, struct liquid_value *values,
                               size_t count) {
    values[0] = as_list(renderer, values[0]);
    for (uint32_t i = 0; i < values[0].count && liquid_work(renderer, 1); i++)
        if (fits(renderer, values[0].items[i], values, count))
            return i;
    return -1;
}

LIQUID_FILTER(filter_find) {
    const int64_t index = first_that_fits(renderer, values, count);

    return index >= 0 ? values[0].items[index] : LIQUID_NOTHING;
}

LIQUID_FILTER(filter_find_index) {
    const int64_t index = first_that_fits(renderer, values, count);

    return index >= 0 ? liquid_integer(index) : LIQUID_NOTHING;
}

LIQUID_FILTER(filter_has) {
    return liquid_bool(first_that_fits(renderer, values, count) >= 0);
}

// The item itself, or its member when one is named.
static struct liquid_value key_of(struct liquid_renderer *renderer, struct liquid_value item,
                                  struct liquid_value *values, size_t count) {
    return count > 1 ? property(item, name_of(renderer, values[1])) : item;
}

LIQUID_FILTER(filter_compact) {
    const struct liquid_value list = as_list(renderer, values[0]);
    struct liquid_value *items = room_for(renderer, list.count);
    size_t used = 0;

    for (uint32_t i = 0; items && i < list.count; i++)
        if (key_of(renderer, list.items[i], values, count).type != LIQUID_NIL)
            items[used++] = list.items[i];
    return items ? liquid_list(items, used) : LIQUID_NOTHING;
}

LIQUID_FILTER(filter_uniq) {
    const struct liquid_value list = as_list(renderer, values[0]);
    struct liquid_value *items = room_for(renderer, list.count);
    size_t used = 0;

    for (uint32_t i = 0; items && i < list.count; i++) {
        const struct liquid_value key = key_of(renderer, list.items[i], values, count);
        bool is_new = true;

        if (!liquid_work(renderer, used))
            return LIQUID_NOTHING;
        for (size_t k = 0; k < used && is_new; k++)
            is_new = !liquid_equal(key, key_of(renderer, items[k], values, count));
        if (is_new)
            items[used++] = list.items[i];
    }
    return items ? liquid_list(items, used) : LIQUID_NOTHING;
}

LIQUID_FILTER(filter_sum) {
    const struct liquid_value list = as_list(renderer, values[0]);
    struct liquid_value sum = liquid_integer(0);

    if (!liquid_work(renderer, list.count))
        return LIQUID_NOTHING;
    for (uint32_t i = 0; i < list.count; i++)
        sum = liquid_add(sum, liquid_to_number(key_of(renderer, list.items[i], values, count)));
    return sum;
}

// ---- parts: of texts by characters, of lists by items ----

static size_t byte_of(struct text text, int64_t character) {
    size_t at = 0;

    while (at < text.size && character-- > 0)
        for (at++; at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80;)
            at++;
    return at;
}

LIQUID_FILTER(filter_slice) {
    const bool is_list = values[0].type == LIQUID_LIST || values[0].type == LIQUID_RANGE;
    const struct liquid_value whole =
        is_list ? as_list(renderer, values[0]) : liquid_text(liquid_to_text(renderer, values[0]));
    const int64_t size = liquid_member(whole, TEXT("size"), SIZE_MAX).integer;
    int64_t begin = liquid_to_integer(values[1]);
    int64_t length = count > 2 ? liquid_to_integer(values[2]) : 1;

    liquid_work(renderer, whole.count / 8 + 1);
    if (begin < 0)
        begin = begin + size;
    if (begin < 0 || begin >= size || length <= 0)
        return is_list ? liquid_list(NULL, 0) : liquid_text(TEXT(""));
    if (length > size - begin)
        length = size - begin;
    if (is_list)
        return liquid_list(whole.items + begin, (size_t)length);
    const struct text text = liquid_text_of(whole);
    const size_t from = byte_of(text, begin), to = byte_of(text, begin + length);
    return liquid_text((struct text){text.data + from, to - from});
}

// ---- order ----

struct sort_key {
    struct liquid_value key;
    uint32_t index;
};

static int compare_natural(struct text a, struct text b) {
    for (size_t i = 0; i < a.size && i < b.size; i++) {
        const unsigned char x = (unsigned char)a.data[i], y = (unsigned char)b.data[i];
        const int difference =
            (x < 0x80 ? (int)u_tolower(x) : x) - (y < 0x80 ? (int)u_tolower(y) : y);

        if (difference != 0)
            return difference;
    }
    return (a.size > b.size) - (a.size < b.size);
}

// What cannot be compared goes by its type, nothing goes last.
static int compare_keys(struct liquid_renderer *renderer, struct liquid_value a,
                        struct liquid_value b, bool is_natural) {
    int order;

    if ((a.type == LIQUID_NIL) != (b.type == LIQUID_NIL))
        return a.type == LIQUID_NIL ? 1 : -1;
    if (is_natural && a.type != LIQUID_NIL)
        return compare_natural(liquid_to_text(renderer, a), liquid_to_text(renderer, b));
    if (liquid_compare(a, b, &order))
        return order;
    return (int)a.type - (int)b.type;
}

static void merge(struct liquid_renderer *renderer, struct sort_key *from, struct sort_key *to,
                  size_t begin, size_t middle, size_t end, bool is_natural) {
    size_t left = begin, right = middle;

    for (size_t i = begin; i < end; i++) {
        const bool take_left =
            left < middle && (right >= end || compare_keys(renderer, from[left].key,
                                                           from[right].key, is_natural) <= 0);

        to[i] = take_left ? from[left++] : from[right++];
    }
}

// Merge sort from below: stable, no worst case.
static struct liquid_value sorted(struct liquid_renderer *renderer, struct liquid_value *values,
                                  size_t count, bool is_natural) {
    const struct liquid_value list = as_list(renderer, values[0]);
    struct liquid_value *items = room_for(renderer, list.count);
    struct sort_key *from = liquid_scratch(renderer, (list.count + 1) * sizeof(*from));
    struct sort_key *to = liquid_scratch(renderer, (list.count + 1) * sizeof(*to));

    if (!items || !from || !to)
        return LIQUID_NOTHING;
    for (uint32_t i = 0; i < list.count; i++)
        from[i] = (struct sort_key){key_of(renderer, list.items[i], values, count), i};
    for (size_t width = 1; width < list.count; width *= 2) {
        struct sort_key *swap = from;

        if (!liquid_work(renderer, (size_t)list.count * (is_natural ? 8 : 2)))
            return LIQUID_NOTHING;
        for (size_t i = 0; i < list.count; i += 2 * width) {
            const size_t middle = i + width < list.count ? i + width : list.count;
            const size_t end = i + 2 * width < list.count ? i + 2 * width : list.count;

            merge(renderer, from, to, i, middle, end, is_natural);
        }
        from = to;
        to = swap;
    }
    for (uint32_t i = 0; i < list.count; i++)
        items[i] = list.items[from[i].index];
    return liquid_list(items, list.count);
}

LIQUID_FILTER(filter_sort) {
    return sorted(renderer, values, count, false);
}

LIQUID_FILTER(filter_sort_natural) {
    return sorted(renderer, values, count, true);
}

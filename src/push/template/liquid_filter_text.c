// SPDX-License-Identifier: Apache-2.0
// Filters over texts. Positions and lengths count characters, not bytes.
#include "push/template/liquid_filter.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#define UNUSED_COUNT (void)count

static struct text input(struct liquid_renderer *renderer, struct liquid_value value) {
    const struct text text = liquid_to_text(renderer, value);

    liquid_work(renderer, text.size / 8 + 1);
    return text;
}

static struct liquid_value glued(struct liquid_renderer *renderer, struct text first,
                                 struct text second) {
    char *data = liquid_scratch(renderer, first.size + second.size);

    if (!data)
        return LIQUID_NOTHING;
    if (first.size > 0)
        memcpy(data, first.data, first.size);
    if (second.size > 0)
        memcpy(data + first.size, second.data, second.size);
    return liquid_made(data, first.size + second.size);
}

LIQUID_FILTER(filter_append) {
    UNUSED_COUNT;
    return glued(renderer, input(renderer, values[0]), input(renderer, values[1]));
}

LIQUID_FILTER(filter_prepend) {
    UNUSED_COUNT;
    return glued(renderer, input(renderer, values[1]), input(renderer, values[0]));
}

LIQUID_FILTER(filter_raw) {
    struct liquid_value value = liquid_text(input(renderer, values[0]));

    UNUSED_COUNT;
    value.is_html = true;
    return value;
}

// nil, false and what is empty; false stays when the third value is true.
LIQUID_FILTER(filter_default) {
    const bool keeps_false = count > 2 && liquid_is_true(values[2]);

    (void)renderer;
    if ((values[0].type == LIQUID_BOOL && keeps_false) ||
        (liquid_is_true(values[0]) && !liquid_is_empty(values[0])))
        return values[0];
    return count > 1 ? values[1] : liquid_text(TEXT(""));
}

// ---- cases ----

// Character by character: a few languages write some letters as two in capitals, which stay.
static struct liquid_value cased(struct liquid_renderer *renderer, struct text text, bool first_up,
                                 bool up) {
    const size_t room = text.size * 2 + 4;
    char *data = liquid_scratch(renderer, room);
    const uint8_t *bytes = (const uint8_t *)text.data;
    int32_t at = 0, used = 0;

    if (!data || !liquid_work(renderer, text.size / 2))
        return LIQUID_NOTHING;
    while ((size_t)at < text.size) {
        const int32_t begin = at;
        UChar32 character;
        UBool is_error = false;

        U8_NEXT(bytes, at, (int32_t)text.size, character);
        if (character < 0)
            character = 0xFFFD;
        character = (begin == 0 && first_up) || up ? u_toupper(character) : u_tolower(character);
        if ((size_t)used + 4 > room)
            break;
        U8_APPEND((uint8_t *)data, used, (int32_t)room, (uint32_t)character, is_error);
        (void)is_error;
    }
    return liquid_made(data, (size_t)used);
}

LIQUID_FILTER(filter_upcase) {
    UNUSED_COUNT;
    return cased(renderer, input(renderer, values[0]), true, true);
}

LIQUID_FILTER(filter_downcase) {
    UNUSED_COUNT;
    return cased(renderer, input(renderer, values[0]), false, false);
}

LIQUID_FILTER(filter_capitalize) {
    UNUSED_COUNT;
    return cased(renderer, input(renderer, values[0]), true, false);
}

// ---- blanks ----

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static struct text without_blanks(struct text text, bool left, bool right) {
    while (left && text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (right && text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

LIQUID_FILTER(filter_strip) {
    UNUSED_COUNT;
    return liquid_text(without_blanks(input(renderer, values[0]), true, true));
}

LIQUID_FILTER(filter_lstrip) {
    UNUSED_COUNT;
    return liquid_text(without_blanks(input(renderer, values[0]), true, false));
}

LIQUID_FILTER(filter_rstrip) {
    UNUSED_COUNT;
    return liquid_text(without_blanks(input(renderer, values[0]), false, true));
}

LIQUID_FILTER(filter_strip_newlines) {
    const struct text text = input(renderer, values[0]);
    char *data = liquid_scratch(renderer, text.size);
    size_t size = 0;

    UNUSED_COUNT;
    for (size_t i = 0; data && i < text.size; i++)
        if (text.data[i] != '\n' && text.data[i] != '\r')
            data[size++] = text.data[i];
    return liquid_made(data, size);
}

// HTML: the text escaped, its lines ended by <br>.
LIQUID_FILTER(filter_newline_to_br) {
    const struct text text = input(renderer, values[0]);
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct liquid_value value;
    char *data;

    UNUSED_COUNT;
    if (!liquid_has_room(renderer, text.size * 6))
        return LIQUID_NOTHING;
    for (size_t i = 0, begin = 0; i <= text.size; i++) {
        if (i < text.size && text.data[i] != '\n')
            continue;
        if (values[0].type == LIQUID_TEXT && values[0].is_html)
            buffer_add(&out, text.data + begin, i - begin);
        else if (i > begin)
            liquid_write_escaped(&out, (struct text){text.data + begin, i - begin}, false);
        if (i < text.size)
            buffer_add_string(&out, "<br>\n");
        begin = i + 1;
    }
    data = liquid_scratch(renderer, out.size);
    if (!data)
        return LIQUID_NOTHING;
    if (out.size > 0)
        memcpy(data, out.data, out.size);
    value = liquid_made(data, out.size);
    value.is_html = true;
    return value;
}

// ---- replacing ----

enum which { WHICH_ALL, WHICH_FIRST, WHICH_LAST };

static const char *find_last(struct text text, struct text part) {
    for (size_t i = text.size - part.size + 1; i > 0; i--)
        if (text.data[i - 1] == part.data[0] &&
            memcmp(text.data + i - 1, part.data, part.size) == 0)
            return text.data + i - 1;
    return NULL;
}

static size_t count_parts(struct text text, struct text part) {
    size_t count = 0;

    for (const char *at = text.data, *end = text.data + text.size;
         (at = memmem(at, (size_t)(end - at), part.data, part.size)) != NULL; at += part.size)
        count++;
    return count;
}

static struct liquid_value replaced(struct liquid_renderer *renderer, struct liquid_value whole,
                                    struct liquid_value old, struct text with, enum which which) {
    const struct text text = input(renderer, whole), part = input(renderer, old);
    size_t parts, size = 0;
    const char *at = text.data, *end = text.data + text.size;
    char *data;

    if (part.size == 0 || part.size > text.size)
        return liquid_text(text);
    if (which == WHICH_LAST && !liquid_work(renderer, text.size * part.size / 256 + 1))
        return LIQUID_NOTHING;
    if (!liquid_work(renderer, text.size / 4 * (1 + part.size / 16)))
        return LIQUID_NOTHING;
    parts = which == WHICH_ALL ? count_parts(text, part) : 1;
    data = liquid_scratch(renderer, text.size + parts * with.size);
    if (!data)
        return LIQUID_NOTHING;
    for (size_t i = 0; i < parts; i++) {
        const char *found = which == WHICH_LAST
                                ? find_last(text, part)
                                : memmem(at, (size_t)(end - at), part.data, part.size);

        if (!found)
            break;
        memcpy(data + size, at, (size_t)(found - at));
        size += (size_t)(found - at);
        if (with.size > 0)
            memcpy(data + size, with.data, with.size);
        size += with.size;
        at = found + part.size;
    }
    memcpy(data + size, at, (size_t)(end - at));
    return liquid_made(data, size + (size_t)(end - at));
}

static struct text replacement(struct liquid_renderer *renderer, struct liquid_value *values,
                               size_t count) {
    return count > 2 ? input(renderer, values[2]) : TEXT("");
}

LIQUID_FILTER(filter_replace) {
    return replaced(renderer, values[0], values[1], replacement(renderer, values, count),
                    WHICH_ALL);
}

LIQUID_FILTER(filter_replace_first) {
    return replaced(renderer, values[0], values[1], replacement(renderer, values, count),
                    WHICH_FIRST);
}

LIQUID_FILTER(filter_replace_last) {
    return replaced(renderer, values[0], values[1], replacement(renderer, values, count),
                    WHICH_LAST);
}

LIQUID_FILTER(filter_remove) {
    UNUSED_COUNT;
    return replaced(renderer, values[0], values[1], TEXT(""), WHICH_ALL);
}

LIQUID_FILTER(filter_remove_first) {
    UNUSED_COUNT;
    return replaced(renderer, values[0], values[1], TEXT(""), WHICH_FIRST);
}

LIQUID_FILTER(filter_remove_last) {
    UNUSED_COUNT;
    return replaced(renderer, values[0], values[1], TEXT(""), WHICH_LAST);
}

// ---- parts ----

// Bytes of the first `characters` characters.
static size_t bytes_of(struct text text, int64_t characters) {
    size_t at = 0;

    while (at < text.size && characters-- > 0)
        for (at++; at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80;)
            at++;
    return at;
}

static int64_t length_of(struct text text) {
    return liquid_member(liquid_text(text), TEXT("size"), 0).integer;
}

LIQUID_FILTER(filter_truncate) {
    const struct text text = input(renderer, values[0]);
    const struct text end = count > 2 ? input(renderer, values[2]) : TEXT("...");
    const int64_t most = count > 1 ? liquid_to_integer(values[1]) : 50;
    const int64_t kept = most - length_of(end);

    if (length_of(text) <= most)
        return liquid_text(text);
    return glued(renderer, (struct text){text.data, bytes_of(text, kept > 0 ? kept : 0)}, end);
}

LIQUID_FILTER(filter_truncatewords) {
    const struct text text = input(renderer, values[0]);
    const struct text end = count > 2 ? input(renderer, values[2]) : TEXT("...");
    const int64_t given = count > 1 ? liquid_to_integer(values[1]) : 15;
    const int64_t most = given > 0 ? given : 1;
    int64_t words = 0;

    for (size_t i = 0; i < text.size; i++) {
        const bool begins = !is_space(text.data[i]) && (i == 0 || is_space(text.data[i - 1]));

        if (begins && ++words > most)
            return glued(renderer, without_blanks((struct text){text.data, i}, false, true), end);
    }
    return liquid_text(text);
}

static size_t count_split(struct text text, struct text by) {
    return by.size == 0 ? (size_t)length_of(text) : count_parts(text, by) + 1;
}

// Nothing between the parts: characters. Empty parts at the end are left out.
LIQUID_FILTER(filter_split) {
    const struct text text = input(renderer, values[0]), by = input(renderer, values[1]);
    const size_t most = text.size > 0 ? count_split(text, by) : 0;
    struct liquid_value *items = liquid_scratch(renderer, (most + 1) * sizeof(*items));
    const char *at = text.data, *end = text.data + text.size;
    size_t used = 0;

    UNUSED_COUNT;
    if (!items || !liquid_work(renderer, most + text.size / 4 * (1 + by.size / 16)))
        return LIQUID_NOTHING;
    while (used < most) {
        const struct text rest = {at, (size_t)(end - at)};
        const char *found = by.size > 0 ? memmem(at, rest.size, by.data, by.size) : NULL;
        const size_t size = found         ? (size_t)(found - at)
                            : by.size > 0 ? rest.size
                                          : bytes_of(rest, 1);

        items[used++] = liquid_text((struct text){at, size});
        at += size + (found ? by.size : 0);
    }
    while (used > 0 && items[used - 1].count == 0)
        used--;
    return liquid_list(items, used);
}

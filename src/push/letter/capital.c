// SPDX-License-Identifier: Apache-2.0
#include "push/letter/capital.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

static struct text change_case(struct arena *arena, struct text text, bool is_upper) {
    const int32_t room = (int32_t)text.size * 3 + 1;
    UErrorCode status = U_ZERO_ERROR;
    UChar *units, *capital;
    int32_t count = 0, size = 0;
    char *bytes;

    if (text.size == 0 || text.size > 4096)
        return text;
    units = arena_array(arena, (size_t)room, sizeof(*units));
    capital = arena_array(arena, (size_t)room, sizeof(*capital));
    bytes = arena_array(arena, (size_t)room * 3, 1);
    u_strFromUTF8(units, room, &count, text.data, (int32_t)text.size, &status);
    count = is_upper ? u_strToUpper(capital, room, units, count, "", &status)
                     : u_strToLower(capital, room, units, count, "", &status);
    u_strToUTF8(bytes, room * 3, &size, capital, count, &status);
    return U_SUCCESS(status) ? (struct text){bytes, (size_t)size} : text;
}

struct text text_capital(struct arena *arena, struct text text) {
    return change_case(arena, text, true);
}

struct text text_small(struct arena *arena, struct text text) {
    return change_case(arena, text, false);
}

// Embeddings, overrides and isolates reach past the text that they stand in; the two joiners are
// kept, without which some scripts cannot be written.
static bool is_invisible(UChar32 character) {
    return (u_charType(character) == U_FORMAT_CHAR && character != 0x200C && character != 0x200D) ||
           u_charType(character) == U_PRIVATE_USE_CHAR || !u_isdefined(character);
}

bool text_printable(struct arena *arena, struct text text, struct text *ret_text) {
    char *bytes = arena_array(arena, text.size + 1, 1);
    int32_t size = 0, at = 0;
    bool is_blank_due = false;

    if (!text_is_utf8(text) || text.size > INT32_MAX / 2)
        return false;
    while (at < (int32_t)text.size) {
        const int32_t begin = at;
        UChar32 character;

        U8_NEXT_UNSAFE(text.data, at, character);
        if (u_isUWhiteSpace(character) || u_iscntrl(character)) {
            is_blank_due = !is_invisible(character) || u_isUWhiteSpace(character);
            continue;
        }
        if (is_invisible(character))
            continue;
        if (is_blank_due && size > 0)
            bytes[size++] = ' ';
        is_blank_due = false;
        memcpy(bytes + size, text.data + begin, (size_t)(at - begin));
        size += at - begin;
    }
    *ret_text = (struct text){bytes, (size_t)size};
    return true;
}

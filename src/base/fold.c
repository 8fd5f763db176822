// SPDX-License-Identifier: Apache-2.0
// Folding through ICU in UTF-16: first its NFKC_Casefold, which is closed under repetition, then
// NFKD, from which the marks are dropped. Pure ASCII, the usual case, never gets there.
#include "base/fold.h"

#include "base/code.h"

#include <assert.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

// Marks of lower classes are letters in their own right (Indic vowel signs, the Japanese voiced
// mark).
enum { LOWEST_DROPPED_CLASS = 10, REPLACEMENT = 0xFFFD };

// UTF-16 in memory of its own.
struct wide {
    struct buffer memory;
    int32_t size; // units
};

static void wide_clear(struct wide *wide) {
    buffer_clear(&wide->memory);
}

static UChar *units(const struct wide *wide) {
    return (UChar *)(void *)wide->memory.data;
}

static UChar *reserve(struct wide *wide, int32_t capacity) {
    buffer_reserve(&wide->memory, ((size_t)capacity + 1) * sizeof(UChar));
    return units(wide);
}

static void widen(struct text text, struct wide *wide) {
    const int32_t size = (int32_t)text.size; // no more units than bytes
    UErrorCode status = U_ZERO_ERROR;

    u_strFromUTF8WithSub(reserve(wide, size), size, &wide->size, text.data, size, REPLACEMENT, NULL,
                         &status);
    assert(U_SUCCESS(status));
}

static void normalise(const UNormalizer2 *form, const struct wide *from, struct wide *wide) {
    const int32_t guess = from->size * 2 + 32;
    UErrorCode status = U_ZERO_ERROR;

    wide->size =
        unorm2_normalize(form, units(from), from->size, reserve(wide, guess), guess, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
        const int32_t needed = wide->size;

        status = U_ZERO_ERROR;
        wide->size =
            unorm2_normalize(form, units(from), from->size, reserve(wide, needed), needed, &status);
    }
    assert(U_SUCCESS(status));
}

// Lower-case letters that Unicode does not take apart, as they are typed without them on the
// keyboard.
static const char *plain_form(UChar32 letter) {
    static const struct {
        UChar32 letter;
        const char *plain;
    } forms[] = {
        {0xE6, "ae"}, {0xF0, "d"},  {0xF8, "o"},  {0xFE, "th"},  {0x111, "d"},
        {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
        if (forms[i].letter == letter)
            return forms[i].plain;
    return NULL;
}

static bool is_dropped(UChar32 point) {
    return u_charType(point) == U_NON_SPACING_MARK &&
           u_getCombiningClass(point) >= LOWEST_DROPPED_CLASS;
}

// What ICU gave is well-formed: behind the first half of a pair stands the second.
static UChar32 next_point(const struct wide *wide, int32_t *at) {
    const UChar *data = units(wide);
    const UChar32 unit = data[(*at)++];

    return unit >= 0xD800 && unit <= 0xDBFF ? U16_GET_SUPPLEMENTARY(unit, data[(*at)++]) : unit;
}

static char *put_point(char *out, UChar32 point) {
    uint8_t *bytes = (uint8_t *)out;
    size_t size = 0;

    U8_APPEND_UNSAFE(bytes, size, (uint32_t)point);
    return out + size;
}

// UTF-8 without the marks; at most three bytes for each unit.
static struct text narrow(struct arena *arena, const struct wide *from) {
    char *const data = arena_alloc(arena, (size_t)from->size * 3 + 1);
    char *out = data;
    int32_t in = 0;

    while (in < from->size) {
        const UChar32 point = next_point(from, &in);
        const char *plain = plain_form(point);

        if (is_dropped(point))
            continue;
        if (plain)
            out = stpcpy(out, plain);
        else
            out = put_point(out, point);
    }
    return (struct text){.data = data, .size = (size_t)(out - data)};
}

static bool is_ascii(struct text text) {
    unsigned char all = 0;

    for (size_t i = 0; i < text.size; i++)
        all |= (unsigned char)text.data[i];
    return all < 0x80;
}

struct text text_fold(struct arena *arena, struct text text) {
    CLEANUP(wide_clear) struct wide wide = {0};
    CLEANUP(wide_clear) struct wide folded = {0};
    CLEANUP(wide_clear) struct wide apart = {0};
    UErrorCode status = U_ZERO_ERROR;

    if (is_ascii(text))
        return text_lower_ascii(arena, text);
    assert(text.size < INT32_MAX / 64); // a character may become 18
    widen(text, &wide);
    normalise(unorm2_getNFKCCasefoldInstance(&status), &wide, &folded);
    normalise(unorm2_getNFKDInstance(&status), &folded, &apart);
    assert(U_SUCCESS(status));
    return narrow(arena, &apart);
}

static bool belongs_to_word(UChar32 point) {
    return u_isalnum(point) || (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0;
}

size_t fold_words(struct arena *arena, struct text text, struct text *words, size_t capacity) {
    const struct text folded = text_fold(arena, text);
    const uint8_t *const bytes = (const uint8_t *)folded.data;
    size_t at = 0, begin = 0, count = 0;
    bool within = false;

    while (at < folded.size && count < capacity) {
        const size_t here = at;
        uint32_t point;
        bool belongs;

        U8_NEXT_UNSAFE(bytes, at, point); // what text_fold gives is well-formed
        belongs = belongs_to_word((UChar32)point);
        if (belongs && !within)
            begin = here;
        if (!belongs && within)
            words[count++] = (struct text){folded.data + begin, here - begin};
        within = belongs;
    }
    if (within && count < capacity)
        words[count++] = (struct text){folded.data + begin, folded.size - begin};
    return count;
}

// SPDX-License-Identifier: Apache-2.0
// Google: Customer Match's CSV (support.google.com 7475964, 7659867). Meta: the normaliser of its
// business SDK (serverside/normalize.py) and its help (2082575038703844).
#include "push/audience/normalise.h"

#include "push/letter/capital.h"

#include <ctype.h>
#include <sodium.h>

const char *const audience_platform_names[] = {"google", "meta", NULL};

static struct text hash(struct arena *arena, struct text value) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    char *hex = arena_array(arena, 2 * sizeof(digest) + 1, 1);

    crypto_hash_sha256(digest, (const unsigned char *)value.data, value.size);
    sodium_bin2hex(hex, 2 * sizeof(digest) + 1, digest, sizeof(digest));
    return (struct text){hex, 2 * sizeof(digest)};
}

// Without the bytes of `dropped`.
static struct text without(struct arena *arena, struct text value, const char *dropped) {
    char *kept = arena_array(arena, value.size + 1, 1);
    size_t size = 0;

    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] == '\0' || !strchr(dropped, value.data[i]))
            kept[size++] = value.data[i];
    return (struct text){kept, size};
}

static bool is_hash(struct text value) {
    for (size_t i = 0; i < value.size; i++)
        if (!isxdigit((unsigned char)value.data[i]))
            return false;
    return value.size == 32 || value.size == 64;
}

static struct text google(struct arena *arena, enum audience_detail detail, struct text value) {
    switch (detail) {
    case AUDIENCE_COUNTRY:
    case AUDIENCE_POSTAL_CODE:
        return value;
    case AUDIENCE_CITY:
    case AUDIENCE_REGION:
        return (struct text){0};
    case AUDIENCE_PHONE:
        return hash(arena, value);
    case AUDIENCE_EMAIL:
    case AUDIENCE_GIVEN_NAME:
    case AUDIENCE_FAMILY_NAME:
        return hash(arena, text_small(arena, value));
    }
    return (struct text){0};
}

static struct text meta(struct arena *arena, enum audience_detail detail, struct text value) {
    const struct text small = text_small(arena, value);
    struct text ignored;

    if (is_hash(value))
        return small;
    switch (detail) {
    case AUDIENCE_PHONE:
        value = without(arena, value, " -()+");
        while (text_starts_with(value, TEXT("00")))
            value = (struct text){value.data + 2, value.size - 2};
        return hash(arena, value);
    case AUDIENCE_CITY:
    case AUDIENCE_REGION:
        return hash(arena, without(arena, small, "0123456789. -()"));
    case AUDIENCE_POSTAL_CODE:
        return hash(arena, text_split(without(arena, small, " "), '-', &ignored));
    case AUDIENCE_EMAIL:
    case AUDIENCE_GIVEN_NAME:
    case AUDIENCE_FAMILY_NAME:
    case AUDIENCE_COUNTRY:
        return hash(arena, small);
    }
    return (struct text){0};
}

struct text audience_normalise(struct arena *arena, enum audience_platform platform,
                               enum audience_detail detail, struct text value) {
    const struct text trimmed = text_trim(value);

    if (trimmed.size == 0)
        return (struct text){0};
    return platform == AUDIENCE_GOOGLE ? google(arena, detail, trimmed)
                                       : meta(arena, detail, trimmed);
}

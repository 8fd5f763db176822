// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <sodium.h>

static int variant_of(enum base64_form form) {
    return form == BASE64_URL ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
                              : sodium_base64_VARIANT_ORIGINAL;
}

struct text base64_encode(struct arena *arena, struct text bytes, enum base64_form form) {
    const int variant = variant_of(form);
    const size_t capacity = sodium_base64_encoded_len(bytes.size, variant);
    char *text = arena_alloc(arena, capacity);

    sodium_bin2base64(text, capacity, (const unsigned char *)bytes.data, bytes.size, variant);
    return text_of(text);
}

// libsodium 1.0.18 takes some bytes above 0x7F for letters.
static bool is_ascii(struct text text) {
    unsigned char all = 0;

    for (size_t i = 0; i < text.size; i++)
        all |= (unsigned char)text.data[i];
    return all < 0x80;
}

bool base64_decode(struct arena *arena, struct text text, enum base64_form form,
                   struct text *ret_bytes) {
    const size_t capacity = text.size / 4 * 3 + 3;
    unsigned char *bytes = arena_alloc(arena, capacity);
    size_t size;

    // Without a place for the end, libsodium refuses what it does not use up.
    if (!is_ascii(text) || sodium_base642bin(bytes, capacity, text.data, text.size, NULL, &size,
                                             NULL, variant_of(form)) != 0)
        return false;
    *ret_bytes = (struct text){.data = (const char *)bytes, .size = size};
    return true;
}

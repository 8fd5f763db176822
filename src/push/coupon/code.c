// SPDX-License-Identifier: Apache-2.0
// The check: the sum of (place + 1) × value, modulo 23, is 0. 23 is prime and larger than the
// number of places, so no single error and no exchange of two signs leaves it.
#include "push/coupon/code.h"

#include <sodium.h>
#include <string.h>

static const char alphabet[] = "234679CDFGHJKMNPQRTVWXY";
enum { BASE = sizeof(alphabet) - 1 };
_Static_assert(BASE == 23, "a prime, so that the check holds");

struct text coupon_code_make(struct arena *arena) {
    char *made = arena_array(arena, COUPON_CODE_SIZE + 1, 1);
    uint32_t sum = 0;

    for (uint32_t i = 0; i + 1 < COUPON_CODE_SIZE; i++) {
        const uint32_t value = randombytes_uniform(BASE);

        made[i] = alphabet[value];
        sum += (i + 1) * value;
    }
    // 12 × last ≡ −sum, and 12 × 2 ≡ 1 modulo 23.
    made[COUPON_CODE_SIZE - 1] = alphabet[(BASE - sum % BASE) * 2 % BASE];
    return (struct text){made, COUPON_CODE_SIZE};
}

struct text coupon_code_normalise(struct arena *arena, struct text raw) {
    char *kept = arena_array(arena, raw.size + 1, 1);
    size_t size = 0;

    for (size_t i = 0; i < raw.size; i++) {
        const char sign = raw.data[i];

        if (sign != ' ' && sign != '-' && sign != '\t')
            kept[size++] = sign >= 'a' && sign <= 'z' ? (char)(sign - 'a' + 'A') : sign;
    }
    return (struct text){kept, size};
}

bool coupon_code_checks(struct text normalised) {
    uint32_t sum = 0;

    if (normalised.size != COUPON_CODE_SIZE)
        return false;
    for (uint32_t i = 0; i < COUPON_CODE_SIZE; i++) {
        const char *found = memchr(alphabet, normalised.data[i], BASE);

        if (!found)
            return false;
        sum += (i + 1) * (uint32_t)(found - alphabet);
    }
    return sum % BASE == 0;
}

struct text coupon_code_shown(struct arena *arena, struct text normalised) {
    if (!coupon_code_checks(normalised))
        return normalised;
    return text_printf(arena, "%.4s-%.4s-%.4s", normalised.data, normalised.data + 4,
                       normalised.data + 8);
}

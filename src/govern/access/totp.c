// SPDX-License-Identifier: Apache-2.0
#include "govern/access/totp.h"

#include "base/sha1.h"
#include "base/time.h"

#include <stdio.h>

enum { POWER_OF_DIGITS = 1000000 };

int64_t totp_step(int64_t at_us) {
    return at_us / US_PER_SECOND / TOTP_STEP_SECONDS;
}

// RFC 4226, 5.3: the last four bits name the place of the 31 bits that count.
uint32_t totp_code(struct text secret, int64_t step) {
    uint8_t digest[SHA1_BYTES], counter[8];
    uint32_t bits;
    size_t at;

    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    sha1_hmac(secret.data, secret.size, counter, sizeof(counter), digest);
    at = digest[SHA1_BYTES - 1] & 15;
    bits = (uint32_t)(digest[at] & 0x7f) << 24 | (uint32_t)digest[at + 1] << 16 |
           (uint32_t)digest[at + 2] << 8 | digest[at + 3];
    return bits % POWER_OF_DIGITS;
}

int64_t totp_find(struct text secret, struct text written, int64_t from, int64_t to) {
    int64_t value;

    if (written.size != TOTP_DIGITS || !text_to_int64(written, &value) || written.data[0] == '-' ||
        written.data[0] == '+')
        return -1;
    for (int64_t step = from; step <= to; step++)
        if (totp_code(secret, step) == (uint32_t)value)
            return step;
    return -1;
}

struct text totp_base32(struct arena *arena, struct text bytes) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *written = arena_alloc(arena, bytes.size * 8 / 5 + 2);
    size_t size = 0;
    uint32_t bits = 0;
    int bit_count = 0;

    for (size_t i = 0; i < bytes.size; i++) {
        bits = bits << 8 | (unsigned char)bytes.data[i];
        for (bit_count += 8; bit_count >= 5; bit_count -= 5)
            written[size++] = letters[bits >> (bit_count - 5) & 31];
    }
    if (bit_count > 0)
        written[size++] = letters[bits << (5 - bit_count) & 31];
    return (struct text){written, size};
}

struct text totp_uri(struct arena *arena, struct text account, struct text secret) {
    const struct text written = totp_base32(arena, secret);

    return text_printf(arena, "otpauth://totp/Tessera:%.*s?secret=%.*s&issuer=Tessera",
                       TEXT_ARG(account), TEXT_ARG(written));
}

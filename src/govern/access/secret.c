// SPDX-License-Identifier: Apache-2.0
#include "govern/access/secret.h"

#include "base/base64.h"

#include <sodium.h>
#include <stdlib.h>

enum { SECRET_BYTES = 32 };

void secret_start(void) {
    if (sodium_init() < 0)
        abort(); // no source of random numbers
}

struct text secret_make(struct arena *arena, const char *prefix) {
    char bytes[SECRET_BYTES];
    struct text encoded;

    secret_start();
    randombytes_buf(bytes, sizeof(bytes));
    encoded = base64_encode(arena, (struct text){bytes, sizeof(bytes)}, BASE64_URL);
    sodium_memzero(bytes, sizeof(bytes));
    return text_printf(arena, "%s%.*s", prefix, TEXT_ARG(encoded));
}

struct text secret_hash(struct arena *arena, struct text secret) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *written = arena_alloc(arena, 2 * sizeof(hash) + 1);

    crypto_hash_sha256(hash, (const unsigned char *)secret.data, secret.size);
    sodium_bin2hex(written, 2 * sizeof(hash) + 1, hash, sizeof(hash));
    return text_of(written);
}

bool secret_equal(struct text a, struct text b) {
    return a.size == b.size && a.size > 0 && sodium_memcmp(a.data, b.data, a.size) == 0;
}

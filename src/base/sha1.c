// SPDX-License-Identifier: Apache-2.0
#include "base/sha1.h"

#include <assert.h>
#include <string.h>

enum { ROUNDS = 80, LENGTH_AT = SHA1_BLOCK_BYTES - 8 };

struct state {
    uint32_t h[5];
};

static uint32_t rotate(uint32_t value, unsigned bits) {
    return (value << bits) | (value >> (32 - bits));
}

static void expand(const uint8_t block[SHA1_BLOCK_BYTES], uint32_t words[ROUNDS]) {
    for (size_t i = 0; i < 16; i++)
        words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (size_t i = 16; i < ROUNDS; i++)
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
}

// The function of a round and its constant, FIPS 180-4, 4.1.1 and 4.2.1.
static uint32_t mixed(int round, uint32_t b, uint32_t c, uint32_t d) {
    if (round < 20)
        return ((b & c) | (~b & d)) + 0x5a827999;
    if (round < 40)
        return (b ^ c ^ d) + 0x6ed9eba1;
    if (round < 60)
        return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    return (b ^ c ^ d) + 0xca62c1d6;
}

static void take_block(struct state *state, const uint8_t block[SHA1_BLOCK_BYTES]) {
    uint32_t a = state->h[0], b = state->h[1], c = state->h[2], d = state->h[3], e = state->h[4];
    uint32_t words[ROUNDS];

    expand(block, words);
    for (int i = 0; i < ROUNDS; i++) {
        const uint32_t next = rotate(a, 5) + mixed(i, b, c, d) + e + words[i];

        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    state->h[0] += a;
    state->h[1] += b;
    state->h[2] += c;
    state->h[3] += d;
    state->h[4] += e;
}

// What follows the last whole block: the rest, a one bit, zeros, the length in bits.
static void take_end(struct state *state, const uint8_t *rest, size_t rest_size, size_t size) {
    uint8_t block[SHA1_BLOCK_BYTES] = {0};
    const uint64_t bits = (uint64_t)size * 8;

    if (rest_size > 0)
        memcpy(block, rest, rest_size);
    block[rest_size] = 0x80;
    if (rest_size >= LENGTH_AT) {
        take_block(state, block);
        memset(block, 0, sizeof(block));
    }
    for (int i = 0; i < 8; i++)
        block[LENGTH_AT + i] = (uint8_t)(bits >> (56 - 8 * i));
    take_block(state, block);
}

void sha1(const void *data, size_t size, uint8_t digest[SHA1_BYTES]) {
    struct state state = {{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
    const uint8_t *bytes = data;
    size_t taken = 0;

    for (; size - taken >= SHA1_BLOCK_BYTES; taken += SHA1_BLOCK_BYTES)
        take_block(&state, bytes + taken);
    take_end(&state, bytes + taken, size - taken, size);
    for (int i = 0; i < SHA1_BYTES; i++)
        digest[i] = (uint8_t)(state.h[i / 4] >> (24 - 8 * (i % 4)));
}

void sha1_hmac(const void *key, size_t key_size, const void *message, size_t size,
               uint8_t digest[SHA1_BYTES]) {
    uint8_t inner[SHA1_BLOCK_BYTES + SHA1_MESSAGE_LARGEST] = {0};
    uint8_t outer[SHA1_BLOCK_BYTES + SHA1_BYTES] = {0};

    assert(size <= SHA1_MESSAGE_LARGEST);
    if (key_size > SHA1_BLOCK_BYTES)
        sha1(key, key_size, inner);
    else if (key_size > 0)
        memcpy(inner, key, key_size);
    for (int i = 0; i < SHA1_BLOCK_BYTES; i++) {
        outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    if (size > 0)
        memcpy(inner + SHA1_BLOCK_BYTES, message, size);
    sha1(inner, SHA1_BLOCK_BYTES + size, outer + SHA1_BLOCK_BYTES);
    sha1(outer, sizeof(outer), digest);
}

// SPDX-License-Identifier: Apache-2.0
// Values of RFC 3174 (7.3) and RFC 2202 (3).
#include "base/sha1.h"
#include "base/test.h"

#include <stdio.h>

static const char *hex(struct scope *scope, const uint8_t digest[SHA1_BYTES]) {
    char *text = arena_alloc(&scope->arena, 2 * SHA1_BYTES + 1);

    for (size_t i = 0; i < SHA1_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return text;
}

static void expect(struct scope *scope, const char *message, int times, const char *expected) {
    CLEANUP(buffer_clear) struct buffer data = {0};
    uint8_t digest[SHA1_BYTES];

    for (int i = 0; i < times; i++)
        buffer_add_string(&data, message);
    sha1(data.data, data.size, digest);
    CHECK_STRING(hex(scope, digest), expected);
}

TEST(sha1_gives_the_published_digests) {
    expect(scope, "", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    expect(scope, "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d");
    expect(scope, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
           "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    expect(scope, "a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    expect(scope, "0123456701234567012345670123456701234567012345670123456701234567", 10,
           "dea356a2cddd90c7a7ecedc5ebb563934f460452");
}

static void expect_hmac(struct scope *scope, struct text key, struct text message,
                        const char *expected) {
    uint8_t digest[SHA1_BYTES];

    sha1_hmac(key.data, key.size, message.data, message.size, digest);
    CHECK_STRING(hex(scope, digest), expected);
}

TEST(hmac_of_sha1_gives_the_published_digests) {
    char key[80];

    memset(key, 0x0b, sizeof(key));
    expect_hmac(scope, (struct text){key, 20}, TEXT("Hi There"),
                "b617318655057264e28bc0b6fb378c8ef146be00");
    expect_hmac(scope, TEXT("Jefe"), TEXT("what do ya want for nothing?"),
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    memset(key, 0xaa, sizeof(key));
    expect_hmac(scope, (struct text){key, 80},
                TEXT("Test Using Larger Than Block-Size Key - Hash Key First"),
                "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

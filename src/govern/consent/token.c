// SPDX-License-Identifier: Apache-2.0
// SIV: the first 24 bytes are a keyed hash of the content, and the nonce under which the content is
// encrypted. Changing a bit of either gives another hash.
#include "govern/consent/token.h"

#include "base/base64.h"

#include <assert.h>
#include <sodium.h>

enum {
    VERSION = 1,
    NONCE_BYTES = crypto_stream_xchacha20_NONCEBYTES,
    NUMBERS = 3,
    NUMBER_BYTES = 8,
    HEAD_BYTES = 2 + NUMBERS * NUMBER_BYTES + 2, // version, kind, numbers, two lengths
    NAME_BYTES = 60,
    PLAIN_BYTES = HEAD_BYTES + 2 * NAME_BYTES,
    TOKEN_LETTERS = (NONCE_BYTES + PLAIN_BYTES + 2) / 3 * 4,
};

static_assert(CONSENT_KEY_BYTES == crypto_stream_xchacha20_KEYBYTES, "a key of the cipher");
static_assert(CONSENT_KEY_BYTES <= crypto_generichash_KEYBYTES_MAX, "a key of the hash");

static void put_number(unsigned char *at, int64_t value) {
    for (int i = 0; i < NUMBER_BYTES; i++)
        at[i] = (unsigned char)((uint64_t)value >> (8 * (NUMBER_BYTES - 1 - i)));
}

static int64_t get_number(const unsigned char *at) {
    uint64_t value = 0;

    for (int i = 0; i < NUMBER_BYTES; i++)
        value = value << 8 | at[i];
    return (int64_t)value;
}

static void hash_plain(const struct consent_secret *secret, const unsigned char *plain, size_t size,
                       unsigned char hash[NONCE_BYTES]) {
    crypto_generichash(hash, NONCE_BYTES, plain, size, secret->token_mac, CONSENT_KEY_BYTES);
}

static size_t write_plain(const struct preference_token *token, unsigned char plain[PLAIN_BYTES]) {
    const int64_t numbers[NUMBERS] = {token->origin, token->identifier_id, token->message_id};
    unsigned char *at = plain;

    *at++ = VERSION;
    *at++ = (unsigned char)token->kind;
    for (int i = 0; i < NUMBERS; i++, at += NUMBER_BYTES)
        put_number(at, numbers[i]);
    *at++ = (unsigned char)token->purpose.size;
    *at++ = (unsigned char)token->channel.size;
    memcpy(at, token->purpose.size ? token->purpose.data : "", token->purpose.size);
    at += token->purpose.size;
    memcpy(at, token->channel.size ? token->channel.data : "", token->channel.size);
    return (size_t)(at - plain) + token->channel.size;
}

code preference_token_make_with(struct scope *scope, const struct consent_secret *secret,
                                const struct preference_token *token, struct text *ret_token) {
    unsigned char plain[PLAIN_BYTES], bytes[NONCE_BYTES + PLAIN_BYTES];
    size_t size;

    if (token->purpose.size > NAME_BYTES || token->channel.size > NAME_BYTES)
        return scope_fail(scope, INVALID,
                          "a link names a purpose and a channel of at most %d bytes", NAME_BYTES);
    size = write_plain(token, plain);
    hash_plain(secret, plain, size, bytes);
    crypto_stream_xchacha20_xor(bytes + NONCE_BYTES, plain, size, bytes, secret->token_cipher);
    *ret_token =
        base64_encode(&scope->arena, (struct text){(char *)bytes, NONCE_BYTES + size}, BASE64_URL);
    return OK;
}

code preference_token_make(struct scope *scope, const struct preference_token *token,
                           struct text *ret_token) {
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};

    TRY(consent_secret_load(scope, &secret));
    return preference_token_make_with(scope, &secret, token, ret_token);
}

code preference_link(struct scope *scope, const struct consent_secret *secret, struct text base_url,
                     const struct preference_token *token, struct text *ret_link) {
    static const char letters[] = {
        [PREFERENCE_UNSUBSCRIBE] = 'u', [PREFERENCE_CENTRE] = 'c', [PREFERENCE_CONFIRM] = 'o'};
    struct text text;

    while (base_url.size > 0 && base_url.data[base_url.size - 1] == '/')
        base_url.size--;
    TRY(preference_token_make_with(scope, secret, token, &text));
    *ret_link = text_printf(&scope->arena, "%.*s/%c/%.*s", TEXT_ARG(base_url), letters[token->kind],
                            TEXT_ARG(text));
    return OK;
}

// ---- reading ----

static bool read_plain(struct arena *arena, const unsigned char *plain, size_t size,
                       struct preference_token *ret_token) {
    struct preference_token token = {0};
    size_t purpose_bytes, channel_bytes;
    const char *names;

    if (size < HEAD_BYTES || plain[0] != VERSION)
        return false;
    token.kind = (enum preference_kind)plain[1];
    token.origin = get_number(plain + 2);
    token.identifier_id = get_number(plain + 2 + NUMBER_BYTES);
    token.message_id = get_number(plain + 2 + (size_t)2 * NUMBER_BYTES);
    purpose_bytes = plain[HEAD_BYTES - 2];
    channel_bytes = plain[HEAD_BYTES - 1];
    if (HEAD_BYTES + purpose_bytes + channel_bytes != size)
        return false;
    names = (const char *)plain + HEAD_BYTES;
    token.purpose = text_copy(arena, (struct text){names, purpose_bytes});
    token.channel = text_copy(arena, (struct text){names + purpose_bytes, channel_bytes});
    *ret_token = token;
    return true;
}

static bool open_token(struct arena *arena, const struct consent_secret *secret, struct text text,
                       struct preference_token *ret_token) {
    unsigned char plain[PLAIN_BYTES], hash[NONCE_BYTES];
    struct text bytes;
    size_t size;

    if (text.size > TOKEN_LETTERS || !base64_decode(arena, text, BASE64_URL, &bytes) ||
        bytes.size <= NONCE_BYTES || bytes.size - NONCE_BYTES > sizeof(plain))
        return false;
    size = bytes.size - NONCE_BYTES;
    crypto_stream_xchacha20_xor(plain, (const unsigned char *)bytes.data + NONCE_BYTES, size,
                                (const unsigned char *)bytes.data, secret->token_cipher);
    hash_plain(secret, plain, size, hash);
    return sodium_memcmp(hash, bytes.data, NONCE_BYTES) == 0 &&
           read_plain(arena, plain, size, ret_token);
}

code preference_token_read_with(struct scope *scope, const struct consent_secret *secret,
                                enum preference_kind kind, struct text text,
                                struct preference_token *ret_token) {
    struct preference_token token;

    if (!open_token(&scope->arena, secret, text, &token) || token.kind != kind)
        return scope_fail(scope, NOT_FOUND, "this link is none of ours, or was cut off");
    *ret_token = token;
    return OK;
}

code preference_token_read(struct scope *scope, enum preference_kind kind, struct text text,
                           struct preference_token *ret_token) {
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};

    TRY(consent_secret_load(scope, &secret));
    return preference_token_read_with(scope, &secret, kind, text, ret_token);
}

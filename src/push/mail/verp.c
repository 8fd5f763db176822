// SPDX-License-Identifier: Apache-2.0
#include "push/mail/verp.h"

#include <ctype.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

enum { CODE_BYTES = 10, CODE_DIGITS = 2 * CODE_BYTES }; // 80 bits: a guess costs a mail

static void write_code(const unsigned char key[VERP_KEY_BYTES], int64_t id,
                       char code_hex[CODE_DIGITS + 1]) {
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    char name[40];
    const int size = snprintf(name, sizeof(name), "verp %" PRId64, id);

    crypto_auth_hmacsha256(hash, (const unsigned char *)name, (unsigned long long)size, key);
    sodium_bin2hex(code_hex, CODE_DIGITS + 1, hash, CODE_BYTES);
}

struct text verp_make(struct arena *arena, const unsigned char key[VERP_KEY_BYTES], int64_t id,
                      struct text host) {
    char code_hex[CODE_DIGITS + 1];

    write_code(key, id, code_hex);
    return text_printf(arena, "b+%" PRId64 ".%s@%.*s", id, code_hex, TEXT_ARG(host));
}

bool verp_read(const unsigned char key[VERP_KEY_BYTES], struct text address, int64_t *ret_id) {
    char expected[CODE_DIGITS + 1], given[CODE_DIGITS + 1] = "";
    struct text rest;
    struct text digits;
    int64_t id;

    if (address.size < 2 || tolower((unsigned char)address.data[0]) != 'b' ||
        address.data[1] != '+')
        return false;
    digits = text_split((struct text){address.data + 2, address.size - 2}, '.', &rest);
    if (rest.size < CODE_DIGITS || digits.size == 0 || !isdigit((unsigned char)digits.data[0]) ||
        !text_to_int64(digits, &id) || (rest.size > CODE_DIGITS && rest.data[CODE_DIGITS] != '@'))
        return false;
    for (size_t i = 0; i < CODE_DIGITS; i++)
        given[i] = (char)tolower((unsigned char)rest.data[i]);
    write_code(key, id, expected);
    if (sodium_memcmp(given, expected, CODE_DIGITS) != 0)
        return false;
    *ret_id = id;
    return true;
}

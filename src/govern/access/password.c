// SPDX-License-Identifier: Apache-2.0
#include "govern/access/password.h"

#include "base/gate.h"
#include "govern/access/secret.h"
#include "store/store.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    MEMORY_BYTES = 19 * 1024 * 1024,
    PASSES = 2,
    MOST_BYTES = 4 * PASSWORD_MOST_CHARACTERS,
    LONGEST_COMMON = 32,
    MORE_THAN_NAME = 4, // characters that a password must have beside the account's name
    LONGEST_WAIT_MS = 5000,
};

// Of a password that nobody knows, made with the same figures: what unknown names are compared to.
static const char nobodys_hash[] =
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "RMJM/LeTKRok26Rw0xWVNg$FsNb33GNeTEL/OampFIkCVpmM6YGiGBtxWtGOwfdo/Q";

// ---- which are taken ----

static size_t character_count(struct text text) {
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return count;
}

static int compare_common(const void *key, const void *element) {
    return strcmp(key, *(const char *const *)element);
}

bool password_is_common(struct text password) {
    char folded[LONGEST_COMMON + 1];

    if (password.size > LONGEST_COMMON)
        return false;
    for (size_t i = 0; i < password.size; i++) {
        const char byte = password.data[i];

        folded[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    folded[password.size] = '\0';
    return bsearch(folded, common_passwords, common_password_count, sizeof(*common_passwords),
                   compare_common) != NULL;
}

static bool is_mostly(struct text password, struct text name, struct arena *arena) {
    const struct text folded = text_lower_ascii(arena, password);

    return name.size > 0 && folded.size < name.size + MORE_THAN_NAME &&
           memmem(folded.data, folded.size, name.data, name.size) != NULL;
}

code password_check(struct scope *scope, struct text password, struct text account_name) {
    const char *wrong = NULL;

    if (!text_is_utf8(password))
        wrong = "the password is not written in UTF-8";
    else if (character_count(password) < PASSWORD_LEAST_CHARACTERS)
        wrong = "the password has fewer than 8 characters";
    else if (character_count(password) > PASSWORD_MOST_CHARACTERS)
        wrong = "the password has more than 128 characters";
    else if (password_is_common(password))
        wrong = "the password is one of the most common ones";
    else if (is_mostly(password, account_name, &scope->arena))
        wrong = "the password is little more than the name of the account";
    if (!wrong)
        return OK;
    scope_fail_field(scope, INVALID, "password", "%s", wrong);
    return scope_hint(scope, "three or four words that do not belong together are easy to remember "
                             "and hard to guess");
}

// ---- how they are kept ----

static code enter(struct scope *scope, struct gate **ret_gate) {
    struct gate *gate = session_heavy_gate(scope);

    secret_start();
    if (!gate_enter(gate, LONGEST_WAIT_MS)) {
        scope_fail(scope, BUSY, "too many people are signing in at this moment");
        return scope_hint(scope, "try again in a few seconds");
    }
    *ret_gate = gate;
    return OK;
}

code password_hash(struct scope *scope, struct text password, struct text *ret_hash) {
    char hash[crypto_pwhash_STRBYTES];
    struct gate *gate = NULL;
    int status;

    TRY(enter(scope, &gate));
    status = crypto_pwhash_str_alg(hash, password.data, password.size, PASSES, MEMORY_BYTES,
                                   crypto_pwhash_ALG_ARGON2ID13);
    gate_leave(gate);
    if (status != 0)
        return scope_fail(scope, UNAVAILABLE, "there is no memory to hash a password");
    *ret_hash = text_copy(&scope->arena, text_of(hash));
    return OK;
}

code password_verify(struct scope *scope, struct text hash, struct text password, bool *ret_fits) {
    const bool is_real = hash.size > 0 && password.size > 0 && password.size <= MOST_BYTES;
    const char *compared = is_real ? text_string(&scope->arena, hash) : nobodys_hash;
    const struct text tried = is_real ? password : TEXT("nobody");
    struct gate *gate = NULL;
    int status;

    TRY(enter(scope, &gate));
    status = crypto_pwhash_str_verify(compared, tried.data, tried.size);
    gate_leave(gate);
    *ret_fits = is_real && status == 0;
    return OK;
}

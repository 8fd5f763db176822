// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/secret.h"

#include "govern/access/seal.h"
#include "govern/access/secret.h"
#include "store/setting.h"

#include <sodium.h>

#define SETTING "consent_secret"

static void derive(struct text secret, const char *use, unsigned char key[CONSENT_KEY_BYTES]) {
    crypto_generichash(key, CONSENT_KEY_BYTES, (const unsigned char *)use, strlen(use),
                       (const unsigned char *)secret.data, secret.size);
}

// Of two that make one at once the first stands.
static code find_or_make(struct scope *scope, struct text *ret_sealed) {
    char bytes[CONSENT_KEY_BYTES];
    struct text known, sealed;

    TRY(setting_keep_first(scope, SETTING, (struct text){0}, &known));
    if (known.size == 0) {
        secret_start();
        randombytes_buf(bytes, sizeof(bytes));
        TRY(seal(scope, (struct text){bytes, sizeof(bytes)}, &sealed));
        sodium_memzero(bytes, sizeof(bytes));
        TRY(setting_keep_first(scope, SETTING, sealed, &known));
    }
    *ret_sealed = known;
    return OK;
}

code consent_secret_load(struct scope *scope, struct consent_secret *ret_secret) {
    struct text sealed, secret;

    TRY(find_or_make(scope, &sealed));
    TRY(unseal(scope, sealed, &secret));
    if (secret.size != CONSENT_KEY_BYTES)
        return scope_fail(scope, INTERNAL, "the secret of consents has %zu bytes", secret.size);
    derive(secret, "suppressed addresses", ret_secret->suppression);
    derive(secret, "proof of public links", ret_secret->token_mac);
    derive(secret, "content of public links", ret_secret->token_cipher);
    derive(secret, "what was handed over", ret_secret->handed_over);
    sodium_memzero((char *)secret.data, secret.size);
    return OK;
}

void consent_secret_clear(struct consent_secret *secret) {
    sodium_memzero(secret, sizeof(*secret));
}

// SPDX-License-Identifier: Apache-2.0
// Signatures of any bytes are refused as unauthenticated, and one that was made for whatever they
// say is found right. The bytes are fields of the head, one per line, then the body.
#include "base/time.h"
#include "fuzz/fuzz.h"
#include "plug/inbound/signature.h"

#include <assert.h>

#define SECRET TEXT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

static struct signed_message message_of(struct text bytes) {
    struct signed_message message = {0};

    message.id = text_split(bytes, '\n', &bytes);
    message.timestamp = text_split(bytes, '\n', &bytes);
    message.signature = text_split(bytes, '\n', &bytes);
    message.stripe = text_split(bytes, '\n', &bytes);
    message.body = bytes;
    return message;
}

static void check_any(struct scope *scope, const struct signed_message *message) {
    const struct text secret = SECRET;
    struct text key;

    for (int scheme = 0; scheme < SIGNATURE_SCHEME_COUNT; scheme++) {
        scope_forgive(scope);
        if (signature_check(scope, (enum signature_scheme)scheme, message, &secret, 1, &key) != OK)
            assert(scope->failure.code == UNAUTHENTICATED && scope->failure.message[0] != '\0');
    }
}

static void check_made(struct scope *scope, struct signed_message message) {
    const struct text secret = SECRET;
    struct text key;

    message.timestamp =
        text_printf(&scope->arena, "%lld", (long long)(scope->now_us / US_PER_SECOND));
    for (int scheme = 0; scheme < SIGNATURE_SCHEME_COUNT; scheme++) {
        const struct text made =
            signature_make(&scope->arena, (enum signature_scheme)scheme, secret, &message);

        message.signature = message.stripe = made;
        if (scheme == SIGNATURE_STANDARD && (message.id.size == 0 || message.id.size > 256))
            continue;
        scope_forgive(scope);
        assert(signature_check(scope, (enum signature_scheme)scheme, &message, &secret, 1, &key) ==
               OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct signed_message message;
    struct scope scope;

    scope_init(&scope);
    scope.now_us = INT64_C(1614265330) * US_PER_SECOND;
    message = message_of((struct text){(const char *)data, size});
    check_any(&scope, &message);
    check_made(&scope, message);
    scope_clear(&scope);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Standard Webhooks: HMAC-SHA256 of "id.timestamp.body" with the bytes behind "whsec_", as
// "v1,<base64>", several of them with blanks between. Stripe: HMAC-SHA256 of "timestamp.body" with
// the secret's letters as they are, as "t=<timestamp>,v1=<hexadecimal>", v1 perhaps several times.
#include "plug/inbound/signature.h"

#include "base/base64.h"
#include "base/time.h"

#include <sodium.h>

#define SECRET_PREFIX "whsec_"

enum {
    MAC_BYTES = crypto_auth_hmacsha256_BYTES,
    SECRET_LEAST_BYTES = 24,
    SECRET_MOST_BYTES = 64,
    SECRET_MOST_LETTERS = 256,
    ID_MOST_BYTES = 256,
    SIGNATURES_MOST = 16, // of one message: while secrets change there are two
};

const char *const signature_scheme_names[] = {
    [SIGNATURE_STANDARD] = "standard",
    [SIGNATURE_STRIPE] = "stripe",
    [SIGNATURE_SCHEME_COUNT] = NULL,
};

// What was shown, taken apart.
struct shown {
    struct text timestamp;
    struct text signatures[SIGNATURES_MOST];
    size_t count;
};

// ---- secrets ----

static bool standard_key(struct arena *arena, struct text secret, struct text *ret_key) {
    const struct text prefix = TEXT(SECRET_PREFIX);

    if (text_starts_with(secret, prefix))
        secret = (struct text){secret.data + prefix.size, secret.size - prefix.size};
    return base64_decode(arena, secret, BASE64_STANDARD, ret_key) &&
           ret_key->size >= SECRET_LEAST_BYTES && ret_key->size <= SECRET_MOST_BYTES;
}

static bool plain_key(struct arena *arena, struct text secret, struct text *ret_key) {
    (void)arena;
    *ret_key = secret;
    return secret.size >= SECRET_LEAST_BYTES && secret.size <= SECRET_MOST_LETTERS;
}

struct text signature_secret_make(struct arena *arena) {
    unsigned char bytes[32];
    const struct text secret = {.data = (const char *)bytes, .size = sizeof(bytes)};
    struct text made;

    randombytes_buf(bytes, sizeof(bytes));
    made = text_printf(arena, SECRET_PREFIX "%.*s",
                       TEXT_ARG(base64_encode(arena, secret, BASE64_STANDARD)));
    sodium_memzero(bytes, sizeof(bytes));
    return made;
}

// ---- codes ----

static void mac(unsigned char ret_mac[MAC_BYTES], struct text key, const struct text *parts,
                size_t count) {
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.data, key.size);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].data, parts[i].size);
    }
    crypto_auth_hmacsha256_final(&state, ret_mac);
    sodium_memzero(&state, sizeof(state));
}

static struct text standard_mac(struct arena *arena, struct text key,
                                const struct signed_message *message, struct text timestamp) {
    const struct text parts[] = {message->id, timestamp, message->body};
    unsigned char code_bytes[MAC_BYTES];

    mac(code_bytes, key, parts, 3);
    return base64_encode(arena, (struct text){(const char *)code_bytes, MAC_BYTES},
                         BASE64_STANDARD);
}

static struct text stripe_mac(struct arena *arena, struct text key,
                              const struct signed_message *message, struct text timestamp) {
    const struct text parts[] = {timestamp, message->body};
    unsigned char code_bytes[MAC_BYTES];
    char hex[MAC_BYTES * 2 + 1];

    mac(code_bytes, key, parts, 2);
    sodium_bin2hex(hex, sizeof(hex), code_bytes, sizeof(code_bytes));
    return text_copy(arena, text_of(hex));
}

// ---- what was shown ----

static void add_signature(struct shown *shown, struct text signature) {
    if (signature.size > 0 && shown->count < SIGNATURES_MOST)
        shown->signatures[shown->count++] = signature;
}

// "v1,… v1,… v1a,…": other versions are passed over.
static code standard_read(struct scope *scope, const struct signed_message *message,
                          struct shown *shown) {
    struct text rest = message->signature;

    if (message->id.size == 0 || message->timestamp.size == 0 || message->signature.size == 0)
        return scope_fail(scope, UNAUTHENTICATED,
                          "webhook-id, webhook-timestamp or webhook-signature is missing");
    if (message->id.size > ID_MOST_BYTES)
        return scope_fail(scope, UNAUTHENTICATED, "webhook-id is longer than %d bytes",
                          ID_MOST_BYTES);
    shown->timestamp = message->timestamp;
    while (rest.data) {
        struct text value;
        const struct text one = text_split(rest, ' ', &rest);

        if (text_is(text_split(one, ',', &value), "v1") && value.data)
            add_signature(shown, value);
    }
    return OK;
}

static code stripe_read(struct scope *scope, const struct signed_message *message,
                        struct shown *shown) {
    struct text rest = message->stripe;

    while (rest.data) {
        struct text value;
        const struct text one = text_trim(text_split(rest, ',', &rest));
        const struct text name = text_split(one, '=', &value);

        if (text_is(name, "t") && value.data)
            shown->timestamp = value;
        else if (text_is(name, "v1") && value.data)
            add_signature(shown, value);
    }
    return shown->timestamp.size > 0
               ? OK
               : scope_fail(scope, UNAUTHENTICATED, "Stripe-Signature is missing or has no t=");
}

static struct text standard_name(struct scope *scope, const struct signed_message *message,
                                 struct text signature) {
    (void)scope;
    (void)signature;
    return message->id;
}

// There are no ids: the signature is of one body at one time.
static struct text stripe_name(struct scope *scope, const struct signed_message *message,
                               struct text signature) {
    (void)scope;
    (void)message;
    return signature;
}

static const struct {
    bool (*key)(struct arena *arena, struct text secret, struct text *ret_key);
    code (*read)(struct scope *scope, const struct signed_message *message, struct shown *shown);
    struct text (*mac)(struct arena *arena, struct text key, const struct signed_message *message,
                       struct text timestamp);
    struct text (*name)(struct scope *scope, const struct signed_message *message,
                        struct text signature);
} schemes[SIGNATURE_SCHEME_COUNT] = {
    [SIGNATURE_STANDARD] = {standard_key, standard_read, standard_mac, standard_name},
    [SIGNATURE_STRIPE] = {plain_key, stripe_read, stripe_mac, stripe_name},
};

code signature_secret_check(struct scope *scope, enum signature_scheme scheme, struct text secret) {
    struct text key;

    if (schemes[scheme].key(&scope->arena, secret, &key))
        return OK;
    return scope_fail_field(scope, INVALID, "secret",
                            scheme == SIGNATURE_STANDARD
                                ? "a secret is whsec_ and the base64 of 24 to 64 bytes"
                                : "a secret has 24 to 256 letters");
}

// ---- checking ----

static code check_time(struct scope *scope, struct text timestamp) {
    int64_t at_s;

    if (!text_to_int64(timestamp, &at_s))
        return scope_fail(scope, UNAUTHENTICATED, "the time of the signature is no number");
    if (at_s < scope->now_us / US_PER_SECOND - SIGNATURE_WINDOW_S ||
        at_s > scope->now_us / US_PER_SECOND + SIGNATURE_WINDOW_S) {
        scope_fail(scope, UNAUTHENTICATED, "the time of the signature is not within %d s of ours",
                   SIGNATURE_WINDOW_S);
        return scope_hint(scope, "send it anew with a signature of now; check the sender's clock");
    }
    return OK;
}

// Every signature is compared with every secret's, whichever fits.
static bool fits_one(struct text wanted, const struct shown *shown) {
    bool fits = false;

    for (size_t i = 0; i < shown->count; i++)
        fits |= shown->signatures[i].size == wanted.size &&
                sodium_memcmp(shown->signatures[i].data, wanted.data, wanted.size) == 0;
    return fits;
}

code signature_check(struct scope *scope, enum signature_scheme scheme,
                     const struct signed_message *message, const struct text *secrets,
                     size_t secret_count, struct text *ret_key) {
    struct shown shown = {0};
    struct text name = {0};
    bool fits = false;

    TRY(schemes[scheme].read(scope, message, &shown));
    TRY(check_time(scope, shown.timestamp));
    for (size_t i = 0; i < secret_count; i++) {
        struct text key, wanted;

        if (!schemes[scheme].key(&scope->arena, secrets[i], &key))
            return scope_fail(scope, INTERNAL, "a secret of the webhook cannot be read");
        wanted = schemes[scheme].mac(&scope->arena, key, message, shown.timestamp);
        if (!fits_one(wanted, &shown))
            continue;
        fits = true;
        name = schemes[scheme].name(scope, message, wanted);
    }
    if (!fits)
        return scope_fail(scope, UNAUTHENTICATED, "the signature is not that of this message");
    *ret_key = name;
    return OK;
}

struct text signature_make(struct arena *arena, enum signature_scheme scheme, struct text secret,
                           const struct signed_message *message) {
    struct text key = {0};
    struct text made;

    if (!schemes[scheme].key(arena, secret, &key))
        return (struct text){0};
    made = schemes[scheme].mac(arena, key, message, message->timestamp);
    return scheme == SIGNATURE_STANDARD
               ? text_printf(arena, "v1,%.*s", TEXT_ARG(made))
               : text_printf(arena, "t=%.*s,v1=%.*s", TEXT_ARG(message->timestamp), TEXT_ARG(made));
}

// SPDX-License-Identifier: Apache-2.0
// The canonical form is hashed as it is made, in pieces of a line. OpenSSL has RSA and SHA-256 (in
// hardware where there is some), libsodium Ed25519.
#include "push/mail/dkim.h"

#include "base/base64.h"
#include "base/time.h"
#include "govern/access/secret.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <stdlib.h>

enum { RSA_BITS = 2048, HASH_BYTES = 32, MAX_FIELDS = 100, SIGNATURE_BYTES = 1024 };

const char *const dkim_algorithm_names[] = {"rsa-sha256", "ed25519-sha256", NULL};

struct dkim_key {
    enum dkim_algorithm algorithm;
    char domain[256];
    char selector[64];
    EVP_PKEY *rsa;
    EVP_PKEY_CTX *rsa_context; // made once: a context costs a tenth of a signature
    unsigned char ed25519[crypto_sign_SECRETKEYBYTES];
};

static code fail_openssl(struct scope *scope, const char *what) {
    return scope_fail(scope, INTERNAL, "OpenSSL cannot %s", what);
}

// ---- keys ----

static code make_rsa(struct scope *scope, struct text *ret_secret) {
    EVP_PKEY *key = EVP_RSA_gen(RSA_BITS);
    PKCS8_PRIV_KEY_INFO *info = key ? EVP_PKEY2PKCS8(key) : NULL;
    unsigned char *der = NULL;
    const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1;

    if (size > 0) {
        *ret_secret =
            base64_encode(&scope->arena, (struct text){(char *)der, (size_t)size}, BASE64_STANDARD);
        sodium_memzero(der, (size_t)size);
    }
    OPENSSL_free(der);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(key);
    return size > 0 ? OK : fail_openssl(scope, "make an RSA key");
}

code dkim_secret_make(struct scope *scope, enum dkim_algorithm algorithm, struct text *ret_secret) {
    unsigned char seed[crypto_sign_SEEDBYTES];

    secret_start();
    if (algorithm == DKIM_RSA)
        return make_rsa(scope, ret_secret);
    randombytes_buf(seed, sizeof(seed));
    *ret_secret =
        base64_encode(&scope->arena, (struct text){(char *)seed, sizeof(seed)}, BASE64_STANDARD);
    sodium_memzero(seed, sizeof(seed));
    return OK;
}

static bool open_rsa(struct dkim_key *key, struct text der) {
    const unsigned char *at = (const unsigned char *)der.data;

    key->rsa = d2i_AutoPrivateKey(NULL, &at, (long)der.size);
    if (!key->rsa || EVP_PKEY_get_base_id(key->rsa) != EVP_PKEY_RSA ||
        EVP_PKEY_get_bits(key->rsa) < 1024 || EVP_PKEY_get_bits(key->rsa) > SIGNATURE_BYTES * 8)
        return false;
    key->rsa_context = EVP_PKEY_CTX_new(key->rsa, NULL);
    return key->rsa_context && EVP_PKEY_sign_init(key->rsa_context) > 0 &&
           EVP_PKEY_CTX_set_rsa_padding(key->rsa_context, RSA_PKCS1_PADDING) > 0 &&
           EVP_PKEY_CTX_set_signature_md(key->rsa_context, EVP_sha256()) > 0;
}

static bool open_ed25519(struct dkim_key *key, struct text seed) {
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES];

    return seed.size == crypto_sign_SEEDBYTES &&
           crypto_sign_seed_keypair(public_key, key->ed25519, (const unsigned char *)seed.data) ==
               0;
}

code dkim_key_open(struct scope *scope, enum dkim_algorithm algorithm, struct text domain,
                   struct text selector, struct text secret, struct dkim_key **ret_key) {
    struct dkim_key *key;
    struct text bytes;

    secret_start();
    if (domain.size >= sizeof(key->domain) || selector.size >= sizeof(key->selector))
        return scope_fail(scope, INVALID, "the name of a DKIM key is too long");
    key = calloc(1, sizeof(*key));
    if (!key)
        abort();
    key->algorithm = algorithm;
    memcpy(key->domain, domain.data, domain.size);
    memcpy(key->selector, selector.data, selector.size);
    if (!base64_decode(&scope->arena, secret, BASE64_STANDARD, &bytes) ||
        !(algorithm == DKIM_RSA ? open_rsa(key, bytes) : open_ed25519(key, bytes))) {
        dkim_key_free(key);
        return scope_fail(scope, CONFLICT, "the secret of the DKIM key %.*s is not one of %s",
                          TEXT_ARG(selector), dkim_algorithm_names[algorithm - 1]);
    }
    *ret_key = key;
    return OK;
}

void dkim_key_free(struct dkim_key *key) {
    if (!key)
        return;
    EVP_PKEY_CTX_free(key->rsa_context);
    EVP_PKEY_free(key->rsa);
    sodium_memzero(key, sizeof(*key));
    free(key);
}

code dkim_record(struct scope *scope, const struct dkim_key *key, struct text *ret_record) {
    unsigned char raw[crypto_sign_PUBLICKEYBYTES];
    unsigned char *der = NULL;
    struct text public_key = {(char *)raw, sizeof(raw)};
    int size;

    if (key->algorithm == DKIM_RSA) {
        size = i2d_PUBKEY(key->rsa, &der);
        if (size <= 0)
            return fail_openssl(scope, "write a public key");
        public_key = (struct text){(char *)der, (size_t)size};
    } else {
        crypto_sign_ed25519_sk_to_pk(raw, key->ed25519);
    }
    public_key = base64_encode(&scope->arena, public_key, BASE64_STANDARD);
    OPENSSL_free(der);
    *ret_record = text_printf(&scope->arena, "v=DKIM1; k=%s; p=%.*s",
                              key->algorithm == DKIM_RSA ? "rsa" : "ed25519", TEXT_ARG(public_key));
    return OK;
}

// ---- the canonical form ----

// Of one header field, as it lies in the message.
struct field {
    struct text name;
    struct text value; // behind the colon, folds and all
};

struct header {
    struct field fields[MAX_FIELDS];
    size_t count;
    struct text body;
};

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t';
}

// The end of the field that begins at `at`: the line end that no blank follows.
static size_t field_end(struct text message, size_t at) {
    for (; at < message.size; at++)
        if (message.data[at] == '\n' && (at + 1 == message.size || !is_blank(message.data[at + 1])))
            return at + 1;
    return message.size;
}

static void header_read(struct text message, struct header *header) {
    size_t at = 0;

    header->count = 0;
    while (at < message.size && message.data[at] != '\r' && message.data[at] != '\n') {
        const size_t end = field_end(message, at);
        struct field *field = &header->fields[header->count];

        field->name = text_split((struct text){message.data + at, end - at}, ':', &field->value);
        header->count += header->count < MAX_FIELDS - 1;
        at = end;
    }
    at += at < message.size && message.data[at] == '\r';
    at += at < message.size;
    header->body = (struct text){message.data + at, message.size - at};
}

// Relaxed (RFC 6376, 3.4.2): the name small, runs of blanks one blank, none at the ends.
static void add_relaxed(struct buffer *out, struct text name, struct text value) {
    bool blank_due = false, is_first = true;
    char *const start = buffer_reserve(out, name.size + value.size + 4);
    char *to = start;

    name = text_trim(name);
    for (size_t at = 0; at < name.size; at++)
        *to++ = (char)(name.data[at] >= 'A' && name.data[at] <= 'Z' ? name.data[at] + 32
                                                                    : name.data[at]);
    *to++ = ':';
    for (size_t at = 0; at < value.size; at++) {
        const char byte = value.data[at];

        if (byte == '\r' || byte == '\n')
            continue;
        if (is_blank(byte)) {
            blank_due = true;
            continue;
        }
        if (blank_due && !is_first)
            *to++ = ' ';
        blank_due = is_first = false;
        *to++ = byte;
    }
    out->size += (size_t)(to - start);
}

// Relaxed (RFC 6376, 3.4.4): blanks at line ends go, runs become one blank, empty lines at the end
// are as if they were not there.
static void hash_body(struct text body, unsigned char hash[HASH_BYTES]) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    char *const start = buffer_reserve(&out, body.size + 2);
    char *to = start, *end = start; // end: behind the last line with something on it
    bool blank_due = false;

    for (size_t at = 0; at < body.size; at++) {
        const char byte = body.data[at];

        if (byte == '\n') {
            to = mempcpy(to, "\r\n", 2);
            blank_due = false;
        } else if (is_blank(byte)) {
            blank_due = true;
        } else if (byte != '\r') {
            if (blank_due)
                *to++ = ' ';
            blank_due = false;
            *to++ = byte;
            end = to;
        }
    }
    if (end > start)
        end = mempcpy(end, "\r\n", 2);
    EVP_Digest(start, (size_t)(end - start), hash, NULL, EVP_sha256(), NULL);
}

static bool is_named(const struct field *field, struct text name) {
    return text_equal_ascii_case(text_trim(field->name), name);
}

// The fields that h= names, each name taking the last one not taken yet; one that is not there adds
// nothing.
static void add_signed_fields(struct buffer *out, const struct header *header, struct text names) {
    bool taken[MAX_FIELDS] = {0};

    while (names.size > 0) {
        const struct text name = text_trim(text_split(names, ':', &names));

        for (size_t i = header->count; i-- > 0;) {
            if (taken[i] || !is_named(&header->fields[i], name))
                continue;
            taken[i] = true;
            add_relaxed(out, header->fields[i].name, header->fields[i].value);
            buffer_add_string(out, "\r\n");
            break;
        }
    }
}

// ---- signing ----

static code sign_hash(struct scope *scope, struct dkim_key *key,
                      const unsigned char hash[HASH_BYTES], struct text *ret_base64) {
    unsigned char signature[SIGNATURE_BYTES];
    size_t size = sizeof(signature);
    unsigned long long ed25519_size;

    if (key->algorithm == DKIM_RSA) {
        if (EVP_PKEY_sign(key->rsa_context, signature, &size, hash, HASH_BYTES) <= 0)
            return fail_openssl(scope, "sign");
    } else {
        crypto_sign_detached(signature, &ed25519_size, hash, HASH_BYTES, key->ed25519);
        size = (size_t)ed25519_size;
    }
    *ret_base64 =
        base64_encode(&scope->arena, (struct text){(char *)signature, size}, BASE64_STANDARD);
    return OK;
}

// `fields`: the signed fields in canonical form; `field`: the signature's own, with an empty b=.
static code sign_fields(struct scope *scope, struct dkim_key *key, const struct buffer *fields,
                        struct text field, struct text *ret_base64) {
    CLEANUP(buffer_clear) struct buffer input = {0};
    unsigned char hash[HASH_BYTES];
    struct text value;
    const struct text name = text_split(field, ':', &value);

    buffer_add_text(&input, buffer_text(fields));
    add_relaxed(&input, name, value);
    EVP_Digest(input.data, input.size, hash, NULL, EVP_sha256(), NULL);
    return sign_hash(scope, key, hash, ret_base64);
}

// The value of a tag of a signature field; empty when it has none.
static struct text tag_value(struct text field, const char *tag) {
    struct text rest;

    text_split(field, ':', &rest);
    while (rest.size > 0) {
        struct text value;
        const struct text part = text_split(rest, ';', &rest);

        if (text_is(text_trim(text_split(part, '=', &value)), tag))
            return value;
    }
    return (struct text){0};
}

code dkim_body_hash(struct scope *scope, struct text message, struct text *ret_base64) {
    unsigned char hash[HASH_BYTES];
    struct header header;

    header_read(message, &header);
    hash_body(header.body, hash);
    *ret_base64 =
        base64_encode(&scope->arena, (struct text){(char *)hash, sizeof(hash)}, BASE64_STANDARD);
    return OK;
}

code dkim_sign_as(struct scope *scope, struct dkim_key *key, struct text message, struct text field,
                  struct text *ret_base64) {
    CLEANUP(buffer_clear) struct buffer fields = {0};
    struct header header;

    header_read(message, &header);
    add_signed_fields(&fields, &header, tag_value(field, "h"));
    return sign_fields(scope, key, &fields, field, ret_base64);
}

// What is covered where it stands in the message. Those of the first list are named once more than
// they occur: a second one, put there on the way, breaks the signature.
static struct text names_of(struct scope *scope, const struct header *header) {
    static const char *const once_more[] = {"From",
                                            "To",
                                            "Reply-To",
                                            "Subject",
                                            "Date",
                                            "List-Unsubscribe",
                                            "List-Unsubscribe-Post",
                                            "Feedback-ID"};
    static const char *const once[] = {"Message-ID",     "List-Id",
                                       "MIME-Version",   "Content-Type",
                                       "Auto-Submitted", "Content-Transfer-Encoding"};
    CLEANUP(buffer_clear) struct buffer names = {0};

    for (size_t i = 0; i < header->count; i++)
        for (size_t k = 0; k < sizeof(once_more) / sizeof(*once_more); k++)
            if (is_named(&header->fields[i], text_of(once_more[k])))
                buffer_printf(&names, "%s:", once_more[k]);
    for (size_t i = 0; i < header->count; i++)
        for (size_t k = 0; k < sizeof(once) / sizeof(*once); k++)
            if (is_named(&header->fields[i], text_of(once[k])))
                buffer_printf(&names, "%s:", once[k]);
    for (size_t k = 0; k < sizeof(once_more) / sizeof(*once_more); k++)
        buffer_printf(&names, "%s%s", k ? ":" : "", once_more[k]);
    return text_copy(&scope->arena, buffer_text(&names));
}

// Folded behind a colon, so that no line passes 76.
static void add_names(struct buffer *out, struct text names) {
    size_t column = 3;

    buffer_add_string(out, "\r\n\th=");
    while (names.size > 0) {
        const struct text name = text_split(names, ':', &names);

        if (column + name.size + 1 > 74) {
            buffer_add_string(out, "\r\n\t ");
            column = 2;
        }
        buffer_add_text(out, name);
        buffer_add_char(out, names.size > 0 ? ':' : ';');
        column += name.size + 1;
    }
}

static void add_folded(struct buffer *out, struct text base64) {
    for (size_t at = 0; at < base64.size; at += 72) {
        if (at > 0)
            buffer_add_string(out, "\r\n\t ");
        buffer_add(out, base64.data + at, base64.size - at < 72 ? base64.size - at : 72);
    }
}

code dkim_sign(struct scope *scope, struct dkim_key *const *keys, size_t key_count,
               struct text message, int64_t at_us, struct buffer *out) {
    CLEANUP(buffer_clear) struct buffer fields = {0};
    unsigned char hash[HASH_BYTES];
    struct header header;
    struct text names, body_hash, signature;
    bool has_from = false;

    header_read(message, &header);
    for (size_t i = 0; i < header.count; i++)
        has_from |= is_named(&header.fields[i], TEXT("From"));
    if (!has_from)
        return scope_fail(scope, INVALID, "the message to sign has no From");
    names = names_of(scope, &header);
    add_signed_fields(&fields, &header, names);
    hash_body(header.body, hash);
    body_hash =
        base64_encode(&scope->arena, (struct text){(char *)hash, sizeof(hash)}, BASE64_STANDARD);
    for (size_t i = 0; i < key_count; i++) {
        const size_t start = out->size;

        buffer_printf(out,
                      "DKIM-Signature: v=1; a=%s; c=relaxed/relaxed;\r\n\td=%s;\r\n\ts=%s; t=%lld;",
                      dkim_algorithm_names[keys[i]->algorithm - 1], keys[i]->domain,
                      keys[i]->selector, (long long)(at_us / US_PER_SECOND));
        add_names(out, names);
        buffer_printf(out, "\r\n\tbh=%.*s;\r\n\tb=", TEXT_ARG(body_hash));
        TRY(sign_fields(scope, keys[i], &fields,
                        (struct text){out->data + start, out->size - start}, &signature));
        add_folded(out, signature);
        buffer_add_string(out, "\r\n");
    }
    return OK;
}

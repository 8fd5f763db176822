// SPDX-License-Identifier: Apache-2.0
// libsodium's secretbox (XSalsa20 and Poly1305): nonce, then the box, as base64.
#include "govern/access/seal.h"

#include "base/base64.h"
#include "govern/access/secret.h"
#include "store/job_lease.h"
#include "store/setting.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum {
    KEY_BYTES = crypto_secretbox_KEYBYTES,
    NONCE_BYTES = crypto_secretbox_NONCEBYTES,
    FINGERPRINT_BYTES = 16,
};
#define KEY_SETTING "access_key"

static code fail_file(struct scope *scope, const char *verb, const char *path) {
    return scope_fail(scope, errno == ENOSPC ? STORAGE_FULL : UNAVAILABLE, "cannot %s %s: %s", verb,
                      path, strerror(errno));
}

static bool write_key(int fd) {
    unsigned char key[KEY_BYTES];
    bool written;

    randombytes_buf(key, sizeof(key));
    written = write(fd, key, sizeof(key)) == (ssize_t)sizeof(key) && fsync(fd) == 0;
    sodium_memzero(key, sizeof(key));
    return written;
}

// Whole under its name or not at all; of two at once the first stands.
static code make_key(struct scope *scope, const char *path) {
    const char *unfinished = arena_printf(&scope->arena, "%s.%ld", path, (long)gettid());
    const int fd = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    code result = OK;

    if (fd < 0)
        return fail_file(scope, "make", unfinished);
    if (!write_key(fd) || (link(unfinished, path) != 0 && errno != EEXIST))
        result = fail_file(scope, "make", path);
    close(fd);
    unlink(unfinished);
    return result;
}

static code read_key_file(struct scope *scope, unsigned char key[KEY_BYTES]) {
    const char *path =
        arena_printf(&scope->arena, "%s/" ACCESS_KEY_FILE, store_path(session_store(scope)));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t size;

    secret_start();
    if (fd < 0 && errno == ENOENT) {
        TRY(make_key(scope, path));
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    }
    if (fd < 0)
        return fail_file(scope, "open", path);
    size = read(fd, key, KEY_BYTES);
    close(fd);
    return size == KEY_BYTES ? OK : scope_fail(scope, CONFLICT, "%s holds no key", path);
}

// ---- one key for all ----

// The key cannot be worked out from it.
static struct text fingerprint_of(struct scope *scope, const unsigned char key[KEY_BYTES]) {
    static const unsigned char what[] = "fingerprint of access.key";
    unsigned char hash[FINGERPRINT_BYTES];
    char *hex = arena_alloc(&scope->arena, sizeof(hash) * 2 + 1);

    crypto_generichash(hash, sizeof(hash), what, sizeof(what) - 1, key, KEY_BYTES);
    return text_of(sodium_bin2hex(hex, sizeof(hash) * 2 + 1, hash, sizeof(hash)));
}

static code fail_other_key(struct scope *scope) {
    scope_fail(scope, CONFLICT,
               "%s/" ACCESS_KEY_FILE " is not the key that other processes on this database use",
               store_path(session_store(scope)));
    return scope_hint(scope, "put theirs there (mode 0600); when it is lost, DELETE FROM "
                             "tessera.setting WHERE name = 'access_key', and set second factors up "
                             "anew: `tessera account invite NAME --reset-second-factor`");
}

// A key is not made where another one is in use already.
static code check_not_missing(struct scope *scope) {
    const char *path =
        arena_printf(&scope->arena, "%s/" ACCESS_KEY_FILE, store_path(session_store(scope)));
    struct text known;

    if (access(path, F_OK) == 0)
        return OK;
    TRY(setting_keep_first(scope, KEY_SETTING, (struct text){0}, &known));
    return known.size == 0 || access(path, F_OK) == 0 ? OK : fail_other_key(scope);
}

static code read_key(struct scope *scope, unsigned char key[KEY_BYTES]) {
    struct text own, known;

    if (!job_lease_is_needed(scope))
        return read_key_file(scope, key);
    TRY(check_not_missing(scope));
    TRY(read_key_file(scope, key));
    own = fingerprint_of(scope, key);
    TRY(setting_keep_first(scope, KEY_SETTING, own, &known));
    return text_equal(own, known) ? OK : fail_other_key(scope);
}

code seal_check(struct scope *scope) {
    unsigned char key[KEY_BYTES];
    code result = OK;

    if (job_lease_is_needed(scope))
        result = read_key(scope, key);
    sodium_memzero(key, sizeof(key));
    return result;
}

// ---- sealing ----

code seal(struct scope *scope, struct text secret, struct text *ret_sealed) {
    const size_t size = NONCE_BYTES + crypto_secretbox_MACBYTES + secret.size;
    unsigned char *box = arena_alloc(&scope->arena, size);
    unsigned char key[KEY_BYTES];

    TRY(read_key(scope, key));
    randombytes_buf(box, NONCE_BYTES);
    crypto_secretbox_easy(box + NONCE_BYTES, (const unsigned char *)secret.data, secret.size, box,
                          key);
    sodium_memzero(key, sizeof(key));
    *ret_sealed = base64_encode(&scope->arena, (struct text){(char *)box, size}, BASE64_STANDARD);
    return OK;
}

code unseal(struct scope *scope, struct text sealed, struct text *ret_secret) {
    const size_t overhead = NONCE_BYTES + crypto_secretbox_MACBYTES;
    unsigned char key[KEY_BYTES];
    unsigned char *secret;
    struct text box;
    int status = -1;

    TRY(read_key(scope, key));
    if (base64_decode(&scope->arena, sealed, BASE64_STANDARD, &box) && box.size >= overhead) {
        const unsigned char *bytes = (const unsigned char *)box.data;

        secret = arena_alloc(&scope->arena, box.size - overhead + 1);
        status = crypto_secretbox_open_easy(secret, bytes + NONCE_BYTES, box.size - NONCE_BYTES,
                                            bytes, key);
    }
    sodium_memzero(key, sizeof(key));
    if (status != 0) {
        scope_fail(scope, CONFLICT, "access.key does not open what was sealed in this ledger");
        return scope_hint(scope, "restore the file that belongs to it, or set second factors up "
                                 "anew: `tessera account invite NAME --reset-second-factor`");
    }
    *ret_secret = (struct text){(char *)secret, box.size - overhead};
    return OK;
}

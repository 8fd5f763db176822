// SPDX-License-Identifier: Apache-2.0
#include "govern/access/seal.h"
#include "store/store_testing.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *key_path(struct scope *scope) {
    return arena_printf(&scope->arena, "%s/access.key", store_path(session_store(scope)));
}

TEST(what_was_sealed_is_read_again_after_a_restart) {
    struct text sealed, again, secret;
    struct stat status;

    test_store(scope);
    CHECK_OK(seal(scope, TEXT("twenty secret bytes!"), &sealed));
    CHECK_OK(seal(scope, TEXT("twenty secret bytes!"), &again));
    CHECK(!text_equal(sealed, again));
    test_store_reopen(scope);
    CHECK_OK(unseal(scope, sealed, &secret));
    CHECK_TEXT(secret, "twenty secret bytes!");
    CHECK(stat(key_path(scope), &status) == 0);
    CHECK_INT(status.st_mode & 0777, 0600);
    CHECK_INT(status.st_size, 32);
}

TEST(without_its_key_or_changed_it_is_not_read) {
    struct text sealed, secret;
    char *changed;

    test_store(scope);
    CHECK_OK(seal(scope, TEXT("twenty secret bytes!"), &sealed));
    changed = text_string(&scope->arena, sealed);
    changed[sealed.size / 2] = changed[sealed.size / 2] == 'A' ? 'B' : 'A';
    CHECK_CODE(unseal(scope, text_of(changed), &secret), CONFLICT);
    scope_forgive(scope);
    CHECK_CODE(unseal(scope, TEXT("AAAA"), &secret), CONFLICT);
    scope_forgive(scope);
    CHECK(unlink(key_path(scope)) == 0);
    CHECK_CODE(unseal(scope, sealed, &secret), CONFLICT);
}

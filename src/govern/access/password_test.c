// SPDX-License-Identifier: Apache-2.0
#include "govern/access/password.h"
#include "store/store_testing.h"

#include <sodium.h>

__attribute__((nonnull(3))) static void expect_refused(struct scope *scope, struct text password,
                                                       const char *part) {
    CHECK_CODE(password_check(scope, password, TEXT("annabel")), INVALID);
    CHECK_STRING(scope->failure.field, "password");
    if (!strstr(scope->failure.message, part))
        test_fail(__FILE__, __LINE__, "\"%s\" does not say \"%s\"", scope->failure.message, part);
    scope_forgive(scope);
}

static struct text repeated(struct scope *scope, const char *part, int times) {
    CLEANUP(buffer_clear) struct buffer text = {0};

    for (int i = 0; i < times; i++)
        buffer_add_string(&text, part);
    return text_copy(&scope->arena, buffer_text(&text));
}

TEST(passwords_have_8_to_128_characters_of_any_kind) {
    expect_refused(scope, TEXT(""), "fewer than 8");
    expect_refused(scope, TEXT("xkpqvzt"), "fewer than 8");
    expect_refused(scope, repeated(scope, "ä", 7), "fewer than 8");
    CHECK_OK(password_check(scope, TEXT("xkpqvztw"), TEXT("annabel")));
    CHECK_OK(password_check(scope, TEXT("    ~ ~ "), TEXT("annabel")));
    CHECK_OK(password_check(scope, repeated(scope, "ä", 8), TEXT("annabel")));
    CHECK_OK(password_check(scope, repeated(scope, "🐘", 128), TEXT("annabel")));
    expect_refused(scope, repeated(scope, "🐘", 129), "more than 128");
    expect_refused(scope, TEXT("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"), "UTF-8");
}

TEST(common_passwords_and_the_name_of_the_account_are_refused) {
    static const char *const common[] = {
        "password",   "Password1", "PASSWORD123", "p@ssw0rd",    "12345678", "1234567890",
        "qwertyuiop", "iloveyou",  "Sunshine!",   "Tessera2026", "11111111", "passwordpassword",
    };

    for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
        expect_refused(scope, text_of(common[i]), "most common");
    expect_refused(scope, TEXT("Annabel12"), "name of the account");
    CHECK_OK(password_check(scope, TEXT("annabel likes tea"), TEXT("annabel")));
    CHECK_OK(password_check(scope, TEXT("correct horse"), TEXT("")));
}

TEST(the_table_of_common_passwords_is_sorted_and_long) {
    CHECK(common_password_count >= 3000);
    for (size_t i = 0; i < common_password_count; i++) {
        CHECK(strlen(common_passwords[i]) >= 8 && strlen(common_passwords[i]) <= 32);
        CHECK(i == 0 || strcmp(common_passwords[i - 1], common_passwords[i]) < 0);
    }
}

TEST(a_password_is_kept_by_argon2id_and_fits_itself_alone) {
    const struct text password = TEXT("a clock without hands");
    struct text hash, again;
    bool fits = false;

    test_store(scope);
    CHECK_OK(password_hash(scope, password, &hash));
    CHECK_OK(password_hash(scope, password, &again));
    CHECK(text_starts_with(hash, TEXT("$argon2id$v=19$m=19456,t=2,p=1$")));
    CHECK(!text_equal(hash, again)); // salted
    CHECK_OK(password_verify(scope, hash, password, &fits));
    CHECK(fits);
    CHECK_OK(password_verify(scope, hash, TEXT("a clock without hand"), &fits));
    CHECK(!fits);
    CHECK_OK(password_verify(scope, hash, TEXT("A clock without hands"), &fits));
    CHECK(!fits);
    CHECK_OK(password_verify(scope, TEXT(""), TEXT("nobody"), &fits));
    CHECK(!fits);
}

TEST(nothing_of_a_long_password_is_cut_off) {
    const struct text password = repeated(scope, "🐘", 128);
    char *other = arena_copy(&scope->arena, password.data, password.size);
    struct text hash;
    bool fits = true;

    test_store(scope);
    other[password.size - 1]++;
    CHECK_OK(password_hash(scope, password, &hash));
    CHECK_OK(password_verify(scope, hash, (struct text){other, password.size}, &fits));
    CHECK(!fits);
}

// SPDX-License-Identifier: Apache-2.0
#include "push/mail/verp.h"

#include "base/test.h"

#include <ctype.h>

static const unsigned char key[VERP_KEY_BYTES] = "a key of thirty-two bytes for it";

TEST(a_return_path_is_read_back_and_no_other_is) {
    const struct text made =
        verp_make(&scope->arena, key, INT64_C(7123456789012345678), TEXT("bounce.example.org"));
    char *changed = text_string(&scope->arena, made);
    int64_t id = 0;

    CHECK(text_starts_with(made, TEXT("b+7123456789012345678.")));
    CHECK(strchr(changed, '@') - changed <= 64);
    CHECK(verp_read(key, made, &id));
    CHECK_INT(id, INT64_C(7123456789012345678));
    for (size_t at = 0; at < made.size - strlen("@bounce.example.org"); at++) {
        const char before = changed[at];

        changed[at] = before == '0' ? '1' : '0';
        CHECK(!verp_read(key, text_of(changed), &id));
        changed[at] = (char)toupper((unsigned char)before); // relays do
        CHECK(verp_read(key, text_of(changed), &id));
        changed[at] = before;
    }
    CHECK(!verp_read((const unsigned char *)"another key of thirty-two bytes!", made, &id));
    CHECK(!verp_read(key, TEXT("b+"), &id));
    CHECK(!verp_read(key, TEXT("b+1.@x"), &id));
}

// SPDX-License-Identifier: Apache-2.0
#include "base/name.h"

#include "base/limits.h"

code name_check(struct scope *scope, struct text name) {
    bool plain = name.size > 0 && text_equal(name, text_trim(name)) && text_is_utf8(name);

    for (size_t i = 0; i < name.size; i++)
        plain = plain && (unsigned char)name.data[i] >= ' ' && name.data[i] != 0x7f;
    if (name.size > LIMIT_NAME_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "name", "a name of %zu bytes is past %d",
                                name.size, LIMIT_NAME_BYTES);
    if (!plain)
        return scope_fail_field(scope, INVALID, "name",
                                "a name is a text without blanks around it: \"%.*s\"",
                                TEXT_ARG(name));
    return OK;
}

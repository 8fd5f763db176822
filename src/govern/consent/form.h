// SPDX-License-Identifier: Apache-2.0
// The body of a form that a browser or a mailbox provider sent: application/x-www-form-urlencoded
// or multipart/form-data, told apart by how it begins. Small ones only; no files.
#pragma once

#include "base/scope.h"

#include <stddef.h>

enum { FORM_MOST_FIELDS = 200, FORM_MOST_BYTES = 64 << 10 };

struct form_field {
    struct text name, value;
};
struct form {
    struct form_field *fields; // in the arena
    size_t count;
};

// INVALID for anything broken, what is not UTF-8 and what has a NUL; TOO_LARGE past the limits.
code form_parse(struct scope *scope, struct text body, struct form *ret_form);
// The first value of that name; data NULL when there is none.
struct text form_value(const struct form *form, const char *name);

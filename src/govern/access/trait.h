// SPDX-License-Identifier: Apache-2.0
// Traits: what of a customer's profile can be told to programs that show an API key, each key its
// own list. What stands in no list is told to none.
#pragma once

#include "base/text.h"

enum { TRAITS_OF_KEY_MOST = 32 };

// The columns of a customer's profile, NULL-terminated: "language", "birth_on", …
extern const char *const trait_columns[];

// One of the columns, or "attributes." and the name of anything else that sources say.
bool trait_is_known(struct text name);
// The name behind "attributes."; without data for a column.
struct text trait_attribute(struct text name);

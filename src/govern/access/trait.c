// SPDX-License-Identifier: Apache-2.0
#include "govern/access/trait.h"

#include "base/limits.h"

// In the order of analyze/decide/decide.sql.
const char *const trait_columns[] = {"name",     "given_name", "family_name", "company",
                                     "birth_on", "gender",     "language",    "postal_code",
                                     "city",     "region",     "country",     NULL};

struct text trait_attribute(struct text name) {
    const struct text prefix = TEXT("attributes.");

    if (!text_starts_with(name, prefix) || name.size == prefix.size)
        return (struct text){0};
    return (struct text){.data = name.data + prefix.size, .size = name.size - prefix.size};
}

bool trait_is_known(struct text name) {
    if (name.size > LIMIT_NAME_BYTES || text_contains(name, '\0'))
        return false;
    for (size_t i = 0; trait_columns[i]; i++)
        if (text_is(name, trait_columns[i]))
            return true;
    return trait_attribute(name).data != NULL;
}

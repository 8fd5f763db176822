// SPDX-License-Identifier: Apache-2.0
// Roles and what they may do: the one table of permissions.
#pragma once

#include "base/text.h"
#include "govern/access/access.h"

#include <stdbool.h>

// Names stand in the ledger and in documents: never give an old one to another role.
enum role {
    ROLE_ADMINISTRATOR,
    ROLE_MARKETER,
    ROLE_AGENT,
    ROLE_ANALYST,
    ROLE_DATA_PROTECTION_OFFICER,
    ROLE_COUNT
};

extern const char *const role_names[]; // "administrator", …, NULL-terminated

bool role_parse(struct text name, enum role *ret_role);
uint32_t role_permissions(enum role role);
// Of somebody who is not signed in.
uint32_t role_nobody_permissions(void);
// Until they have a second factor, where one is required, they may only get one.
uint32_t role_permissions_without_factor(void);
bool role_needs_second_factor(enum role role);

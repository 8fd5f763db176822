// SPDX-License-Identifier: Apache-2.0
#include "govern/access/role.h"

const char *const role_names[] = {
    [ROLE_ADMINISTRATOR] = "administrator",
    [ROLE_MARKETER] = "marketer",
    [ROLE_AGENT] = "agent",
    [ROLE_ANALYST] = "analyst",
    [ROLE_DATA_PROTECTION_OFFICER] = "data_protection_officer",
    [ROLE_COUNT] = NULL,
};

enum { OWN_ACCOUNT = MAY_SIGN_IN | MAY_USE_ACCOUNT };

// Nobody who signs in names files of the server by their path. Who serves customers or writes to
// them sees whole addresses when they ask for them, which is recorded; who looks for patterns does
// not.
static const struct {
    uint32_t permissions;
    bool needs_second_factor;
} roles[ROLE_COUNT] = {
    [ROLE_ADMINISTRATOR] = {MAY_EVERYTHING & ~(uint32_t)MAY_NAME_PATHS, true},
    [ROLE_MARKETER] = {OWN_ACCOUNT | MAY_READ_CUSTOMERS | MAY_UNMASK_IDENTIFIERS |
                           MAY_CHANGE_CUSTOMERS | MAY_READ_REPORTS | MAY_READ_SEGMENTS |
                           MAY_CHANGE_SEGMENTS | MAY_EXPORT | MAY_IMPORT | MAY_READ_JOBS |
                           MAY_CONTROL_JOBS | MAY_DECIDE | MAY_CHANGE_CAMPAIGNS,
                       false},
    [ROLE_AGENT] = {OWN_ACCOUNT | MAY_READ_CUSTOMERS | MAY_UNMASK_IDENTIFIERS |
                        MAY_CHANGE_CUSTOMERS | MAY_READ_SEGMENTS,
                    false},
    [ROLE_ANALYST] = {OWN_ACCOUNT | MAY_READ_CUSTOMERS | MAY_READ_REPORTS | MAY_READ_SEGMENTS |
                          MAY_CHANGE_SEGMENTS | MAY_QUERY_SQL | MAY_READ_JOBS,
                      false},
    [ROLE_DATA_PROTECTION_OFFICER] = {OWN_ACCOUNT | MAY_READ_CUSTOMERS | MAY_UNMASK_IDENTIFIERS |
                                          MAY_READ_REPORTS | MAY_READ_SEGMENTS | MAY_READ_JOBS |
                                          MAY_READ_AUDIT,
                                      true},
};

bool role_parse(struct text name, enum role *ret_role) {
    for (int role = 0; role < ROLE_COUNT; role++)
        if (text_is(name, role_names[role])) {
            *ret_role = (enum role)role;
            return true;
        }
    return false;
}

uint32_t role_permissions(enum role role) {
    return roles[role].permissions;
}

uint32_t role_nobody_permissions(void) {
    return MAY_SIGN_IN;
}

uint32_t role_permissions_without_factor(void) {
    return OWN_ACCOUNT;
}

bool role_needs_second_factor(enum role role) {
    return roles[role].needs_second_factor;
}

// SPDX-License-Identifier: Apache-2.0
#include "govern/access/access.h"

#include <stddef.h>

static const struct {
    uint32_t bit;
    const char *name;
} permissions[] = {
    {MAY_READ_CUSTOMERS, "read customers"},
    {MAY_UNMASK_IDENTIFIERS, "see identifiers unmasked"},
    {MAY_CHANGE_CUSTOMERS, "change customers"},
    {MAY_READ_REPORTS, "read reports"},
    {MAY_READ_SEGMENTS, "read segments"},
    {MAY_CHANGE_SEGMENTS, "change segments"},
    {MAY_EXPORT, "export"},
    {MAY_IMPORT, "import"},
    {MAY_QUERY_SQL, "query by SQL"},
    {MAY_READ_JOBS, "read jobs"},
    {MAY_CONTROL_JOBS, "control jobs"},
    {MAY_READ_AUDIT, "read the audit log"},
    {MAY_CHANGE_SETTINGS, "change settings"},
    {MAY_SIGN_IN, "sign in"},
    {MAY_USE_ACCOUNT, "use an account"},
    {MAY_MANAGE_ACCESS, "manage accounts and keys"},
    {MAY_READ_METRICS, "read the server's metrics"},
    {MAY_NAME_PATHS, "name files of the server"},
};

const char *permission_name(uint32_t permission) {
    for (size_t i = 0; i < sizeof(permissions) / sizeof(*permissions); i++)
        if (permissions[i].bit == permission)
            return permissions[i].name;
    return "do this";
}

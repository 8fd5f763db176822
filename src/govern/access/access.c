// SPDX-License-Identifier: Apache-2.0
#include "govern/access/access.h"

#include <assert.h>
#include <string.h>

static const struct {
    uint32_t bit;
    const char *key, *name;
} permissions[] = {
    {MAY_READ_CUSTOMERS, "read_customers", "read customers"},
    {MAY_UNMASK_IDENTIFIERS, "unmask_identifiers", "see identifiers unmasked"},
    {MAY_CHANGE_CUSTOMERS, "change_customers", "change customers"},
    {MAY_READ_REPORTS, "read_reports", "read reports"},
    {MAY_READ_SEGMENTS, "read_segments", "read segments"},
    {MAY_CHANGE_SEGMENTS, "change_segments", "change segments"},
    {MAY_EXPORT, "export", "export"},
    {MAY_IMPORT, "import", "import"},
    {MAY_QUERY_SQL, "query_sql", "query by SQL"},
    {MAY_READ_JOBS, "read_jobs", "read jobs"},
    {MAY_CONTROL_JOBS, "control_jobs", "control jobs"},
    {MAY_READ_AUDIT, "read_audit", "read the audit log"},
    {MAY_CHANGE_SETTINGS, "change_settings", "change settings"},
    {MAY_SIGN_IN, "sign_in", "sign in"},
    {MAY_USE_ACCOUNT, "use_account", "use an account"},
    {MAY_MANAGE_ACCESS, "manage_access", "manage accounts and keys"},
    {MAY_READ_METRICS, "read_metrics", "read the server's metrics"},
    {MAY_NAME_PATHS, "name_paths", "name files of the server"},
    {MAY_MANAGE_SOURCES, "manage_sources", "manage sources and their write keys"},
    {MAY_CHANGE_CAMPAIGNS, "change_campaigns", "change campaigns"},
    {MAY_DECIDE, "decide", "ask what is true of customers"},
};
static_assert(sizeof(permissions) / sizeof(*permissions) == PERMISSION_COUNT,
              "every permission has its words");

const char *permission_name(uint32_t permission) {
    for (size_t i = 0; i < PERMISSION_COUNT; i++)
        if (permissions[i].bit == permission)
            return permissions[i].name;
    return "do this";
}

const char *permission_key(uint32_t permission) {
    for (size_t i = 0; i < PERMISSION_COUNT; i++)
        if (permissions[i].bit == permission)
            return permissions[i].key;
    return NULL;
}

uint32_t permission_of_key(const char *key, size_t size) {
    for (size_t i = 0; i < PERMISSION_COUNT; i++)
        if (strlen(permissions[i].key) == size && memcmp(permissions[i].key, key, size) == 0)
            return permissions[i].bit;
    return 0;
}

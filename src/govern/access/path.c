// SPDX-License-Identifier: Apache-2.0
#include "govern/access/path.h"

#include "govern/access/access.h"

code access_name_path(struct scope *scope, const char *hint) {
    if (scope->actor.permissions & MAY_NAME_PATHS)
        return OK;
    scope_fail_field(scope, FORBIDDEN, "path", "you may not %s", permission_name(MAY_NAME_PATHS));
    return scope_hint(scope, "%s", hint);
}

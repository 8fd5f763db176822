// SPDX-License-Identifier: Apache-2.0
// Files of this machine named by their path: only the command line may, whose user can read and
// write them anyway.
#pragma once

#include "base/scope.h"

// FORBIDDEN with the field "path" and what to do instead.
code access_name_path(struct scope *scope, const char *hint);

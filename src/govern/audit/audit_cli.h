// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command audit_commands[];
extern const size_t audit_command_count;

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command hook_commands[];
extern const size_t hook_command_count;

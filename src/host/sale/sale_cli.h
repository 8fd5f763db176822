// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command sale_commands[];
extern const size_t sale_command_count;

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command lifetime_value_commands[];
extern const size_t lifetime_value_command_count;

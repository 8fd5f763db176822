// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command sql_commands[];
extern const size_t sql_command_count;

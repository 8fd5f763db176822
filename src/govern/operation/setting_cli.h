// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command setting_commands[];
extern const size_t setting_command_count;

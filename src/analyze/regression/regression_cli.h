// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command regression_commands[];
extern const size_t regression_command_count;

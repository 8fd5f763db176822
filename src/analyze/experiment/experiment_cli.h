// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command experiment_commands[];
extern const size_t experiment_command_count;

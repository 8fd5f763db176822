// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command forecast_commands[];
extern const size_t forecast_command_count;

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command attribution_commands[];
extern const size_t attribution_command_count;

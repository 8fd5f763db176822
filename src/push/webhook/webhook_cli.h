// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command webhook_commands[];
extern const size_t webhook_command_count;

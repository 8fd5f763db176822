// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command config_commands[];
extern const size_t config_command_count;

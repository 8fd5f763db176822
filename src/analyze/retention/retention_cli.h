// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command retention_commands[];
extern const size_t retention_command_count;

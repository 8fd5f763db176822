// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command sheet_commands[];
extern const size_t sheet_command_count;

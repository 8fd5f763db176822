// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command decide_commands[];
extern const size_t decide_command_count;

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command dashboard_commands[];
extern const size_t dashboard_command_count;

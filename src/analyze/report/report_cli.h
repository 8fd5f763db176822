// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command report_commands[];
extern const size_t report_command_count;

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command job_commands[];
extern const size_t job_command_count;

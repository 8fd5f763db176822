// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command churn_commands[];
extern const size_t churn_command_count;

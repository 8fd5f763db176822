// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command campaign_commands[];
extern const size_t campaign_command_count;

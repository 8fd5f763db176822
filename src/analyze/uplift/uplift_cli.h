// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command uplift_commands[];
extern const size_t uplift_command_count;

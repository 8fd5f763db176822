// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command doctor_commands[];
extern const size_t doctor_command_count;

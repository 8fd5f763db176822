// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command sms_commands[];
extern const size_t sms_command_count;

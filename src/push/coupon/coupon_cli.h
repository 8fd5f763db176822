// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command coupon_commands[];
extern const size_t coupon_command_count;

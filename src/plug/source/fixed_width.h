// SPDX-License-Identifier: Apache-2.0
// Columns at fixed places, as far as sniffing needs them. Private to this folder.
#pragma once

#include "plug/source/sniff.h"

// The sample cut into the columns of the dialect, without looking for faults.
struct table fixed_width_table(struct scope *scope, const struct sample *sample,
                               const struct source_dialect *dialect);

// SPDX-License-Identifier: Apache-2.0
// For the server's live updates: which customers that somebody looks at are others now.
#pragma once

#include "web/server.h"

// A live_look.
code touched_http_look(struct scope *scope, int64_t *seen_change_id, const int64_t *customers,
                       size_t count, enum live_change *ret_changes);

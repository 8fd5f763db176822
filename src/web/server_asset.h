// SPDX-License-Identifier: Apache-2.0
// The web app's files, out of the table that was compiled in: no path ever reaches the disk.
#pragma once

#include "web/server.h"
#include "web/server_answer.h"

// The file of this path. An address of the app's own, as "/customers/12", is answered by
// "/index.html"; NULL when there is nothing.
const struct asset *asset_find(const struct asset *assets, size_t count, struct text path);

// 304 when the reader has it already.
void asset_answer(struct answer *answer, const struct asset *asset, struct text if_none_match,
                  bool takes_gzip);

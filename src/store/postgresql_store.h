// SPDX-License-Identifier: Apache-2.0
// What all sessions of a store in PostgreSQL share: whether the database is one to trust, the pool,
// and this process's number among those that use it.
#pragma once

#include "store/store.h"

// Opens the pool and looks at the server: INVALID when its role may do more than it needs,
// UNAVAILABLE when it is a standby, or has one that may lose what was acknowledged. An owner makes
// the ledger's schema when it is missing.
code postgresql_attach(struct scope *scope, struct store *store, const char *address);
// The number that no other process has: the one before, when it can be had. Asks nobody while the
// connection that holds it stands.
code postgresql_keep_number(struct scope *scope, struct store *store);
// Is this the one process that leads (store_leads)? Asks the server each time, and so keeps the
// number as well.
code postgresql_leads(struct scope *scope, struct store *store, bool *ret_leads);
void postgresql_detach(struct store *store); // nothing happens when it was not attached

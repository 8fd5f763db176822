// SPDX-License-Identifier: Apache-2.0
// Secrets that must be read again (those of second factors), sealed with a key that lies beside the
// ledger (access.key, readable by its owner only): a copy of the ledger alone tells them to nobody.
// A store without that file has to set its second factors up anew.
#pragma once

#include "base/scope.h"

#define ACCESS_KEY_FILE "access.key" // in the store's folder

// Where several processes share the ledger they share the key: the ledger has its fingerprint. OK
// when this process's is that one, or the first there is; CONFLICT otherwise. Where one process has
// the store nothing is asked. What is sealed and opened is checked so as well.
code seal_check(struct scope *scope);

// In the arena, as text.
code seal(struct scope *scope, struct text secret, struct text *ret_sealed);
// CONFLICT when the key is not the one that it was sealed with.
code unseal(struct scope *scope, struct text sealed, struct text *ret_secret);

// SPDX-License-Identifier: Apache-2.0
// Carrying the ledger's rows into the lake. Knows no threads: whoever calls it holds the mirror's
// lock.
#pragma once

#include "base/scope.h"

struct lake;

// Of lake_schema.sql and of how its columns are computed: another one is rebuilt.
enum { LAKE_VERSION = 8 };

struct carrier;

code carrier_open(struct scope *scope, struct lake *lake, struct carrier **ret_carrier);
void carrier_close(struct carrier *carrier); // takes NULL

// Can the lake be carried on with? False when it is missing, of another version or time zone, half
// built, or does not fit this ledger's change log.
code carrier_resume(struct scope *scope, struct carrier *carrier, bool *ret_usable);
// From an empty lake, in pieces, with progress. A crash within leaves a lake that is not usable;
// after a failure the next carrier_carry begins anew.
code carrier_rebuild(struct scope *scope, struct carrier *carrier);
// The next piece of the change log in one transaction of the lake. *ret_more is false once nothing
// is left.
code carrier_carry(struct scope *scope, struct carrier *carrier, bool *ret_more);
// The change up to which the lake is complete; -1 while it is being rebuilt.
int64_t carrier_watermark(const struct carrier *carrier);
// Drop the changes that are in the lake from the log.
code carrier_forget_changes(struct scope *scope, const struct carrier *carrier);

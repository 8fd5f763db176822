// SPDX-License-Identifier: Apache-2.0
// What a platform was told of the people on a campaign's list: the line of each, as a file had it,
// from the file that adds them until the one that takes them off. Somebody who was erased can be
// taken off as well, by a line that nobody could make any more. The lines are hashes; they are kept
// encrypted, with a key that a copy of the ledger alone has not.
#pragma once

#include "base/scope.h"
#include "push/audience/normalise.h"

struct audience_member {
    int64_t customer; // as it was when the file was made
    enum audience_platform platform;
    struct text line; // with its line break
};

// A change of a list and the file that tells the platform of it, which the audit log names.
struct audience_change {
    int64_t campaign_id;
    struct text campaign; // its name
    const char *path;     // of the file
};

// Both in one transaction, with the record of it: before a file that adds them has its name, and
// after one that takes them off has. Whoever is on the list has the new line.
code audience_list_add(struct scope *scope, const struct audience_change *change,
                       const struct audience_member *members, size_t count);
code audience_list_remove(struct scope *scope, const struct audience_change *change,
                          const int64_t *customers, size_t count);

// The next members after customer `after`, in the order of customers; `limit` of them at most. In
// the arena. CONFLICT when the store's key is not the one that they were kept with.
code audience_list_read(struct scope *scope, int64_t campaign_id, int64_t after, size_t limit,
                        struct audience_member *ret_members, size_t *ret_count);

// Within the open transaction.
code audience_list_forget(struct scope *scope, int64_t campaign_id);

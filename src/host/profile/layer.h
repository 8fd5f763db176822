// SPDX-License-Identifier: Apache-2.0
// One subject's layers and their fold, for this folder only. Everything happens inside the open
// transaction.
#pragma once

#include "base/scope.h"
#include "host/profile/profile.h"
#include "store/change.h"

#include <stddef.h>

// What imports said, in the scope's arena.
struct layer {
    enum profile_subject kind;
    int64_t subject;
    int64_t import_id;
    enum profile_strength strength;
    const struct profile_field *fields; // none of them blank
    size_t field_count;
};

enum change_table layer_change_table(enum profile_subject kind);

// INVALID, with the field, for a value that its column cannot hold.
code layer_check(struct scope *scope, enum profile_subject kind, const struct profile_field *fields,
                 size_t field_count);

// Merge into the import's layer of the subject, or make it. What is said of the subject itself
// overwrites what the same import said before; what is said in passing only adds.
enum layer_effect { LAYER_SAME, LAYER_MADE, LAYER_MERGED };
code layer_put(struct scope *scope, const struct layer *layer, enum layer_effect *ret_effect);

// Fold the layers of a subject into its present row and record the change when there is one. A
// customer folds the layers of all origins that are it. `fresh` (may be NULL) is a layer just made:
// it needs no reading.
code layer_fold(struct scope *scope, enum profile_subject kind, int64_t subject,
                const struct layer *fresh, bool *ret_changed);

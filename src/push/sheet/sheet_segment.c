// SPDX-License-Identifier: Apache-2.0
#include "push/sheet/sheet_segment.h"

#include "analyze/segment/segment.h"

code sheet_segment_count(struct scope *scope, struct text name, int64_t *ret_count) {
    const struct segment_node *tree;
    struct segment segment = {0};

    TRY(segment_find(scope, name, &segment));
    TRY(segment_tree_of(scope, &segment, &tree, NULL));
    return segment_count(scope, tree, SEGMENT_TODAY, ret_count);
}

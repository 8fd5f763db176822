// SPDX-License-Identifier: Apache-2.0
// The text of a letter, read into blocks (push/letter/letter.h tells the marks).
#pragma once

#include "base/scope.h"

enum block_kind {
    BLOCK_PARAGRAPH,
    BLOCK_HEADING,
    BLOCK_ITEM,   // of a list; `label` stands before it
    BLOCK_COUPON, // without text
    BLOCK_PAGE,
};

enum style_flag { STYLE_BOLD = 1, STYLE_ITALIC = 2 };
struct style_run {
    uint32_t begin, end; // bytes of the block's text
    unsigned flags;
};

struct block {
    enum block_kind kind;
    struct text label; // "•", "1."
    struct text text;
    const struct style_run *runs;
    size_t run_count;
};

// In the arena. INVALID for a body that is too long or no UTF-8. Marks without an end mean
// themselves.
code body_read(struct scope *scope, struct text body, struct block **ret_blocks, size_t *ret_count);

// So that none of it is read as markup, wherever in a line it stands and whatever stands before and
// behind it. Line breaks become blanks.
void letter_escape(struct buffer *out, struct text text);

// SPDX-License-Identifier: Apache-2.0
// Codes that a scanner reads: Code 128 and EAN-13 for tills, QR for telephones. A code is a grid of
// modules; it is drawn into pages (push/letter) or written as a picture for e-mails.
#pragma once

#include "base/scope.h"

enum barcode_kind { LINEAR_CODE_128, LINEAR_EAN_13, MATRIX_QR };

enum { BARCODE_MOST_BYTES = 512 }; // of the content; a Code 128 takes 60

struct barcode {
    enum barcode_kind kind;
    int width, height;            // modules, without the quiet zone; a linear one has height 1
    int quiet;                    // modules that must stay white at each side
    const unsigned char *modules; // row by row, 1: dark
};

// In the scope's arena. INVALID for what the kind cannot hold: EAN-13 takes 13 digits of which the
// last is right, Code 128 printable ASCII.
code barcode_make(struct scope *scope, enum barcode_kind kind, struct text content,
                  struct barcode *ret_barcode);
static inline bool barcode_is_dark(const struct barcode *barcode, int x, int y) {
    return barcode->modules[y * barcode->width + x] != 0;
}
// 13 digits, the last of which is the check digit of the others?
bool barcode_is_ean_13(struct text content);
// The linear kind that a till reads this by.
enum barcode_kind barcode_linear_kind(struct text content);

// A picture with its quiet zone, `module_px` to the module; a linear one is `bar_px` high.
struct barcode_size {
    int module_px, bar_px;
};
code barcode_png(struct scope *scope, const struct barcode *barcode, struct barcode_size size,
                 struct buffer *out);
void barcode_svg(const struct barcode *barcode, struct barcode_size size, struct buffer *out);

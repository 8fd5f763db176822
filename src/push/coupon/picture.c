// SPDX-License-Identifier: Apache-2.0
// The public address of a code's picture names the code and what it is drawn as, signed: nobody can
// have others drawn, or learn from the address whether a code exists. The signing key is random and
// lies sealed in the ledger.
#include "base/base64.h"
#include "govern/access/seal.h"
#include "push/barcode/barcode.h"
#include "push/coupon/coupon.h"
#include "store/setting.h"

#include <sodium.h>

enum { KEY_BYTES = 32, MAC_BYTES = 16, MODULE_PX = 4, BAR_PX = 96 };

static code load_key(struct scope *scope, struct text *ret_key) {
    unsigned char bytes[KEY_BYTES];
    struct text kept, sealed;

    TRY(setting_keep_first(scope, "coupon_picture_key", (struct text){0}, &kept));
    if (kept.size == 0) {
        randombytes_buf(bytes, sizeof(bytes));
        TRY(seal(scope,
                 base64_encode(&scope->arena, (struct text){(const char *)bytes, sizeof(bytes)},
                               BASE64_URL),
                 &sealed));
        TRY(setting_keep_first(scope, "coupon_picture_key", sealed, &kept));
    }
    return unseal(scope, kept, ret_key);
}

static void sign(struct text key, struct text content, unsigned char ret_mac[MAC_BYTES]) {
    crypto_generichash(ret_mac, MAC_BYTES, (const unsigned char *)content.data, content.size,
                       (const unsigned char *)key.data, key.size);
}

code coupon_picture_path(struct scope *scope, struct text coupon, enum coupon_picture picture,
                         const char *ending, struct text *ret_path) {
    const struct text content = text_printf(
        &scope->arena, "%c%.*s", picture == COUPON_PICTURE_QR ? 'q' : 'b', TEXT_ARG(coupon));
    CLEANUP(buffer_clear) struct buffer token = {0};
    unsigned char mac[MAC_BYTES];
    struct text key;

    TRY(load_key(scope, &key));
    sign(key, content, mac);
    buffer_add(&token, mac, sizeof(mac));
    buffer_add_text(&token, content);
    *ret_path = text_printf(&scope->arena, "/q/%.*s.%s",
                            TEXT_ARG(base64_encode(&scope->arena, buffer_text(&token), BASE64_URL)),
                            ending);
    return OK;
}

// The code that a token names, and what it is drawn as.
static code read_token(struct scope *scope, struct text token, struct text *ret_coupon,
                       enum coupon_picture *ret_picture) {
    unsigned char mac[MAC_BYTES];
    struct text bytes, content, key;

    if (token.size > 200 || !base64_decode(&scope->arena, token, BASE64_URL, &bytes) ||
        bytes.size < MAC_BYTES + 2)
        return scope_fail(scope, NOT_FOUND, "there is no picture at this address");
    content = (struct text){bytes.data + MAC_BYTES, bytes.size - MAC_BYTES};
    TRY(load_key(scope, &key));
    sign(key, content, mac);
    if (sodium_memcmp(mac, bytes.data, MAC_BYTES) != 0)
        return scope_fail(scope, NOT_FOUND, "there is no picture at this address");
    *ret_picture = content.data[0] == 'q' ? COUPON_PICTURE_QR : COUPON_PICTURE_BARS;
    *ret_coupon = (struct text){content.data + 1, content.size - 1};
    return OK;
}

code coupon_picture_draw(struct scope *scope, struct text name, struct buffer *out,
                         const char **ret_content_type) {
    const struct barcode_size size = {.module_px = MODULE_PX, .bar_px = BAR_PX};
    const bool is_svg = text_ends_with(name, TEXT(".svg"));
    enum coupon_picture picture = COUPON_PICTURE_QR;
    struct barcode barcode;
    struct text coupon;

    if (!is_svg && !text_ends_with(name, TEXT(".png")))
        return scope_fail(scope, NOT_FOUND, "there is no picture at this address");
    TRY(read_token(scope, (struct text){name.data, name.size - 4}, &coupon, &picture));
    TRY(barcode_make(scope, picture == COUPON_PICTURE_QR ? MATRIX_QR : barcode_linear_kind(coupon),
                     coupon, &barcode));
    *ret_content_type = is_svg ? "image/svg+xml" : "image/png";
    if (!is_svg)
        return barcode_png(scope, &barcode, size, out);
    barcode_svg(&barcode, size, out);
    return OK;
}

// SPDX-License-Identifier: Apache-2.0
// Bytes as text (RFC 4648), through libsodium, whose time does not depend on the content: keys and
// tokens pass through here.
#pragma once

#include "base/text.h"

enum base64_form {
    BASE64_STANDARD, // + and /, padded: HTTP headers, e-mail
    BASE64_URL,      // - and _, without padding: links, tokens
};

struct text base64_encode(struct arena *arena, struct text bytes, enum base64_form form);
// False for anything that encoding does not write: other letters, blanks, wrong padding.
bool base64_decode(struct arena *arena, struct text text, enum base64_form form,
                   struct text *ret_bytes);

// SPDX-License-Identifier: Apache-2.0
// One-time passwords by time (RFC 6238): six digits of HMAC-SHA-1 over the number of 30 seconds
// that have passed since 1970, as every authenticator on a phone shows them. Pure functions.
#pragma once

#include "base/text.h"

enum { TOTP_DIGITS = 6, TOTP_STEP_SECONDS = 30, TOTP_SECRET_BYTES = 20 };

int64_t totp_step(int64_t at_us);
// 0 … 999999
uint32_t totp_code(struct text secret, int64_t step);
// The first step in from..to whose code it is; -1 for none.
int64_t totp_find(struct text secret, struct text written, int64_t from, int64_t to);

// RFC 4648 base32 in capitals, without padding. In the arena.
struct text totp_base32(struct arena *arena, struct text bytes);
// What a phone reads from a picture: otpauth://totp/Tessera:ann?secret=…&issuer=Tessera
struct text totp_uri(struct arena *arena, struct text account, struct text secret);

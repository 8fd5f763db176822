// SPDX-License-Identifier: Apache-2.0
// SHA-1 (FIPS 180-4) and HMAC with it (RFC 2104), because one-time passwords (RFC 6238) are made
// with it and the phones that show them know nothing else. Nothing else here may use it: it is
// broken as a hash, and sound only within HMAC.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SHA1_BYTES = 20, SHA1_BLOCK_BYTES = 64 };

void sha1(const void *data, size_t size, uint8_t digest[SHA1_BYTES]);
// Key and message of any length up to SHA1_MESSAGE_LARGEST bytes.
enum { SHA1_MESSAGE_LARGEST = 256 };
void sha1_hmac(const void *key, size_t key_size, const void *message, size_t size,
               uint8_t digest[SHA1_BYTES]);

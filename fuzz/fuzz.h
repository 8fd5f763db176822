// SPDX-License-Identifier: Apache-2.0
// A fuzzer is a NAME_fuzz.c that defines this function and nothing else of the program. It takes
// any bytes, returns 0, keeps nothing from one call to the next, and stops the process (assert,
// sanitizer) when a promise of the parser is broken. libFuzzer brings the main function; in the
// ordinary build replay.c does, and feeds it fuzz/corpus/NAME.
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

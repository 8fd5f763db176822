#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A forecast from Python, without any package: libtessera by ctypes.

    forecast.py [LIBRARY] < values.txt       one value a line; months
"""
import ctypes
import sys

MONTHS = 12


def main():
    library = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else "libtessera.so.0")
    library.tessera_open.restype = ctypes.c_void_p
    library.tessera_error.restype = ctypes.c_char_p
    library.tessera_error.argtypes = [ctypes.c_void_p]
    library.tessera_close.argtypes = [ctypes.c_void_p]
    values = [float(line) for line in sys.stdin if line.strip()]
    numbers = (ctypes.c_double * len(values))(*values)
    mean, low, high = ((ctypes.c_double * MONTHS)() for _ in range(3))
    model = ctypes.create_string_buffer(40)
    place = ctypes.c_void_p(library.tessera_open(0))
    failed = library.tessera_forecast(
        place, numbers, ctypes.c_size_t(len(values)), 12, ctypes.c_size_t(MONTHS),
        ctypes.c_uint64(1), mean, low, high, model)
    if failed:
        sys.exit(library.tessera_error(place).decode())
    print(model.value.decode())
    for row in zip(mean, low, high):
        print("\t".join(f"{value:.4f}" for value in row))
    library.tessera_close(place)


if __name__ == "__main__":
    main()

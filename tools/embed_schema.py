#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn the numbered migrations into one C table: embed_schema.py OUT.c 0001_name.sql …"""
import pathlib
import sys

out, *paths = sys.argv[1:]
lines = ["// Generated from schema/.", '#include "store/migration.h"', "",
         "const struct migration migrations[] = {"]
for expected, path in enumerate(map(pathlib.Path, paths), 1):
    if int(path.stem.split("_")[0]) != expected:
        sys.exit(f"{path}: migration number {expected} was expected here")
    text = path.read_text(encoding="utf-8")
    quoted = "\n".join('     "' + line.replace("\\", "\\\\").replace('"', '\\"') + '\\n"'
                       for line in text.splitlines())
    lines.append(f'    {{{expected}, "{path.stem}",\n{quoted}}},')
lines += ["};", "const size_t migration_count = sizeof(migrations) / sizeof(*migrations);", ""]
pathlib.Path(out).write_text("\n".join(lines), encoding="utf-8")

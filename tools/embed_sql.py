#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn a .sql file of named blocks into C constants.

A block begins with "-- :name segment_find (ledger)" and ends at the next one. Its targets say on
which databases it must prepare: ledger, lake (in DuckDB and in PostgreSQL), duckdb (the lake there
alone). A (fragment) prepares nowhere by itself: a compiler writes what stands before it, or it is a
script whose statements need one another. It becomes

    extern const char sql_segment_find[];

    embed_sql.py IN.sql OUT.c OUT.h         the constants of one file
    embed_sql.py --catalogue OUT.c IN.sql … the list of all blocks, for the test that prepares them
"""
import pathlib
import re
import sys

TARGET = r"(?:ledger|lake|duckdb)"
TARGETS = rf"fragment|{TARGET}(?:, {TARGET})?"
HEAD = re.compile(rf"^-- :name (?P<name>[a-z][a-z0-9_]*) \((?P<targets>{TARGETS})\)$")


def blocks(path):
    found, name = {}, None
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("-- :"):
            head = HEAD.match(line)
            if not head:
                sys.exit(f"{path}:{number}: not a block heading: {line}")
            name = head["name"]
            if name in found:
                sys.exit(f"{path}:{number}: block {name} stands here twice")
            found[name] = (head["targets"], [])
        elif name:
            found[name][1].append(line)
    return {name: (targets, "\n".join(without_next_comment(lines)).strip().rstrip(";"))
            for name, (targets, lines) in found.items()}


def without_next_comment(lines):
    """Comment lines at a block's end speak of the next one."""
    while lines and (not lines[-1].strip() or lines[-1].startswith("--")):
        lines.pop()
    return lines


def literal(text):
    lines = []
    for line in text.split("\n"):
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'    "{escaped}\\n"')
    return "\n".join(lines)


def write_constants(source, c_path, h_path):
    found = blocks(source)
    h = ["// Generated from " + pathlib.Path(source).name + ".", "#pragma once", ""]
    c = ["// Generated from " + pathlib.Path(source).name + ".",
         f'#include "{pathlib.Path(h_path).name}"', ""]
    for name, (_, text) in found.items():
        h.append(f"extern const char sql_{name}[];")
        c += [f"const char sql_{name}[] =", literal(text) + ";", ""]
    pathlib.Path(h_path).write_text("\n".join(h) + "\n", encoding="utf-8")
    pathlib.Path(c_path).write_text("\n".join(c), encoding="utf-8")


def write_catalogue(c_path, sources):
    declared, rows = [], []
    for source in sources:
        for name, (targets, _) in blocks(source).items():
            declared.append(f"extern const char sql_{name}[];")
            flags = [int(target in targets) for target in ("ledger", "lake", "duckdb")]
            rows.append(f'    {{"{name}", sql_{name}, {", ".join(map(str, flags))}}},')
    pathlib.Path(c_path).write_text("\n".join(
        ['// Generated: every named SQL block of the program.',
         '#include "store/sql_catalogue.h"', ""] +
        declared + ["", "const struct sql_block sql_catalogue[] = {"] + rows +
        ["};",
         "const size_t sql_catalogue_count = sizeof(sql_catalogue) / sizeof(*sql_catalogue);", ""]),
        encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "--catalogue":
        write_catalogue(sys.argv[2], sys.argv[3:])
    else:
        write_constants(*sys.argv[1:4])

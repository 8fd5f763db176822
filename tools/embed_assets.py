#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn the built web app into what the program carries: a table of struct asset (web/server.h) and,
beside it, the compressed files one after the other, which the assembler includes as they are.

    embed_assets.py OUT.c OUT.bin DEPFILE DIST    ui/dist, or a folder that does not exist

Without a built app the table holds a page that says so, so that work on the C needs no Node.
"""
import gzip
import hashlib
import pathlib
import sys

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon", ".js": "text/javascript; charset=utf-8", ".json": "application/json",
    ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
}
WITHOUT_APP = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Tessera</title>
<p>This program was built without its web app. <code>./dev build</code> builds both; the API is at
<a href="/api">/api</a>.</p></html>
"""


def read_files(dist):
    """{address: bytes}, in the order of the addresses."""
    if not (dist / "index.html").exists():
        return {"/index.html": WITHOUT_APP.encode()}
    return {"/" + path.relative_to(dist).as_posix(): path.read_bytes()
            for path in sorted(dist.rglob("*")) if path.is_file()}


def content_type(address):
    suffix = pathlib.PurePosixPath(address).suffix
    if suffix not in CONTENT_TYPES:
        sys.exit(f"embed_assets.py: {address}: {suffix or 'no suffix'} has no content type; "
                 "give it one in CONTENT_TYPES")
    return CONTENT_TYPES[suffix]


def table_row(address, packed, offset):
    """Vite names what it puts into assets/ by its content, so that it may be kept for ever."""
    etag = hashlib.sha256(packed).hexdigest()[:16]
    is_immutable = "true" if address.startswith("/assets/") else "false"
    is_for_others = "true" if address == "/t.js" else "false"
    return (f'    {{"{address}", "{content_type(address)}", "\\"{etag}\\"",\n'
            f"     asset_bytes + {offset}, {len(packed)}, {is_immutable}, {is_for_others}}},")


def embed(files, out_c, out_bin):
    rows, blob = [], bytearray()
    for address, content in files.items():
        packed = gzip.compress(content, 9, mtime=0)
        rows.append(table_row(address, packed, len(blob)))
        blob += packed
    out_bin.write_bytes(blob)
    out_c.write_text("\n".join([
        "// Generated from ui/dist.", '#include "app/tables.h"', "",
        '__asm__(".section .rodata\\n"', '        ".global asset_bytes\\n"',
        '        "asset_bytes:\\n"',
        f'        ".incbin \\"{out_bin.resolve().as_posix()}\\"\\n"', '        ".previous\\n");',
        "extern const unsigned char asset_bytes[];", "", "const struct asset assets[] = {", *rows,
        "};", "const size_t asset_count = sizeof(assets) / sizeof(*assets);", ""]),
        encoding="utf-8")


def watched(dist):
    """What to look at again: the files, and the folders, whose time changes when a file comes or
    goes. Before the app is built there is only the folder that it will be built in."""
    if not dist.exists():
        return [dist.parent] if dist.parent.exists() else []
    return [dist, *sorted(dist.rglob("*"))]


def main(out_c, out_bin, depfile, dist):
    embed(read_files(dist), out_c, out_bin)
    paths = " ".join(path.resolve().as_posix().replace(" ", "\\ ") for path in watched(dist))
    depfile.write_text(f"{out_c.as_posix()}: {paths}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:5]))

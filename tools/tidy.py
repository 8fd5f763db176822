#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over the C files of the house, as .clang-tidy says, on all processors.

    tidy.py [FILE…]    prints what it finds, and fails when it finds something

A file that was found clean is not looked at again until it, a header that it includes, or the
configuration changes: .cache/tidy holds one hash per file. In tests the analyzer's walk of all
paths is left out: it does not know which checks end a test, and reports what follows them.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
CLEAN = ROOT / ".cache" / "tidy"
FOLDERS = ["src", "tests", "fuzz", "bench"]
TEST_ENDINGS = ("_test.c", "_testing.c")


def sources():
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.c"))


def headers_of_objects():
    """What the compiler read for each object, as ninja noted it."""
    printed = subprocess.run(["ninja", "-C", BUILD, "-t", "deps"], capture_output=True, text=True,
                             check=True).stdout
    headers, current = {}, None
    for line in printed.splitlines():
        if line.startswith(" "):
            current.append(BUILD / line.strip())
        elif ": #deps" in line:
            current = headers.setdefault(line.split(":")[0], [])
    return headers


def headers_of_sources():
    headers = headers_of_objects()
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    return {(BUILD / entry["file"]).resolve(): headers.get(entry["output"]) for entry in commands}


class Hasher:
    def __init__(self):
        self.headers = headers_of_sources()
        self.every_header = sorted(p for folder in FOLDERS for p in (ROOT / folder).rglob("*.h"))
        self.contents = {}

    def of_content(self, path):
        if path not in self.contents:
            known = path.is_file()
            self.contents[path] = hashlib.sha256(path.read_bytes() if known else b"").digest()
        return self.contents[path]

    def of_source(self, path):
        """Of a source that is in no build: with every header of the house."""
        read = [ROOT / ".clang-tidy", pathlib.Path(__file__), path]
        read += self.headers.get(path) or self.every_header
        return hashlib.sha256(b"".join(map(self.of_content, read))).hexdigest()


def tidy(path):
    command = ["clang-tidy", "--quiet", "-p", BUILD]
    if path.name.endswith(TEST_ENDINGS) or path.is_relative_to(ROOT / "tests"):
        command.append("--checks=-clang-analyzer-*")
    done = subprocess.run([*command, path], capture_output=True, text=True, check=False)
    if done.returncode != 0 and not done.stdout:
        return done.stderr
    return done.stdout if done.returncode != 0 else ""


def check(path, fingerprint):
    """What is wrong with a file; nothing, and noted so, when nothing is."""
    note = CLEAN / str(path.relative_to(ROOT)).replace("/", "-")
    if note.is_file() and note.read_text() == fingerprint:
        return ""
    findings = tidy(path)
    if not findings:
        note.write_text(fingerprint)
    return findings


def main(names):
    paths = [pathlib.Path(name).resolve() for name in names] or sources()
    paths.sort(key=lambda path: -path.stat().st_size)  # so that no long one is left to the end
    hasher = Hasher()
    CLEAN.mkdir(parents=True, exist_ok=True)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for findings in pool.map(check, paths, [hasher.of_source(path) for path in paths]):
            if findings:
                print(findings, end="", flush=True)
                failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Build Tessera twice, as two people would, and compare what came out byte by byte.

    reproduce.py [--keep]    prints the hashes; fails, and says where, when one byte differs

The two builds share the source, the compiler and the npm packages. They differ in all that must
not matter: the folder and how deep it lies, the time on the clock and on the files, time zone,
language, home, permissions of new files, and how many compilers run at once. No compiler cache is
used, which would let the second build repeat the first.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILDERS = [
    {"folder": "one", "umask": 0o022, "jobs": os.cpu_count(), "files_are_older_s": 0,
     "environment": {"TZ": "UTC", "LC_ALL": "C", "HOME": "/nonexistent"}},
    {"folder": "another one/deeper", "umask": 0o077, "jobs": 1, "files_are_older_s": 400 * 86400,
     "environment": {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "HOME": "/tmp"}},
]
MOST_SHOWN = 10
MADE = ["build/tessera", "build/libduckdb.so", "build/tessera.1", "ui/dist"]


def sources():
    """What is tracked, and what is new and not ignored, as it is on the disk now."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others",
                             "--exclude-standard", "--deduplicate"],
                            stdout=subprocess.PIPE, check=True).stdout
    names = [os.fsdecode(name) for name in listed.split(b"\0") if name]
    return [name for name in names if (ROOT / name).is_file() and name != "node_modules"]


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def prepare(place, older_s):
    moment = time.time() - older_s
    for name in sources():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
        os.utime(target, (moment, moment))
    shutil.copytree((ROOT / "node_modules").resolve(), place / "node_modules", symlinks=True,
                    copy_function=link_or_copy)


def run(command, place, builder):
    done = subprocess.run(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          umask=builder["umask"], check=False,
                          env=os.environ | builder["environment"] | {"CCACHE_DISABLE": "1"})
    if done.returncode != 0:
        last_words = done.stdout.decode("utf-8", "replace").splitlines()[-20:]
        sys.exit("\n".join([" ".join(command), *last_words]))


def build(place, builder):
    begin = time.monotonic()
    run(["node", "node_modules/vite/bin/vite.js", "build", "ui", "--logLevel", "warn"],
        place, builder)
    run(["meson", "setup", "build"], place, builder)
    run(["ninja", "-C", "build", "-j", str(builder["jobs"]),
         "tessera", "libduckdb.so", "tessera.1"], place, builder)
    return time.monotonic() - begin


def hashes(place):
    """{name: SHA-256} of what was made."""
    files = []
    for name in MADE:
        made = place / name
        files += sorted(made.rglob("*")) if made.is_dir() else [made]
    return {str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files if path.is_file()}


def first_difference(one, other):
    if not one.is_file() or not other.is_file():
        return "only one build has it"
    one, other = one.read_bytes(), other.read_bytes()
    place = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b),
                 min(len(one), len(other)))
    shown = [repr(content[max(place - 40, 0):place + 40]) for content in (one, other)]
    return f"from byte {place} of {len(one)} and {len(other)}\n  {shown[0]}\n  {shown[1]}"


def compare(places):
    one, other = map(hashes, places)
    differing = [name for name in sorted(one.keys() | other.keys())
                 if one.get(name) != other.get(name)]
    for name in differing[:MOST_SHOWN]:
        print(f"{name} differs {first_difference(places[0] / name, places[1] / name)}")
    for name in MADE:
        if name in one and name not in differing:
            print(f"{one[name]}  {name}")
    count = len(one.keys() | other.keys())
    print(f"{count - len(differing)} of {count} files are the same in both builds")
    return not differing


def main(words):
    if words not in ([], ["--keep"]):
        sys.exit(__doc__)
    top = pathlib.Path(tempfile.mkdtemp(prefix="tessera-reproduce-"))
    places = [top / builder["folder"] for builder in BUILDERS]
    try:
        for place, builder in zip(places, BUILDERS):  # both as the source is now
            prepare(place, builder["files_are_older_s"])
        for place, builder in zip(places, BUILDERS):
            print(f"building in {place}", flush=True)
            print(f"  took {build(place, builder):.0f} s", flush=True)
        return 0 if compare(places) else 1
    finally:
        if not words:
            shutil.rmtree(top)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pack the built Tessera into build/release/: what is installed, its bill of materials, and their
SHA-256, signed when a key is given.

    release.py [KEY]    KEY: the private half of an SSH key, as ssh-keygen makes it

The same build gives the same archive, whoever packs it. The archive is unpacked where it shall
run, as /usr/local or a folder of its own: the program finds its library beside itself.
"""
import gzip
import hashlib
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

import sbom

NAMESPACE = "tessera-release"  # a signature made for something else does not count here
EXTRAS = {"LICENSE": "LICENSE", "packaging": "packaging",
          "ui/dist/third-party.txt": "third-party.txt",
          f"node_modules/{sbom.DUCKDB_PACKAGE}/LICENSE": "LICENSE.duckdb"}


def packed(tree, prefix, seconds):
    """A tree as a .tar.gz that depends on names, contents and who may run them, on nothing else."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(tree.rglob("*")):
            entry = tarfile.TarInfo(f"{prefix}/{path.relative_to(tree).as_posix()}")
            entry.mtime = seconds
            entry.mode = 0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644
            if path.is_dir():
                entry.type = tarfile.DIRTYPE
                archive.addfile(entry)
            else:
                entry.size = path.stat().st_size
                with path.open("rb") as file:
                    archive.addfile(entry, file)
    return gzip.compress(content.getvalue(), 6, mtime=0)


def write_sums(folder):
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("SHA256SUMS"))
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
             for name in names]
    sums = folder / "SHA256SUMS"
    sums.write_text("".join(lines), encoding="utf-8")
    return sums


def sign(sums, key):
    """Beside it, as SHA256SUMS.sig."""
    signature = sums.with_name("SHA256SUMS.sig")
    signature.unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", NAMESPACE, sums],
                   check=True, stderr=subprocess.DEVNULL)
    return signature


def install(tree):
    """What `meson install` puts under its prefix, and what a package would add."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["meson", "install", "-C", sbom.ROOT / "build", "--no-rebuild", "--quiet",
                        "--destdir", folder], check=True)
        shutil.copytree(pathlib.Path(folder, "usr/local"), tree)
    documents = tree / "share/doc/tessera"
    documents.mkdir(parents=True)
    for ours, theirs in EXTRAS.items():
        source = sbom.ROOT / ours
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, documents / theirs)


def main(words):
    document, folder = sbom.bill_of_materials(), sbom.ROOT / "build/release"
    name = document["name"] + "-linux-x86_64"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with tempfile.TemporaryDirectory() as place:
        tree = pathlib.Path(place, name)
        install(tree)
        archive = packed(tree, name, sbom.commit_seconds())
    (folder / f"{name}.tar.gz").write_bytes(archive)
    sbom.write(document, folder / f"{name}.spdx.json")
    sums = write_sums(folder)
    if words:
        sign(sums, words[0])
    for path in sorted(folder.iterdir()):
        print(f"{path.relative_to(sbom.ROOT)}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write down what a built Tessera consists of: a bill of materials in SPDX 2.3, JSON.

    sbom.py [FILE]    into build/tessera.spdx.json, or FILE

It names, each with its version and where it is from:
- the program and DuckDB's library with their SHA-256;
- the libraries that the loader finds for the program, and those that they need in turn, by the
  Debian packages that own them;
- the npm packages in the web app, as its build wrote them into ui/dist/third-party.txt;
- what built it: the Debian packages of tools/debian-packages.txt that are for building, and the
  rest of package-lock.json with the hashes that npm holds its downloads against.

The same build gives the same document: its date is that of the last commit (or SOURCE_DATE_EPOCH),
and its name is the program's hash. What is linked into DuckDB's library is DuckDB's to tell.
"""
import base64
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build/tessera"
DUCKDB_PACKAGE = "@duckdb/node-bindings-linux-x64"
DOCUMENT, TESSERA = "SPDXRef-DOCUMENT", "SPDXRef-tessera"
HEADING = re.compile(r"^== (\S+) (\S+), (.+)$", re.MULTILINE)


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False, env=os.environ | {"LC_ALL": "C"}).stdout


# ---- what the program is linked with ----

def libraries_of(program):
    """{name: path} of every library that the loader finds for it."""
    found = {}
    for line in output("ldd", program).splitlines():
        name, arrow, rest = line.strip().partition(" => ")
        path = rest.split(" (")[0] if arrow else name.split(" (")[0]
        if "not found" in rest:
            sys.exit(f"sbom.py: {program} needs {name}, which is not there")
        if path.startswith("/"):
            found[pathlib.Path(name.split(" (")[0]).name] = pathlib.Path(path).resolve()
    if not found:
        sys.exit(f"sbom.py: {program} is not built, or linked with nothing")
    return found


def needed_by(file):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "--dynamic", "--wide", file))


# ---- Debian ----

def owner_of(path):
    """The Debian package that brought a file. Some libraries are known by their path before /lib
    became a link to /usr/lib."""
    for name in (str(path), str(path).removeprefix("/usr")):
        owner = output("dpkg-query", "--search", name).rpartition(": ")[0]
        if owner:
            return owner
    return None


def debian_package(name):
    """Its element of the document; None when it is not installed."""
    fields = output("dpkg-query", "--show", "--showformat",
                    "${Package}\t${Version}\t${Architecture}\t${db:Status-Status}\n",
                    name).splitlines()
    fields = [line.split("\t") for line in fields if line.endswith("\tinstalled")]
    if not fields:
        return None
    plain, version, architecture, _ = fields[0]
    address = (f"pkg:deb/debian/{urllib.parse.quote(plain)}@{urllib.parse.quote(version)}"
               f"?arch={architecture}")
    return package(f"deb-{plain}", plain, version, address,
                   supplier="Organization: Debian",
                   comment=f"licences: /usr/share/doc/{plain}/copyright")


# ---- npm ----

def locked_packages():
    """Every package of package-lock.json as an element, by (name, version)."""
    locked = {}
    for path, entry in json.loads((ROOT / "package-lock.json").read_text())["packages"].items():
        if not path:
            continue
        name = path.rpartition("node_modules/")[2]
        algorithm, _, digest = entry["integrity"].partition("-")
        locked[name, entry["version"]] = package(
            f"npm-{name}-{entry['version']}", name, entry["version"],
            f"pkg:npm/{urllib.parse.quote(name, safe='/')}@{entry['version']}",
            licenseDeclared=entry.get("license", "NOASSERTION"),
            checksums=[{"algorithm": algorithm.upper(),
                        "checksumValue": base64.b64decode(digest).hex()}])
    return locked


def bundled_packages():
    """(name, version) of what the web app's build put into it."""
    notice = ROOT / "ui/dist/third-party.txt"
    if not notice.exists():
        sys.exit("sbom.py: the web app is not built: ./dev build")
    return [(name, version) for name, version, _ in HEADING.findall(notice.read_text("utf-8"))]


# ---- the document ----

def element_id(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-")


def package(label, name, version, address, **more):
    return {"SPDXID": element_id(label), "name": name, "versionInfo": version,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION",
            "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                              "referenceLocator": address}]} | more


def shipped_file(path):
    content = path.read_bytes()
    return {"SPDXID": element_id(f"file-{path.name}"), "fileName": f"./{path.name}",
            "fileTypes": ["BINARY"], "licenseConcluded": "NOASSERTION",
            "copyrightText": "NOASSERTION",
            "checksums": [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(content).hexdigest()},
                          {"algorithm": "SHA256",
                           "checksumValue": hashlib.sha256(content).hexdigest()}]}


class Document:
    def __init__(self):
        self.packages, self.relations = {}, set()

    def add(self, element):
        self.packages[element["SPDXID"]] = element
        return element["SPDXID"]

    def relate(self, one, kind, other):
        if one != other:
            self.relations.add((one, kind, other))

    def add_linked(self, libraries, locked):
        """Each library by its package, and which of them needs which."""
        owners = {}
        for name, path in libraries.items():
            owner = owner_of(path)
            if owner:
                element = debian_package(owner)
            elif DUCKDB_PACKAGE in str(path) or path.parent == PROGRAM.parent:
                element = next(e for (n, _), e in locked.items() if n == DUCKDB_PACKAGE)
            else:
                element = package(f"library-{name}", name, "NOASSERTION", f"pkg:generic/{name}",
                                  comment=f"{path} is in no package")
            owners[name] = self.add(element)
        needs = {TESSERA: needed_by(PROGRAM)}
        for name, path in libraries.items():
            needs.setdefault(owners[name], []).extend(needed_by(path))
        for one, names in needs.items():
            for name in names:
                self.relate(one, "DYNAMIC_LINK", owners[name])
        for owner in owners.values():
            self.relate(TESSERA, "DEPENDS_ON", owner)

    def add_bundled(self, locked):
        for key in bundled_packages():
            if key not in locked:
                sys.exit(f"sbom.py: {key[0]} {key[1]} is in the web app and not in "
                         "package-lock.json: build it again")
            self.relate(TESSERA, "CONTAINS", self.add(locked[key]))

    def add_tools(self, locked):
        """What is not in the product: it made it, or tests it."""
        for element in locked.values():
            if element["SPDXID"] not in self.packages:
                self.relate(self.add(element), "DEV_DEPENDENCY_OF", TESSERA)
        for line in (ROOT / "tools/debian-packages.txt").read_text("utf-8").splitlines():
            name, purpose, *_ = [*line.split(), "", ""]
            element = debian_package(name) if purpose == "build" else None
            if element:
                self.relate(self.add(element), "BUILD_DEPENDENCY_OF", TESSERA)

    def written(self, files, version, created):
        main_hash = files[0]["checksums"][1]["checksumValue"]
        hashes = sorted(file["checksums"][0]["checksumValue"] for file in files)
        tessera = package("tessera", "tessera", version, f"pkg:generic/tessera@{version}",
                          licenseDeclared="Apache-2.0", primaryPackagePurpose="APPLICATION",
                          filesAnalyzed=True, packageVerificationCode={
                              "packageVerificationCodeValue":
                                  hashlib.sha1("".join(hashes).encode()).hexdigest()})
        self.relate(DOCUMENT, "DESCRIBES", TESSERA)
        for file in files:
            self.relate(TESSERA, "CONTAINS", file["SPDXID"])
        return {
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": DOCUMENT,
            "name": f"tessera-{version}",
            "documentNamespace": f"https://spdx.org/spdxdocs/tessera-{version}-{main_hash}",
            "creationInfo": {"created": created, "creators": ["Tool: tessera tools/sbom.py"]},
            "packages": [tessera, *(self.packages[key] for key in sorted(self.packages))],
            "files": files,
            "relationships": [{"spdxElementId": one, "relationshipType": kind,
                               "relatedSpdxElement": other}
                              for one, kind, other in sorted(self.relations)]}


def commit_seconds():
    return int(os.environ.get("SOURCE_DATE_EPOCH") or
               output("git", "-C", ROOT, "log", "-1", "--format=%ct").strip() or "0")


def moment():
    return datetime.datetime.fromtimestamp(commit_seconds(), datetime.timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%SZ")


def bill_of_materials():
    libraries, locked, document = libraries_of(PROGRAM), locked_packages(), Document()
    document.add_linked(libraries, locked)
    document.add_bundled(locked)
    document.add_tools(locked)
    shipped = [PROGRAM] + [path for path in [libraries.get("libduckdb.so")] if path]
    version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text("utf-8"))[1]
    return document.written([shipped_file(path) for path in shipped], version, moment())


def write(document, target):
    target.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(words):
    target = pathlib.Path(words[0]) if words else PROGRAM.with_name("tessera.spdx.json")
    document = bill_of_materials()
    write(document, target)
    print(f"{target}: {len(document['packages'])} packages, "
          f"{len(document['relationships'])} relations")


if __name__ == "__main__":
    main(sys.argv[1:])

# SPDX-License-Identifier: Apache-2.0
"""The bill of materials against what the program really loads and the web app really contains."""
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import sbom  # noqa: E402

MAPPED = re.compile(r"^\S+ r-xp \S+ \S+ [1-9]\d* +(/.+)$", re.MULTILINE)
PACKAGE = re.compile(r".*/(node_modules/(?:@[^/]+/)?[^/]+)/")


def loaded_files():
    """What the loader mapped for execution into a running server."""
    with tempfile.TemporaryDirectory() as store:
        server = subprocess.Popen([sbom.PROGRAM, "--data", store, "serve", "--listen",
                                   "127.0.0.1:0", "--log-file", f"{store}/log"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while not pathlib.Path(store, "socket").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            maps = pathlib.Path(f"/proc/{server.pid}/maps").read_text(encoding="utf-8")
        finally:
            server.terminate()
            server.wait()
    return {pathlib.Path(path).resolve() for path in MAPPED.findall(maps)}


def traced_packages(folder):
    """(name, version) of the packages that the bundler's source maps lead back to."""
    node = ["node", "node_modules/vite/bin/vite.js", "build", "ui", "--sourcemap", "--logLevel",
            "error", "--emptyOutDir", "--outDir", folder]
    subprocess.run(node, cwd=sbom.ROOT, check=True)
    packages = set()
    for path in pathlib.Path(folder).rglob("*.map"):
        for source in json.loads(path.read_text(encoding="utf-8"))["sources"]:
            found = PACKAGE.match(str((path.parent / source).resolve()))
            if found:
                # An inner node_modules of a package is told from the outer one by its whole path.
                place = sbom.ROOT / found[0][found[0].index("node_modules/"):]
                about = json.loads((place / "package.json").read_text(encoding="utf-8"))
                packages.add((about["name"], about["version"]))
    return packages


@unittest.skipUnless(sbom.PROGRAM.exists() and (sbom.ROOT / "ui/dist/third-party.txt").exists(),
                     "Tessera is not built")
class BillOfMaterialsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = sbom.bill_of_materials()
        cls.packages = {one["SPDXID"]: one for one in cls.document["packages"]}

    def related(self, one, kind):
        return {relation["relatedSpdxElement"] for relation in self.document["relationships"]
                if (relation["spdxElementId"], relation["relationshipType"]) == (one, kind)}

    def test_every_element_is_there_once_and_is_all_that_relations_name(self):
        ids = [one["SPDXID"] for one in self.document["packages"] + self.document["files"]]
        self.assertEqual(len(ids), len(set(ids)))
        for relation in self.document["relationships"]:
            for end in ("spdxElementId", "relatedSpdxElement"):
                self.assertIn(relation[end], [sbom.DOCUMENT, *ids])

    def test_the_files_have_the_hashes_that_are_written(self):
        for file in self.document["files"]:
            content = (sbom.PROGRAM.parent / file["fileName"]).read_bytes()
            self.assertEqual(file["checksums"][1]["checksumValue"],
                             hashlib.sha256(content).hexdigest())

    def test_what_a_running_server_loaded_is_what_is_listed(self):
        owners = {sbom.owner_of(path): path for path in loaded_files()
                  if path.parent != sbom.PROGRAM.parent and sbom.DUCKDB_PACKAGE not in str(path)}
        loaded = {sbom.debian_package(owner)["SPDXID"] for owner in owners}
        listed = self.related(sbom.TESSERA, "DEPENDS_ON")
        self.assertLessEqual(loaded, listed, owners)
        self.assertEqual({one for one in listed if one.startswith("SPDXRef-deb-")} - loaded,
                         set())
        self.assertIn(f"pkg:npm/{sbom.DUCKDB_PACKAGE.replace('@', '%40')}@",
                      "".join(self.packages[one]["externalRefs"][0]["referenceLocator"]
                              for one in listed))

    def test_what_source_maps_lead_back_to_is_what_the_web_app_is_said_to_contain(self):
        with tempfile.TemporaryDirectory() as folder:
            traced = traced_packages(folder)
        listed = {(self.packages[one]["name"], self.packages[one]["versionInfo"])
                  for one in self.related(sbom.TESSERA, "CONTAINS") if one in self.packages}
        self.assertGreater(len(traced), 20)
        self.assertEqual(traced, listed)


class PinTest(unittest.TestCase):
    def test_every_npm_package_is_pinned_to_a_version_and_a_hash(self):
        wanted = json.loads((sbom.ROOT / "package.json").read_text(encoding="utf-8"))
        for versions in (wanted["dependencies"], wanted["devDependencies"], wanted["overrides"]):
            for name, version in versions.items():
                self.assertRegex(version, r"^\d+\.\d+\.\d+[-.\w]*$", name)
        for (name, _), element in sbom.locked_packages().items():
            self.assertEqual(element["checksums"][0]["algorithm"], "SHA512", name)
            self.assertEqual(len(element["checksums"][0]["checksumValue"]), 128, name)


if __name__ == "__main__":
    unittest.main()

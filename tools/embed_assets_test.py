# SPDX-License-Identifier: Apache-2.0
"""What embed_assets.py makes of a built web app."""
import gzip
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import embed_assets  # noqa: E402


class EmbedTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.dist = self.root / "dist"

    def embed(self):
        paths = [self.root / name for name in ("assets.c", "assets.bin", "assets.d")]
        embed_assets.main(*paths, self.dist)
        return paths[0].read_text(), paths[1].read_bytes(), paths[2].read_text()

    def build(self, **files):
        for name, content in files.items():
            path = self.dist / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def test_files_stand_one_after_the_other(self):
        self.build(assets__a_js="one", index_html="two")
        table, blob, _ = self.embed()
        first = len(gzip.compress(b"one", 9, mtime=0))
        self.assertIn(f"asset_bytes + 0, {first}, true", table)
        self.assertIn(f"asset_bytes + {first}, {len(blob) - first}, false", table)
        self.assertEqual(gzip.decompress(blob), b"onetwo")

    def test_the_same_files_give_the_same_bytes(self):
        self.build(index_html="two")
        self.assertEqual(self.embed(), self.embed())

    def test_a_file_of_unknown_kind_is_refused(self):
        self.build(index_html="two", a_exe="x")
        with self.assertRaisesRegex(SystemExit, "a.exe: .exe has no content type"):
            self.embed()

    def test_files_and_folders_are_watched(self):
        self.build(assets__a_js="one", index_html="two")
        depfile = self.embed()[2]
        for path in (self.dist, self.dist / "assets", self.dist / "assets/a.js"):
            self.assertIn(f" {path.resolve()}", depfile)

    def test_without_a_built_app_a_page_says_so(self):
        table, blob, _ = self.embed()
        self.assertIn('"/index.html"', table)
        self.assertIn(b"without its web app", gzip.decompress(blob))


if __name__ == "__main__":
    unittest.main()

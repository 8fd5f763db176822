# SPDX-License-Identifier: Apache-2.0
"""An archive is the same whoever packs it, and a changed byte is found by who verifies it."""
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import release  # noqa: E402


class ReleaseTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def tree(self, name, names, moment):
        for file in names:
            path = self.folder / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"this is {file}", encoding="utf-8")
            path.chmod(0o700 if file.startswith("bin/") else 0o600)
            os.utime(path, (moment, moment))
        return self.folder / name

    def test_the_archive_depends_on_names_and_contents_alone(self):
        names = ["bin/tessera", "lib/library.so", "share/notes.txt"]
        one = release.packed(self.tree("one", names, 1_000_000), "tessera-1", 77)
        other = release.packed(self.tree("other", reversed(names), 2_000_000), "tessera-1", 77)
        self.assertEqual(one, other)
        (self.folder / "one.tar.gz").write_bytes(one)
        with tarfile.open(self.folder / "one.tar.gz") as archive:
            modes = {entry.name: (entry.mode, entry.uid, entry.mtime) for entry in archive}
        self.assertEqual(modes["tessera-1/bin/tessera"], (0o755, 0, 77))
        self.assertEqual(modes["tessera-1/share/notes.txt"], (0o644, 0, 77))

    def verify(self):
        """As docs/operating.md tells whoever downloaded it."""
        with (self.folder / "made/SHA256SUMS").open("rb") as sums:
            signed = subprocess.run(
                ["ssh-keygen", "-Y", "verify", "-f", self.folder / "allowed_signers", "-I",
                 "maintainers", "-n", release.NAMESPACE, "-s", self.folder / "made/SHA256SUMS.sig"],
                stdin=sums, capture_output=True, check=False).returncode == 0
        whole = subprocess.run(["sha256sum", "--check", "--strict", "--status", "SHA256SUMS"],
                               cwd=self.folder / "made", check=False).returncode == 0
        return signed, whole

    @unittest.skipUnless(shutil.which("ssh-keygen"), "there is no ssh-keygen")
    def test_what_was_changed_after_signing_is_found(self):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "key"],
                       check=True)
        public = (self.folder / "key.pub").read_text(encoding="utf-8")
        (self.folder / "allowed_signers").write_text(f"maintainers {public}", encoding="utf-8")
        made = self.tree("made", ["tessera.tar.gz", "tessera.spdx.json"], 1)
        release.sign(release.write_sums(made), self.folder / "key")
        self.assertEqual(self.verify(), (True, True))
        (made / "tessera.tar.gz").write_text("something else", encoding="utf-8")
        self.assertEqual(self.verify(), (True, False))
        release.write_sums(made)
        self.assertEqual(self.verify(), (False, True))


if __name__ == "__main__":
    unittest.main()

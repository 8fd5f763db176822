# SPDX-License-Identifier: Apache-2.0
"""`./dev bench backup`: stores of Online Retail and of the sample company are backed up, beside
sqlite3's own .backup of the ledger and a bare copy, and restored; the second one is backed up again
and again while as many lines of another company are imported into it through a server.

    --customers N   of the sample company (100,000)
    --lines N       of their receipts (2,000,000)
    --runs N        runs of each subject (3)
"""
import argparse
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import frame
import sample_store


def size(path):
    return f"{path.stat().st_size / 2**20:,.0f} MiB"


def online_retail():
    """Its store, made once."""
    store = frame.CACHE / "online-retail"
    if not (store / "made").exists():
        sample_store.tessera(frame.fresh(store.name), "import",
                             frame.shared_data("onlineretail.csv.gz"), "--as", "sales", "--yes",
                             "--constant", "currency=GBP")
        (store / "made").touch()
    return store


# ---- at rest ----

def backup(store, *options):
    def subject():
        return frame.run([frame.PROGRAM, "--data", store, "backup", frame.fresh("backup.tar.gz"),
                          *options])
    return subject


def sqlite_backup(store, *then):
    def subject():
        copy, packed = frame.fresh("copy.db"), frame.fresh("copy.db.gz")
        script = f"sqlite3 '{store}/ledger.db' '.backup {copy}'"
        if then:
            script += f" && {' '.join(then)} < '{copy}' > '{packed}'"
        return frame.run(["sh", "-c", script])
    return subject


def bare_copy(store):
    def subject():
        return frame.run(["cp", "--reflink=never", store / "ledger.db", frame.fresh("copy.db")])
    return subject


def compare_backups(what, store, runs):
    frame.heading(f"{what}: a ledger of {size(store / 'ledger.db')}, {runs} runs")
    frame.compare(frame.in_turn({
        "tessera backup --plain": backup(store, "--plain"),
        "sqlite3 .backup": sqlite_backup(store),
        "cp": bare_copy(store),
        "tessera backup": backup(store),
        "sqlite3 .backup, gzip -3": sqlite_backup(store, "gzip", "-3"),
    }, runs), "sqlite3 .backup")
    file = frame.CACHE / "backup.tar.gz"
    backup(store)()
    print(f"the compressed backup has {size(file)}, "
          f"sqlite3's through gzip {size(frame.CACHE / 'copy.db.gz')}")
    return file


# ---- back again ----

def restore(file):
    """Into a new store. What the command tells, and how long it took."""
    measure = frame.run([frame.PROGRAM, "--data", frame.fresh("restored"), "--format", "json",
                         "--quiet", "restore", file])
    return json.loads(measure.output), measure


@contextlib.contextmanager
def serving(store):
    """The seconds until it answers that it is well."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    begin = time.perf_counter()
    process = subprocess.Popen([frame.PROGRAM, "--data", store, "serve", "--listen",
                                f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError), \
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    break
            time.sleep(0.01)
        yield time.perf_counter() - begin
    finally:
        process.terminate()
        if process.wait(120) != 0:
            sys.exit("the server did not end well")


def measure_restore(file, runs):
    frame.heading(f"Restored, {runs} runs")
    rows = []
    for number in range(runs):
        frame.show(f"restore {number + 1} of {runs}")
        answer, measure = restore(file)
        with serving(frame.CACHE / "restored") as ready_s:
            rows.append([measure.wall_s, answer["restore_seconds"], answer["lake_seconds"],
                         ready_s, measure.cpu_s, measure.peak_bytes / 2**20])
    frame.show("")
    columns = [frame.median(column) for column in zip(*rows)]
    cells = [*(f"{seconds:.2f} s" for seconds in columns[:5]), f"{columns[5]:,.0f} MiB"]
    frame.print_table(["restore, median", "ledger, read and checked", "lake", "until it serves",
                       "CPU of the restore", "peak memory"], [cells])


# ---- while an import writes ----

def line_count(store):
    return int(sample_store.query(store, "SELECT count(*) FROM sale_line")[0][0])


def receipts_of_another(customers, lines):
    """The file of a company that shares no receipt with the first, made once."""
    folder = frame.CACHE / f"another-{customers}-{lines}"
    if not folder.exists():
        frame.run([frame.PROGRAM, "sample", "--out", folder, "--customers", customers,
                   "--lines", lines, "--last-day", sample_store.AS_OF, "--seed", 2])
    return folder / "receipts.csv"


def import_beside(store, file, action):
    """Seconds that an import takes through the server, while the action is done again and again."""
    place = frame.fresh("busy")
    shutil.copytree(store, place)
    ended_at = []

    def wait(importing):
        importing.wait()
        ended_at.append(time.perf_counter())

    with serving(place):
        begin = time.perf_counter()
        importing = subprocess.Popen([frame.PROGRAM, "--data", place, "import", file, "--as",
                                      "sales", "--source", "another", "--yes", "--quiet"],
                                     stdout=subprocess.DEVNULL)
        waiting = threading.Thread(target=wait, args=[importing])
        waiting.start()
        while not ended_at:
            action(place)
        waiting.join()
        if importing.returncode != 0:
            sys.exit(f"the import ended with {importing.returncode}")
        return ended_at[0] - begin


def measure_busy(store, file):
    made = []

    def make_backup(place):
        before = line_count(place)
        measure = backup(place)()
        made.append((measure.wall_s, before, line_count(place)))
        shutil.move(frame.CACHE / "backup.tar.gz", frame.CACHE / f"busy-{len(made)}.tar.gz")

    frame.heading(f"While receipts of {size(file)} are imported through a server")
    frame.show("importing without a backup")
    alone_s = import_beside(store, file, lambda place: time.sleep(0.05))
    frame.show("importing with one backup after the other")
    beside_s = import_beside(store, file, make_backup)
    frame.show("")
    print(f"import: {alone_s:.1f} s alone, {beside_s:.1f} s beside {len(made)} backups; a backup: "
          f"{frame.median(wall_s for wall_s, *_ in made):.1f} s\n")
    rows = []
    for number, (wall_s, before, after) in enumerate(made, 1):
        frame.show(f"restoring backup {number} of {len(made)}")
        file = frame.CACHE / f"busy-{number}.tar.gz"
        answer, _ = restore(file)
        restored = line_count(frame.CACHE / "restored")
        if not before <= restored <= after:
            sys.exit(f"backup {number}: {restored} lines, not {before} to {after}")
        rows.append([str(number), f"{wall_s:.2f} s", f"{before:,}", f"{restored:,}", f"{after:,}",
                     str(answer["totals_compared"])])
        file.unlink()
    frame.show("")
    frame.print_table(["backup", "took", "lines before it", "in it", "lines after it",
                       "totals compared when restored"], rows)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench backup")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    frame.print_machine()
    store = sample_store.made(arguments.customers, arguments.lines)
    for what, one in {"Online Retail": online_retail(), "The sample company": store}.items():
        measure_restore(compare_backups(what, one, arguments.runs), arguments.runs)
    measure_busy(store, receipts_of_another(arguments.customers, arguments.lines))
    for name in ("busy", "restored", "copy.db", "copy.db.gz", "backup.tar.gz"):
        frame.fresh(name)


main()

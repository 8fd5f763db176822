# SPDX-License-Identifier: Apache-2.0
"""`./dev bench import`: rows per second of a whole import of Online Retail (columns recognised,
values checked, customers found, sales and lines written durably, mirrored to the lake) beside the
bare loads of DuckDB and SQLite, then its growth with files of the sample company.

With --store postgresql: the same import into a private PostgreSQL and into a folder, beside psql's
\\copy of the unpacked file into a bare table, and the growth of both.

    --store KIND  folder or postgresql (folder)
    --runs N      runs of each subject (5)
    --lines N     the largest file of the sample company (5,000,000; in PostgreSQL 2,000,000)
    --large       grow to 50 million lines; takes long and 20 GB of disk
"""
import argparse
import gzip
import os
import re
import shutil
import sys

import database
import frame

FILE, LINES = "onlineretail.csv.gz", 541_909
COLUMNS = [("InvoiceNo", "TEXT"), ("StockCode", "TEXT"), ("Description", "TEXT"),
           ("Quantity", "INTEGER"), ("InvoiceDate", "TIMESTAMP"), ("UnitPrice", "DOUBLE"),
           ("CustomerID", "TEXT"), ("Country", "TEXT")]


def tessera_run(store, *words):
    return frame.run(database.tessera(store, *words))


def tessera(file, store):
    def subject():
        place = frame.fresh(store)
        measure = tessera_run(place, "import", file, "--as", "sales", "--yes")
        check_lines(place, LINES)
        return measure
    return subject


def check_lines(store, expected):
    """What was measured must have happened."""
    answer = tessera_run(store, "sql", "SELECT count(*) FROM sale_line", "--format", "csv").output
    if str(expected) not in answer:
        sys.exit(f"{expected} lines expected, not\n{answer}")


def duckdb(file, threads):
    definition = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)

    def subject():
        place = frame.fresh("bare.duckdb")
        return frame.run([frame.ROOT / "build/bench/duckdb_load", place, file, threads, definition])
    return subject


def sqlite(file):
    definition = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)

    def subject():
        place = frame.fresh("bare.sqlite")
        return frame.run(["sqlite3", place, f"CREATE TABLE bare ({definition})",
                          f".import --csv --skip 1 {file} bare"])
    return subject


def unpack(packed):
    plain = frame.CACHE / packed.name.removesuffix(".gz")
    if not plain.exists():
        plain.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(packed) as source, open(plain, "wb") as target:
            shutil.copyfileobj(source, target)
    return plain


def compare_loads(runs):
    packed = frame.shared_data(FILE)
    threads = len(os.sched_getaffinity(0))
    frame.heading(f"Online Retail, {LINES:,} lines, {packed.stat().st_size / 1e6:.1f} MB packed, "
                  f"{threads} threads, {runs} runs")
    measured = frame.in_turn({
        "tessera import": tessera(packed, "import-store"),
        "DuckDB COPY, bare table": duckdb(packed, threads),
        "SQLite .import, bare table (file unpacked beforehand)": sqlite(unpack(packed)),
    }, runs)
    frame.compare(measured, "DuckDB COPY, bare table", LINES)


# ---- in PostgreSQL ----

def into_database(server, file):
    def subject():
        address = database.fresh_store(server, "import_store")
        measure = server.run(database.tessera(address, "import", file, "--as", "sales", "--yes"))
        check_lines(address, LINES)
        return measure
    return subject


def bare_copy(server, file):
    kinds = {"DOUBLE": "DOUBLE PRECISION"}
    columns = ", ".join(f"{name} {kinds.get(kind, kind)}" for name, kind in COLUMNS)

    def subject():
        address = server.fresh("bare")
        server.psql("bare", f"CREATE TABLE bare ({columns})")
        return server.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", address, "-c",
                           f"\\copy bare FROM '{file}' WITH (FORMAT csv, HEADER)"])
    return subject


def compare_stores(server, runs):
    packed = frame.shared_data(FILE)
    database.print_server(server)
    frame.heading(f"Online Retail, {LINES:,} lines, {runs} runs; processor time is of program and "
                  "server")
    frame.compare(frame.in_turn({
        "tessera import, PostgreSQL": into_database(server, packed),
        "tessera import, folder": tessera(packed, "import-store"),
        "psql \\copy, bare table (file unpacked beforehand)": bare_copy(server, unpack(packed)),
    }, runs), "tessera import, folder", LINES)


# ---- growth ----

def sample_file(lines):
    frame.show(f"making {lines:,} lines")
    folder = frame.fresh("sample")
    frame.run([frame.PROGRAM, "sample", "--out", folder, "--lines", lines,
               "--customers", lines // 25])
    return folder / "receipts.csv"


def grow(file, store, run, size_bytes):
    """A row of the table, and the lines that were read."""
    measure = run(database.tessera(store, "import", file, "--as", "sales", "--yes"))
    read = int(re.search(r"^accepted:\s*([0-9,]+)", measure.output, re.M)[1].replace(",", ""))
    check_lines(store, read)
    return [f"{read:,}", f"{file.stat().st_size / 2**20:,.0f} MiB",
            f"{measure.wall_s:.1f} s", f"{measure.cpu_s:.1f} s", f"{read / measure.wall_s:,.0f}",
            f"{measure.peak_bytes / 2**20:,.0f} MiB", f"{size_bytes(store) / 2**20:,.0f} MiB"]


def folder_bytes(store):
    return sum(path.stat().st_size for path in store.iterdir() if path.is_file())


def measure_growth(sizes, server=None):
    frame.heading("Growth: receipts of the sample company, one run each")
    rows = []
    for lines in sizes:
        file = sample_file(lines)
        frame.show(f"importing {lines:,} lines")
        rows.append(["folder", *grow(file, frame.fresh("growth-store"), frame.run, folder_bytes)])
        if server:
            rows.append(["PostgreSQL",
                         *grow(file, database.fresh_store(server, "growth_store"), server.run,
                               lambda address: server.size_bytes("growth_store"))])
    frame.show("")
    frame.fresh("sample")
    frame.fresh("growth-store")
    frame.print_table(["store", "lines", "file", "wall", "CPU", "lines/s", "peak memory",
                       "on disk"], rows)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench import")
    parser.add_argument("--store", choices=["folder", "postgresql"], default="folder")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--lines", type=int)
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    is_shared = arguments.store == "postgresql"
    lines = arguments.lines or (2_000_000 if is_shared else 5_000_000)
    sizes = [500_000, lines] + ([50_000_000] if arguments.large else [])
    frame.print_machine()
    if is_shared:
        with database.server() as server:
            compare_stores(server, arguments.runs)
            measure_growth(sizes, server)
    else:
        compare_loads(arguments.runs)
        measure_growth(sizes)


main()

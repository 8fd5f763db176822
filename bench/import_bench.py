# SPDX-License-Identifier: Apache-2.0
"""`./dev bench import`: rows per second of a whole import of Online Retail (columns recognised,
values checked, customers found, sales and lines written durably, mirrored to the lake) beside the
bare loads of DuckDB and SQLite, then its growth with files of the sample company.

    --runs N    runs of each subject (5)
    --large     grow to 50 million lines; takes long and 20 GB of disk
"""
import argparse
import gzip
import os
import re
import shutil
import sys

import frame

FILE, LINES = "onlineretail.csv.gz", 541_909
COLUMNS = [("InvoiceNo", "TEXT"), ("StockCode", "TEXT"), ("Description", "TEXT"),
           ("Quantity", "INTEGER"), ("InvoiceDate", "TIMESTAMP"), ("UnitPrice", "DOUBLE"),
           ("CustomerID", "TEXT"), ("Country", "TEXT")]


def tessera_run(store, *words):
    return frame.run([frame.PROGRAM, "--data", store, *words])


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


# Receipt lines that are asked for, customers who buy them.
SIZES = [(500_000, 20_000), (5_000_000, 200_000)]
LARGE = (50_000_000, 2_000_000)


def measure_growth(sizes):
    frame.heading("Growth: receipts of the sample company, one run each")
    rows = []
    for lines, customers in sizes:
        frame.show(f"making {lines:,} lines")
        folder = frame.fresh("sample")
        frame.run([frame.PROGRAM, "sample", "--out", folder,
                   "--lines", lines, "--customers", customers])
        frame.show(f"importing {lines:,} lines")
        file = folder / "receipts.csv"
        place = frame.fresh("growth-store")
        measure = tessera_run(place, "import", file, "--as", "sales", "--yes")
        read = int(re.search(r"^accepted:\s*([0-9,]+)", measure.output, re.M)[1].replace(",", ""))
        check_lines(place, read)
        store_bytes = sum(path.stat().st_size for path in place.iterdir() if path.is_file())
        rows.append([f"{read:,}", f"{file.stat().st_size / 2**20:,.0f} MiB",
                     f"{measure.wall_s:.1f} s", f"{measure.cpu_s:.1f} s",
                     f"{read / measure.wall_s:,.0f}",
                     f"{measure.peak_bytes / 2**20:,.0f} MiB", f"{store_bytes / 2**20:,.0f} MiB"])
    frame.show("")
    frame.fresh("sample")
    frame.fresh("growth-store")
    frame.print_table(["lines", "file", "wall", "CPU", "lines/s", "peak memory", "store"], rows)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench import")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    frame.print_machine()
    compare_loads(arguments.runs)
    measure_growth(SIZES + ([LARGE] if arguments.large else []))


main()

# SPDX-License-Identifier: Apache-2.0
"""`./dev bench copy`: rows per second of `tessera store copy` from a folder into PostgreSQL and
back, beside what PostgreSQL's own tools need for the same rows: pg_restore of a dump of them, in
one process, indexes and all; and pg_dump. A copy compares both stores at its end, they do not.

    --customers N   of the sample company (100,000)
    --lines N       of their receipts (20 times as many)
    --runs N        runs of each subject (3)
"""
import argparse
import re

import database
import frame
from sample_store import made


def copied_rows(measure):
    return int(re.search(r"^rows:\s*([0-9,]+)", measure.output, re.M)[1].replace(",", ""))


def into_database(server, folder):
    return lambda: server.run(database.copy(folder, database.fresh_store(server, "copied")))


def into_folder(server, address):
    return lambda: server.run(database.copy(address, frame.fresh("copied")))


def restore(server, file):
    def subject():
        return server.run(["pg_restore", "--no-owner", "--exit-on-error", "--dbname",
                           server.fresh("restored"), file])
    return subject


def dump(server, address, file):
    return lambda: server.run(["pg_dump", "--format=custom", "--compress=0", "--schema=tessera*",
                               "--file", file, address])


def main():
    parser = argparse.ArgumentParser(prog="./dev bench copy")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--lines", type=int)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    frame.print_machine()
    folder = made(arguments.customers, arguments.lines or 20 * arguments.customers)
    with database.server() as server:
        database.print_server(server)
        address = database.fresh_store(server, "original")
        rows = copied_rows(frame.run(database.copy(folder, address)))
        file = frame.fresh("store.dump")
        frame.run(["pg_dump", "--format=custom", "--compress=0", "--schema=tessera*",
                   "--file", file, address])
        frame.heading(f"A whole store, {rows:,} rows, ledger of "
                      f"{(folder / 'ledger.db').stat().st_size / 2**20:,.0f} MiB, {arguments.runs} "
                      "runs; processor time is of program and server")
        frame.compare(frame.in_turn({
            "tessera store copy, folder to PostgreSQL": into_database(server, folder),
            "pg_restore of the same rows": restore(server, file),
        }, arguments.runs), "pg_restore of the same rows", rows)
        frame.compare(frame.in_turn({
            "tessera store copy, PostgreSQL to folder": into_folder(server, address),
            "pg_dump of the same rows": dump(server, address, frame.fresh("again.dump")),
        }, arguments.runs), "pg_dump of the same rows", rows)


main()

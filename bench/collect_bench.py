# SPDX-License-Identifier: Apache-2.0
"""`./dev bench collect`: events per second taken and durable, beside nginx that answers 204 to the
same requests, and beside SQLite alone that is given the same rows.

    --seconds N      of each measurement (10)
    --connections N  at once (256)
    --store KIND     where the ledger is: sqlite or postgresql (sqlite)
"""
import argparse
import contextlib
import json
import pathlib
import random
import re
import sqlite3
import time

import api_bench
import database
import frame

LOAD = frame.ROOT / "bench/collect_load.lua"
LOADS = {"single": (1, 0, "growing"), "batches of 100": (100, 0, "growing"),
         "batches, 20 % identify": (100, 20, "growing"), "batches, random ids": (100, 0, "random")}
WARM_EVENTS = 400_000  # until most visitors and products are known


def ticks(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        return sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / database.TICKS


def load(port, key, shape, connections, seconds, process, pause_ms=0):
    """Requests and messages per second, p50, p99, p99.9 in ms, the server's processors."""
    per_request, identifies, ids = shape
    before_s = ticks(process)
    measure = frame.run(["wrk", "-t", 1, "-c", connections, "-d", f"{seconds}s", "--timeout", "60s",
                         "-s", LOAD, f"http://127.0.0.1:{port}", "--", key, per_request, identifies,
                         time.time_ns(), pause_ms, ids])
    count, duration_us, p50_us, p99_us, p999_us, _, errors = map(
        int, re.search(r"^figures (.*)$", measure.output, re.M)[1].split())
    busy = (ticks(process) - before_s) / (duration_us / 1e6)
    if errors:
        raise SystemExit(f"{errors} of {count} requests failed:\n{measure.output}")
    rate = count / duration_us * 1e6
    return rate, rate * per_request, p50_us / 1000, p99_us / 1000, p999_us / 1000, busy, count


def nginx(folder, port):
    """Takes the same bodies and answers 204."""
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes auto;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; keepalive_requests 1000000; client_body_buffer_size 512k;
            client_body_temp_path {folder}; client_max_body_size 1m;
            server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }}
        }}""", encoding="utf-8")
    return api_bench.running(["nginx", "-p", folder, "-c", configuration], port)


def sqlite_alone(seconds, merged=0):
    """Rows per second into a table of events with its two indexes, 10,000 in a transaction, of
    visitors at random. With `merged`, what the index by customer costs is paid later: it is a
    table, into which that many rows go at once, in its order."""
    place = frame.fresh("collect-sqlite.db")
    ledger = sqlite3.connect(place, isolation_level=None)
    ledger.execute("PRAGMA journal_mode = WAL")
    ledger.execute("PRAGMA synchronous = FULL")
    schema = (frame.ROOT / "schema/0001_foundation.sql").read_text(encoding="utf-8")
    table = re.search(r"CREATE TABLE event \(.*?\n\);\nCREATE INDEX event_by_origin.*?;", schema,
                      re.S)[0].replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
    if merged:
        table = table[:table.index("CREATE INDEX")] + """
            CREATE TABLE event_by_origin (origin, at_us, id, PRIMARY KEY (origin, at_us, id))
                WITHOUT ROWID;"""
    ledger.executescript(table)
    properties = json.dumps({"product_id": "P1", "category": "Garden", "price": 18.99,
                             "context": {"page": {"path": "/garden/", "title": "Garden",
                                                  "url": "https://shop.example/garden/"}}})
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        ledger.execute("BEGIN IMMEDIATE")
        ledger.executemany(
            "INSERT INTO event VALUES (?, 1, 1, 'shop', ?, ?, ?, ?, 'Product Clicked', 'web', 'in',"
            " NULL, ?)",
            ((number, f"run-1-{number}", visitor, visitor, number, properties)
             for number in range(count, count + 10000) for visitor in [random.randrange(100000)]))
        count += 10000
        if merged and count % merged == 0:
            ledger.execute("INSERT INTO event_by_origin SELECT origin, at_us, id FROM event"
                           " WHERE id >= ? ORDER BY origin, at_us, id", (count - merged,))
        ledger.execute("COMMIT")
    return count / (time.perf_counter() - begin)


def duckdb_alone(seconds):
    """The same for DuckDB's appender."""
    return float(frame.run([frame.ROOT / "build/bench/duckdb_append",
                            frame.fresh("collect-duckdb.db"), 10000, seconds]).output)


def count_events(store):
    with sqlite3.connect(f"file:{store}/ledger.db?mode=ro", uri=True) as ledger:
        return ledger.execute("SELECT count(*) FROM event").fetchone()[0]


def size_of(store):
    return pathlib.Path(store, "ledger.db").stat().st_size


def measure(store, arguments, ceiling_port):
    port, rows, sent = api_bench.free_port(), [], 0
    added = frame.run(database.tessera(store, "source", "add", "shop", "--type", "website",
                                       "--format", "json"))
    key = json.loads(added.output)["key"]
    serve = database.tessera(store, "serve", "--listen", f"127.0.0.1:{port}", "--log", "warn")
    with api_bench.running(serve, port) as server:
        while sent < WARM_EVENTS:
            sent += 100 * load(port, key, LOADS["batches of 100"], 64, 2, server)[-1]
        for name, shape in LOADS.items():
            connections = arguments.connections
            figures = load(port, key, shape, connections, arguments.seconds, server)
            pause_ms = max(round(2000 * connections / max(figures[0], 1)), 1)
            half = load(port, key, shape, connections, arguments.seconds, server, pause_ms)
            ceiling = load(ceiling_port[0], key, shape, connections, arguments.seconds,
                           ceiling_port[1])
            rows.append([name, f"{figures[0]:,.0f}", f"{figures[1]:,.0f}",
                         " / ".join(f"{value:.1f}" for value in figures[2:5]),
                         f"{figures[5]:.2f}", f"{half[1]:,.0f}",
                         " / ".join(f"{value:.1f}" for value in half[2:5]),
                         f"{ceiling[1]:,.0f}", f"{ceiling[1] / figures[1]:.1f}"])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, usage="./dev bench collect [OPTION…]",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    arguments = parser.parse_args()
    frame.print_machine()
    folder, nginx_port = frame.fresh("collect-nginx"), api_bench.free_port()
    folder.mkdir()
    with contextlib.ExitStack() as stack:
        if arguments.store == "postgresql":
            of = stack.enter_context(database.server())
            store = database.fresh_store(of, "collect")
        else:
            store = frame.fresh("collect-store")
        ceiling = stack.enter_context(nginx(folder, nginx_port))
        rows = measure(store, arguments, (nginx_port, ceiling))
    frame.heading(f"Events over loopback, durable when answered, wrk beside it, "
                  f"{arguments.seconds} s each")
    frame.print_table(["", "requests/s", "events/s", "p50 / p99 / p99.9 ms", "processors",
                       "half load, events/s", "p50 / p99 / p99.9 ms", "nginx 204, events/s",
                       "ratio"], rows)
    if arguments.store == "sqlite":
        events, bytes_kept = count_events(store), size_of(store)
        print(f"{events:,} events in the ledger, {bytes_kept / events:,.0f} bytes each; SQLite "
              f"alone takes {sqlite_alone(arguments.seconds):,.0f} such rows/s "
              f"({sqlite_alone(arguments.seconds, 100_000):,.0f} with the index by customer "
              f"written later, in order), DuckDB's appender "
              f"{duckdb_alone(arguments.seconds):,.0f}")


if __name__ == "__main__":
    main()

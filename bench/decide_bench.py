# SPDX-License-Identifier: Apache-2.0
"""`./dev bench decide`: answers per second of the running server about a million customers, beside
the same server's GET /healthz and nginx that answers 204.

    --customers N   of the sample company (1,000,000)
    --lines N       of their receipts (20,000,000)
    --seconds N     of each measurement (10)
    --rounds N      of all measurements in turn (3)
    --connections N at once (16)
    --store FOLDER  a store to take instead; segments and a key are added to it
    --postgresql    the store is copied into a private PostgreSQL
"""
import argparse
import contextlib
import json
import pathlib
import re
import sqlite3
import statistics
import time
from urllib.parse import quote

import api_bench
import database
import frame
import sample_store

IDENTIFIERS = 20_000
COUNTRIES = ["France", "Germany", "Spain", "Italy", "United Kingdom", "Portugal"]
TRAITS = ["language", "country"]


def segments():
    """{name: definition} of groups of all sizes."""
    by_country = {f"bench in {name}": {"attribute": "country", "operator": "is", "value": name}
                  for name in COUNTRIES}
    by_sales = {f"bench bought {count}": {"sales": "count", "operator": ">=", "value": count}
                for count in (1, 3, 6, 12, 24)}
    return {**by_country, **by_sales, "bench everybody": {"all": []}}


def tessera(store, *words):
    return frame.run(database.tessera(store, *words)).output


def prepare(store):
    """Segments, evaluated; returns a key."""
    there = tessera(store, "segment", "list", "--stored", "--format", "csv")
    for name, definition in segments().items():
        if name in there:
            continue
        frame.show(f"evaluating {name}")
        tessera(store, "segment", "create", name, "--definition", json.dumps(definition))
        tessera(store, "segment", "refresh", name)
    traits = [word for trait in TRAITS for word in ("--trait", trait)]
    return json.loads(tessera(store, "key", "add", f"bench {time.time_ns()}", "--may", "decide",
                              "--may", "read_metrics", *traits, "--format", "json"))


def paths(store):
    """Identifiers spread over the whole ledger, as the API names them."""
    kinds = {1: "email", 2: "phone", 3: "loyalty_card", 4: "customer_number", 5: "cookie"}
    ledger = sqlite3.connect(f"file:{store / 'ledger.db'}?mode=ro", uri=True)
    count, first, last = ledger.execute(
        "SELECT (SELECT count(*) FROM identifier), min(id), max(id) FROM identifier").fetchone()
    step = (last - first) // IDENTIFIERS or 1
    rows = [ledger.execute("SELECT kind, source, value FROM identifier WHERE id >= ? LIMIT 1",
                           (first + number * step,)).fetchone() for number in range(IDENTIFIERS)]
    ledger.close()
    named = [f"{kinds[kind]}:{source + ':' if kind == 4 else ''}{value}"
             for kind, source, value in rows if kind in kinds]
    return count, [f"/api/v1/decide?id={quote(name)}" for name in named]


def figures(port, key):
    text = api_bench.ask(port, "/metrics", key).decode()
    return {name: float(value)
            for name, value in re.findall(r"^tessera_(decide_\w+) (\S+)$", text, re.M)}


def wait_until_ready(port, key):
    begun = time.monotonic()
    while not figures(port, key)["decide_ready"]:
        time.sleep(0.1)
    return time.monotonic() - begun


def nginx(folder, port):
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes auto;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; keepalive_requests 1000000;
            server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }}
        }}""", encoding="utf-8")
    return api_bench.running(["nginx", "-p", folder, "-c", configuration], port)


def measure(arguments, port, nginx_port, key, asked):
    subjects = {"decide": (port, asked, key), "GET /healthz": (port, ["/healthz"], ""),
                "nginx, 204": (nginx_port, ["/"], "")}
    runs = {name: [] for name in subjects}
    for _ in range(arguments.rounds):
        for name, (where, what, shown) in subjects.items():
            frame.show(name)
            runs[name].append(api_bench.load(where, what, arguments.connections,
                                             arguments.seconds, shown))
    alone = api_bench.load(port, asked, 1, arguments.seconds, key)
    frame.show("")
    return {name: [statistics.median(values) for values in zip(*of)]
            for name, of in runs.items()}, alone


def print_result(arguments, result, alone):
    reference = result["nginx, 204"][0]
    frame.heading(f"wrk beside the server, {arguments.connections} connections, "
                  f"{arguments.rounds} x {arguments.seconds} s each")
    frame.print_table(["", "answers/s", "p50 ms", "p99 ms", "to nginx"],
                      [[name, f"{rate:,.0f}", f"{p50:.2f}", f"{p99:.2f}",
                        f"{rate / reference:.3f}"] for name, (rate, p50, p99) in result.items()])
    print(f"one connection: {alone[0]:,.0f} answers/s, "
          f"p50 {alone[1]:.3f} ms, p99 {alone[2]:.3f} ms")


def copied(stack, sample):
    of = stack.enter_context(database.server())
    store = database.fresh_store(of, "decide")
    frame.show("copying the store")
    frame.run(database.copy(sample, store))
    return store


def main():
    parser = argparse.ArgumentParser(prog="./dev bench decide")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=20_000_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--store", type=pathlib.Path)
    parser.add_argument("--postgresql", action="store_true")
    arguments = parser.parse_args()
    frame.print_machine()
    sample = arguments.store or sample_store.made(arguments.customers, arguments.lines)
    count, asked = paths(sample)
    folder = frame.fresh("nginx")
    folder.mkdir()
    port, nginx_port = api_bench.free_port(), api_bench.free_port()
    with contextlib.ExitStack() as stack:
        store = copied(stack, sample) if arguments.postgresql else sample
        key = prepare(store)
        server = stack.enter_context(api_bench.running(
            database.tessera(store, "serve", "--listen", f"127.0.0.1:{port}"), port))
        stack.enter_context(nginx(folder, nginx_port))
        api_bench.ask(port, asked[0], key["key"])
        made_s = wait_until_ready(port, key["key"])
        result, alone = measure(arguments, port, nginx_port, key["key"], asked)
        known = figures(port, key["key"])
        print_result(arguments, result, alone)
        print(f"memory: {known['decide_customers']:,.0f} customers, {count:,} identifiers, "
              f"{known['decide_memory_bytes'] / 2**20:,.0f} MiB, made in {made_s:.1f} s; "
              f"{api_bench.resident_mib(server):,.0f} MiB resident in all; "
              f"{known['decide_passed_on_total']:,.0f} of "
              f"{known['decide_answers_total'] + known['decide_passed_on_total']:,.0f} questions "
              f"were left to the ledger")
        tessera(store, "key", "revoke", key["id"])


if __name__ == "__main__":
    main()

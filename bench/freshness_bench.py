# SPDX-License-Identifier: Apache-2.0
"""`./dev bench freshness`: how long after an event was accepted it is in the members of a live
segment, on the page of its customer, in the answer of decide and in what the lake counts, while
other events come at a modest rate.

    --customers N   of the sample company (100,000)
    --lines N       of their receipts (1,000,000)
    --probes N      events that are waited for (200)
    --rate N        other events per second, each of another visitor (50)
    --store KIND    sqlite or postgresql (sqlite)
"""
import argparse
import base64
import contextlib
import http.client
import json
import shutil
import statistics
import threading
import time

import api_bench
import database
import frame
import sample_store

LOOK_S = 0.01
PAUSE_S = 0.2  # between probes
PATIENCE_S = 30
IDLE_S = 2
PROBE = {"event": "Probe", "operator": ">=", "value": 1}
OTHERS = {f"other {number}": {"event": f"Other {number}", "window": {"days": 30},
                              "operator": ">=", "value": number} for number in range(1, 11)}
MEASURES = ["segment", "customer's page", "decide", "lake"]


class Client:
    """One connection, kept."""

    def __init__(self, port, fields):
        self.connection, self.used = http.client.HTTPConnection("127.0.0.1", port), 0
        self.fields = {"Content-Type": "application/json", **fields}

    def ask(self, method, path, body=None):
        if time.monotonic() - self.used > IDLE_S:  # the server closes what is not used
            self.connection.close()
        self.connection.request(method, path, json.dumps(body) if body else None, self.fields)
        answer = self.connection.getresponse()
        content, self.used = answer.read(), time.monotonic()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300]}")
        return json.loads(content) if content else None


def sender(port, key):
    pair = base64.b64encode(f"{key}:".encode()).decode()
    return Client(port, {"Authorization": f"Basic {pair}"})


class Others(threading.Thread):
    """What else happens meanwhile."""

    def __init__(self, port, key, rate):
        super().__init__(daemon=True)
        self.client, self.rate, self.count, self.is_over = sender(port, key), rate, 0, False

    def run(self):
        begin = time.monotonic()
        while not self.is_over and self.rate > 0:
            self.client.ask("POST", "/v1/track", {"anonymousId": f"other-{self.count % 5000}",
                                                  "event": f"Other {self.count % 10 + 1}"})
            self.count += 1
            time.sleep(max(0, begin + self.count / self.rate - time.monotonic()))


class Asker(threading.Thread):
    """Waits for one thing to become true, again and again."""

    def __init__(self, port, key, holds):
        super().__init__(daemon=True)
        self.client = Client(port, {"Authorization": f"Bearer {key}"})
        self.holds, self.probe, self.delays_ms = holds, None, []
        self.wanted, self.done = threading.Semaphore(0), threading.Semaphore(0)

    def run(self):
        while True:
            self.wanted.acquire()
            number, accepted = self.probe
            while not self.holds(self.client, number):
                if time.monotonic() - accepted > PATIENCE_S:
                    raise SystemExit(f"probe {number} is never seen")
                time.sleep(LOOK_S)
            self.delays_ms.append((time.monotonic() - accepted) * 1000)
            self.done.release()


def stored_size(client):
    table = client.ask("GET", "/api/v1/segments?stored=true")
    names = [column["name"] for column in table["columns"]]
    for row in table["rows"]:
        if row[names.index("name")] == "probed":
            return row[names.index("size")] or 0
    return 0


def page_of(client, number):
    """The id of the customer who stands behind a probe."""
    table = client.ask("GET", f"/api/v1/customers?q=probe-{number}")["customers"]
    return table["rows"][0][0]


def conditions(ids):
    return {
        "segment": lambda client, number: stored_size(client) > number,
        "customer's page": lambda client, number: any(
            "Probe" in row for row in
            client.ask("GET", f"/api/v1/customers/{ids[number]}/timeline")["timeline"]["rows"]),
        "decide": lambda client, number: "probed" in client.ask(
            "GET", f"/api/v1/decide?id=customer_number:shop:probe-{number}")["segments"],
        "lake": lambda client, number: client.ask(
            "POST", "/api/v1/segments/count", {"definition": PROBE})["count"] > number,
    }


def prepare(store):
    """Segments, a source and a key."""
    def made(*words):
        return json.loads(frame.run(database.tessera(store, *words, "--format", "json")).output)

    for name, definition in {"probed": PROBE, **OTHERS}.items():
        made("segment", "create", name, "--definition", json.dumps(definition))
        made("segment", "refresh", name)
    permissions = ["decide", "read_customers", "read_segments", "read_metrics"]
    key = made("key", "add", "bench", *[word for name in permissions for word in ("--may", name)])
    return made("source", "add", "shop")["key"], key["key"]


def measure(port, write_key, key, arguments):
    client, write = Client(port, {"Authorization": f"Bearer {key}"}), sender(port, write_key)
    for number in range(arguments.probes):
        write.ask("POST", "/v1/identify", {"userId": f"probe-{number}"})
    ids = [page_of(client, number) for number in range(arguments.probes)]
    while b"tessera_decide_ready 1" not in api_bench.ask(port, "/metrics", key):
        time.sleep(0.1)
    others = Others(port, write_key, arguments.rate)
    askers = [Asker(port, key, condition) for condition in conditions(ids).values()]
    for thread in [others, *askers]:
        thread.start()
    time.sleep(5)  # whole evaluations of the beginning are over
    for number in range(arguments.probes):
        frame.show(f"probe {number + 1} of {arguments.probes}")
        write.ask("POST", "/v1/track", {"userId": f"probe-{number}", "event": "Probe"})
        for asker in askers:
            asker.probe = (number, time.monotonic())
            asker.wanted.release()
        for asker in askers:
            asker.done.acquire()
        time.sleep(PAUSE_S)
    others.is_over = True
    frame.show("")
    return {name: asker.delays_ms for name, asker in zip(MEASURES, askers)}, others.count


def made_store(stack, arguments):
    sample = sample_store.made(arguments.customers, arguments.lines)
    if arguments.store == "postgresql":
        of = stack.enter_context(database.server())
        store = database.fresh_store(of, "freshness")
        frame.run(database.copy(sample, store))
        return store
    store = frame.fresh("freshness-store")
    shutil.copytree(sample, store, ignore=shutil.ignore_patterns("socket"))
    return store


def main():
    parser = argparse.ArgumentParser(description=__doc__, usage="./dev bench freshness [OPTION…]",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--probes", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    arguments = parser.parse_args()
    frame.print_machine()
    with contextlib.ExitStack() as stack:
        store = made_store(stack, arguments)
        write_key, key = prepare(store)
        port = api_bench.free_port()
        serve = database.tessera(store, "serve", "--listen", f"127.0.0.1:{port}", "--log", "warn")
        stack.enter_context(api_bench.running(serve, port))
        delays, others = measure(port, write_key, key, arguments)
    frame.heading(f"From accepted to seen: {arguments.probes} events among {others:,} others "
                  f"({arguments.rate:g}/s), {len(OTHERS) + 1} live segments, "
                  f"{arguments.customers:,} customers, {arguments.store}")
    frame.print_table(["", "p50 ms", "p99 ms", "most ms"],
                      [[name, f"{statistics.median(values):,.0f}",
                        f"{sorted(values)[len(values) * 99 // 100]:,.0f}", f"{max(values):,.0f}"]
                       for name, values in delays.items()])


if __name__ == "__main__":
    main()

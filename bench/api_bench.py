# SPDX-License-Identifier: Apache-2.0
"""`./dev bench api`: requests per second and their times of the running server at a million
customers and twenty million lines, beside nginx that serves a file of the same size.

    --customers N   of the sample company (1,000,000)
    --lines N       of their receipts (20,000,000)
    --seconds N     of each measurement (10)
    --connections N at once (16)
"""
import argparse
import contextlib
import datetime
import json
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.parse import quote

import frame
import sample_store

METRIC = "/api/v1/metrics/revenue_gross/values?by=month"
COUNT = "/api/v1/segments/count?as_of="
LOAD = frame.ROOT / "bench/api_load.lua"


# ---- servers ----

def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(port, process):
    for _ in range(600):
        if process.poll() is not None:
            sys.exit(f"{process.args[0]} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    sys.exit(f"{process.args[0]} does not listen")


@contextlib.contextmanager
def running(command, port):
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def nginx(folder, port):
    """A server of the files of a folder and nothing else, as its makers advise for speed."""
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes auto;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
            default_type application/json;
            server {{ listen 127.0.0.1:{port}; root {folder}; }}
        }}""", encoding="utf-8")
    return running(["nginx", "-p", folder, "-c", configuration], port)


def new_key(store):
    """A key for this measurement: shown once, ends with the bench."""
    answer = sample_store.tessera(store, "key", "add", f"bench {time.time_ns()}",
                                  "--may", "read_customers", "--may", "read_reports",
                                  "--may", "read_segments", "--format", "json")
    return json.loads(answer)


# ---- load ----

def ask(port, path, key=None, body=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body)
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    if body:
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def load(port, paths, connections, seconds, key="", body=None):
    """(requests per second, p50 ms, p99 ms) of the paths asked in turn."""
    place = frame.fresh("api-paths")
    place.write_text("\n".join(paths) + "\n", encoding="utf-8")
    words = [place, key] + ([body.decode()] if body else [])
    measure = frame.run(["wrk", "-t", 1, "-c", connections, "-d", f"{seconds}s",
                         "--timeout", "60s", "-s", LOAD,
                         f"http://127.0.0.1:{port}", "--", *words])
    count, duration_us, p50_us, p99_us, _, errors = map(
        int, re.search(r"^figures (.*)$", measure.output, re.M)[1].split())
    if errors:
        sys.exit(f"{errors} of {count} requests failed:\n{measure.output}")
    return count / duration_us * 1e6, p50_us / 1000, p99_us / 1000


def questions(store):
    """{name: (paths, body)} of what is asked most."""
    customers = sample_store.query(
        store, "SELECT id, number, lower(given_name), lower(family_name) FROM customer "
        "WHERE family_name IS NOT NULL ORDER BY hash(id) LIMIT 1000")
    random.Random(1).shuffle(customers)
    tree = json.dumps({"definition": sample_store.SEGMENT}).encode()
    last = datetime.date.fromisoformat(sample_store.AS_OF)
    days = [(last - datetime.timedelta(days=number)).isoformat() for number in range(1000)]
    random.Random(2).shuffle(days)
    return {
        "customer page": ([f"/api/v1/customers/{row[0]}" for row in customers], None),
        "search, whole name": ([f"/api/v1/customers?q={quote(row[2] + ' ' + row[3])}"
                                for row in customers], None),
        "search, 3 letters": ([f"/api/v1/customers?q={quote(row[3][:3])}" for row in customers],
                              None),
        "search, number": ([f"/api/v1/customers?q={quote(row[1])}" for row in customers], None),
        "revenue by month, the same": ([METRIC], None),
        "revenue by month, each of other days": ([f"{METRIC}&to={day}" for day in days], None),
        "segment count, the same": ([COUNT + sample_store.AS_OF], tree),
        "segment count, each of another day": ([COUNT + day for day in days], tree),
    }


def measure_one(port, key, question, seconds, connections, folder, nginx_port):
    paths, body = question
    sample = ask(port, paths[0], key, body)
    (folder / "file.json").write_bytes(sample)
    # Each begins elsewhere: answers that are kept must not be told to who asks something else.
    load(port, paths[1:] + paths[:1], 1, 1, key, body)  # warms up
    alone = load(port, paths[100:] + paths[:100], 1, seconds, key, body)
    busy = load(port, paths[500:] + paths[:500], connections, seconds, key, body)
    ceiling = load(nginx_port, ["/file.json"], connections, seconds)
    return [f"{len(sample):,}", f"{alone[1]:.2f} / {alone[2]:.2f}", f"{busy[0]:,.0f}",
            f"{busy[1]:.1f} / {busy[2]:.1f}", f"{ceiling[0]:,.0f}", f"{busy[0] / ceiling[0]:.4f}"]


# ---- at rest ----

def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8")
    ticks = fields.rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / 100


def resident_mib(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def measure_rest(process, seconds):
    before = cpu_seconds(process)
    time.sleep(seconds)
    share = (cpu_seconds(process) - before) / seconds
    print(f"at rest for {seconds} s: {share:.2%} of one processor, "
          f"{resident_mib(process):,.0f} MiB resident")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench api")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=20_000_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=16)
    arguments = parser.parse_args()
    frame.print_machine()
    store = sample_store.made(arguments.customers, arguments.lines)
    asked, key = questions(store), new_key(store)
    folder = frame.fresh("nginx")
    folder.mkdir()
    port, nginx_port = free_port(), free_port()
    rows = []
    with running([frame.PROGRAM, "--data", store, "serve", "--listen", f"127.0.0.1:{port}"],
                 port) as server, nginx(folder, nginx_port):
        measure_rest(server, 10)
        for name, question in asked.items():
            frame.show(name)
            rows.append([name] + measure_one(port, key["key"], question, arguments.seconds,
                                             arguments.connections, folder, nginx_port))
        frame.show("")
        frame.heading(f"The server over loopback, wrk beside it, {arguments.seconds} s each")
        frame.print_table(["", "bytes", "p50 / p99 ms, 1 connection", "requests/s",
                           f"p50 / p99 ms, {arguments.connections} connections", "nginx, file",
                           "ratio"], rows)
        print("after the load:")
        measure_rest(server, 10)
    sample_store.tessera(store, "key", "revoke", key["id"])


if __name__ == "__main__":
    main()

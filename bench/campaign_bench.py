# SPDX-License-Identifier: Apache-2.0
"""`./dev bench campaign`: a campaign to everybody of the sample company, from its approval to its
end: segment, draw and rows, then contents rendered, checked, started, handed over to a file that is
synced, and their outcomes written.

    --customers N   of the sample company (100,000)
    --lines N       of their receipts (as many)
"""
import argparse
import csv
import io
import json
import shutil
import socket
import sys
import time

import api_bench
import frame
from sample_store import made, tessera

LOOK_S = 0.1
TEXT = "Hello {{ customer.given_name | default: 'you' }}, this is {{ message.campaign }}."
CAMPAIGN = {"name": "bench", "purpose": "news", "channel": "file", "segment": "everybody",
            "arms": [{"name": "A", "subject": "Hello", "text": TEXT}]}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def plan(store):
    """A campaign that waits for a server."""
    definition = {"not": {"sales": "count", "operator": "<", "value": 0}}
    tessera(store, "segment", "create", "everybody", "--definition", json.dumps(definition))
    document = store / "campaign.json"
    document.write_text(json.dumps(CAMPAIGN), encoding="utf-8")
    tessera(store, "campaign", "create", document)
    for step in ("submit", "approve"):
        tessera(store, "campaign", "step", "bench", step)


def stage(store):
    """(stage, state) of the campaign's job."""
    jobs = csv.DictReader(io.StringIO(tessera(store, "job", "list", "--format", "csv", "--quiet")))
    return next(((job["stage"], job["state"]) for job in jobs if job["kind"] == "campaign"),
                ("", "queued"))


def watch(store):
    """{stage: seconds} until the job has ended."""
    seconds, before = {}, time.monotonic()
    while True:
        name, state = stage(store)
        now = time.monotonic()
        seconds[name or "waiting"] = seconds.get(name or "waiting", 0) + now - before
        before = now
        if state not in ("queued", "running"):
            return seconds
        time.sleep(LOOK_S)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench campaign", description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--lines", type=int)
    arguments = parser.parse_args()
    source = made(arguments.customers, arguments.lines or arguments.customers)
    store = frame.fresh("campaign")
    shutil.copytree(source, store, dirs_exist_ok=True)
    plan(store)
    port = free_port()
    frame.print_machine()
    with api_bench.running([frame.PROGRAM, "--data", store, "serve", "--listen",
                            f"127.0.0.1:{port}"], port):
        seconds = watch(store)
    lines = next((store / "outbox").glob("*.jsonl")).read_text(encoding="utf-8")
    sent = lines.count("\n")
    if sent < 0.94 * arguments.customers:  # 5 % are held out
        sys.exit(f"{sent} of {arguments.customers} were sent to")
    frame.heading(f"A campaign, {arguments.customers:,} customers, {sent:,} messages")
    frame.print_table(["", "seconds", "customers/s"], [
        [name, f"{each:.1f}", f"{arguments.customers / each:,.0f}"]
        for name, each in seconds.items() if each > LOOK_S])


main()

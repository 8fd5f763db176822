# SPDX-License-Identifier: Apache-2.0
"""Personal mails a second to a server that takes everything, beside what fixed bytes reach.

    ./dev bench mail [COUNT]

Postfix's smtp-sink takes them; its smtp-source, which sends the same bytes again and again over
connections that stay open, is the ceiling. Mails are built, signed and sent by the library of the
channel, without templates and without a store."""
import json
import shutil
import socket
import subprocess
import sys
import time

import frame

CONNECTIONS = 10
RUNS = 3


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_sink(port):
    sink = subprocess.Popen([shutil.which("smtp-sink", path="/usr/sbin:/usr/bin"), "-u", "nobody",
                             f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return sink
        except ConnectionRefusedError:
            time.sleep(0.05)
    sys.exit("smtp-sink does not listen")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    port = free_port()
    ours = frame.ROOT / "build/bench/mail_send"
    source = shutil.which("smtp-source", path="/usr/sbin:/usr/bin")

    def send(keys):
        return lambda: frame.run([ours, port, count, CONNECTIONS, keys, "s"])

    frame.print_machine()
    frame.heading(f"{count:,} mails over {CONNECTIONS} connections to smtp-sink")
    sink = start_sink(port)
    try:
        size = json.loads(frame.run([ours, port, 1000, 1, "re", "b"]).output)["mail_bytes"]
        print(f"{size:,} bytes a mail, signed twice\n")
        frame.compare(frame.in_turn({
            "smtp-source, fixed bytes": lambda: frame.run(
                [source, "-d", "-s", CONNECTIONS, "-m", count, "-l", size, "-f",
                 "a@example.org", "-t", "b@example.org", f"127.0.0.1:{port}"]),
            "not signed": send("-"),
            "Ed25519": send("e"),
            "RSA 2048 and Ed25519": send("re"),
        }, RUNS), "smtp-source, fixed bytes", count, "mails")
    finally:
        sink.terminate()
        sink.wait()


main()

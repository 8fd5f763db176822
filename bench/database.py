# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL for benchmarks: durable, with the memory that people give to one. It lies in
the folder for temporary files and is gone at the end.
"""
import contextlib
import dataclasses
import os
import shutil
import subprocess
import sys
import time

import frame

SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "4GB", "random_page_cost": "1.1"}
TICKS = os.sysconf("SC_CLK_TCK")


def run_sql(address, *statements):
    words = [word for statement in statements for word in ("-c", statement)]
    return frame.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", address, *words])


@dataclasses.dataclass
class Server:
    address: str
    process: int

    def cpu_s(self):
        """Of the server and of those of its processes that have ended."""
        time.sleep(0.1)  # one that ended a moment ago is noticed
        with open(f"/proc/{self.process}/stat", encoding="ascii") as stat:
            return sum(map(int, stat.read().rpartition(")")[2].split()[11:15])) / TICKS

    def fresh(self, name):
        """A new database, as --data takes it. Autovacuum may be at work in the old one."""
        mighty = self.address.replace("//tessera@", "//postgres@")
        run_sql(f"{mighty}/postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
                f"CREATE DATABASE {name} OWNER tessera")
        return f"{self.address}/{name}"

    def psql(self, name, *statements):
        return run_sql(f"{self.address}/{name}", *statements)

    def size_bytes(self, name):
        return int(self.psql("postgres", f"SELECT pg_database_size('{name}')").output)

    def run(self, command):
        """As frame.run, with the server's processor time added."""
        before_s = self.cpu_s()
        measure = frame.run(command)
        return dataclasses.replace(measure, cpu_s=measure.cpu_s + self.cpu_s() - before_s)


def files_of(address):
    """The folder beside a database, empty at first."""
    return frame.CACHE / f"files-{address.rpartition('/')[2]}"


def tessera(store, *words):
    """The command on a store in a folder or in a database."""
    if not str(store).startswith("postgresql:"):
        return [frame.PROGRAM, "--data", store, *words]
    return ["env", f"TESSERA_FILES={files_of(store)}", frame.PROGRAM, "--data", store, *words]


def copy(source, target):
    """The command that copies a store into another, one of them in a database."""
    address = source if str(source).startswith("postgresql:") else target
    return [frame.PROGRAM, "store", "copy", "--from", source, "--to", target,
            "--files", files_of(address)]


@contextlib.contextmanager
def server():
    settings = [f"--set={name}={value}" for name, value in SETTINGS.items()]
    process = subprocess.Popen([sys.executable, frame.ROOT / "tools/postgresql_cluster.py",
                                "--durable", *settings], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    names = {}
    for line in iter(process.stdout.readline, "\n"):
        if not line:
            sys.exit("the private PostgreSQL does not start")
        name, _, value = line.rstrip("\n").partition("=")
        names[name] = value
    try:
        yield Server(names["TESSERA_TEST_POSTGRESQL"], int(names["TESSERA_TEST_POSTGRESQL_PID"]))
    finally:
        process.stdin.close()
        process.wait()


def print_server(of):
    version = of.psql("postgres", "SHOW server_version").output.strip()
    settings = ", ".join(f"{name} = {value}" for name, value in SETTINGS.items())
    print(f"PostgreSQL {version} on the same machine, through a socket: {settings}, "
          f"fsync and synchronous_commit on")


def fresh_store(of, name):
    """The address of a database that no store is in yet, with its folder."""
    address = of.fresh(name)
    shutil.rmtree(files_of(address), ignore_errors=True)
    return address

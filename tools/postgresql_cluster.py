#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL for tests: made in a temporary folder, listening on a free loopback port and
a socket in that folder, gone when it is not needed any more.

    postgresql_cluster.py [OPTION…]                 until its standard input ends
    postgresql_cluster.py [OPTION…] COMMAND…        for as long as the command runs

It prints where it is, or sets it for the command, as NAME=VALUE:
    TESSERA_TEST_POSTGRESQL       the socket, as the role tessera; append /DATABASE
    TESSERA_TEST_POSTGRESQL_TCP   the loopback port, with a password
    TESSERA_TEST_POSTGRESQL_PID   the server's process
The role tessera may make databases and roles and is no superuser; on the socket every role may sign
in without a password, postgres too. --durable leaves fsync on, --set=NAME=VALUE is a setting of the
server. Root drops to the user postgres.
Ends with 3, saying so, where no PostgreSQL of version 15 or later is installed.
"""
import ctypes
import os
import pathlib
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

OLDEST = 15
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20
PR_SET_PDEATHSIG = 1
NOT_INSTALLED = 3

# Text does not sort bytewise by itself, as on most servers: SQL that needs it has to say so.
INITDB = ["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu",
          "--icu-locale=en-US", "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync"]
SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_permissions": "0700",
            "max_connections": "200", "shared_buffers": "128MB", "log_min_messages": "fatal",
            "timezone": "Pacific/Apia"}  # nothing may depend on it
QUICK = {"fsync": "off", "full_page_writes": "off"}


def programs():
    """The folder of the newest version's programs, or None."""
    found = []
    for folder in pathlib.Path("/usr/lib/postgresql").glob("*/bin"):
        if folder.parent.name.isdigit() and (folder / "initdb").exists():
            found.append((int(folder.parent.name), folder))
    if not found and (initdb := shutil.which("initdb")):
        version = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=True)
        found.append((int(re.search(r"\d+", version.stdout)[0]), pathlib.Path(initdb).parent))
    version, folder = max(found, default=(0, None))
    return folder if version >= OLDEST else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def account():
    """The user that root drops to: PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def become(user, dies_with_parent):
    """For a child between fork and exec. The kernel ends the server when this process is killed."""
    prctl = ctypes.CDLL(None).prctl

    def prepare():
        if user:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
        if dies_with_parent:
            prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
    return prepare


class Cluster:
    def __init__(self, folder, bin_folder, settings):
        self.folder, self.bin, self.settings = folder, bin_folder, settings
        self.data = f"{folder}/data"
        self.user = account()
        self.server = None
        self.port = None

    def run(self, program, *arguments, **options):
        return subprocess.run([self.bin / program, *arguments], cwd=self.folder, check=True,
                              stdout=subprocess.DEVNULL, preexec_fn=become(self.user, False),
                              env=os.environ | {"LC_ALL": "C", "TZ": "UTC"}, **options)

    def make(self):
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "-D", self.data, *INITDB)

    def start(self, port=None):
        """Another program may take the port between finding and using it."""
        for _ in range(5):
            self.port = port or free_port()
            arguments = [f"--{name}={value}" for name, value in self.settings.items()]
            self.server = subprocess.Popen(
                [self.bin / "postgres", "-D", self.data, "-k", self.folder, "-p", str(self.port),
                 *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=open(f"{self.folder}/log", "ab"),
                preexec_fn=become(self.user, True))
            if self.wait_until_ready():
                return
        sys.exit("postgresql_cluster: PostgreSQL does not start:\n" +
                 pathlib.Path(self.folder, "log").read_text(errors="replace")[-2000:])

    def wait_until_ready(self):
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self.server.poll() is None:
            ready = subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder,
                                    "-p", str(self.port)], check=False)
            if ready.returncode == 0:
                return True
            time.sleep(0.05)
        self.stop()
        return False

    def make_role(self):
        password = secrets.token_hex(16)
        self.run("psql", "-qX", "-h", self.folder, "-p", str(self.port), "-U", "postgres", "-c",
                 f"CREATE ROLE tessera LOGIN CREATEDB CREATEROLE PASSWORD '{password}'")
        return password

    def addresses(self, password):
        host = self.folder.replace("/", "%2F")
        return {"TESSERA_TEST_POSTGRESQL": f"postgresql://tessera@{host}:{self.port}",
                "TESSERA_TEST_POSTGRESQL_TCP":
                    f"postgresql://tessera:{password}@127.0.0.1:{self.port}",
                "TESSERA_TEST_POSTGRESQL_PID": str(self.server.pid)}

    def stop(self):
        if not self.server or self.server.poll() is not None:
            return
        self.server.send_signal(signal.SIGQUIT)  # nothing in it is wanted any more
        try:
            self.server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()


def leave(number, _frame):
    sys.exit(128 + number)


def serve(cluster, command):
    cluster.make()
    cluster.start()
    addresses = cluster.addresses(cluster.make_role())
    if command:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command's to answer
        return subprocess.run(command, env=os.environ | addresses, check=False,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
                              ).returncode
    print(*(f"{name}={value}" for name, value in addresses.items()), sep="\n", end="\n\n",
          flush=True)
    for order in sys.stdin:
        if order == "kill\n":
            cluster.stop()
        elif order == "start\n" and cluster.server.poll() is not None:
            cluster.start(cluster.port)
        print(flush=True)
    return 0


def take_options(arguments):
    """Takes them off the arguments; the settings that they come to."""
    settings = SETTINGS | QUICK
    while arguments and arguments[0].startswith("--"):
        option, _, setting = arguments.pop(0).partition("=")
        name, _, value = setting.partition("=")
        if option == "--durable":
            settings = {each: settings[each] for each in settings if each not in QUICK}
        elif option == "--set" and value:
            settings[name] = value
        else:
            sys.exit(f"postgresql_cluster: no option {option}")
    return settings


def main(arguments):
    settings = take_options(arguments)
    bin_folder = programs()
    if not bin_folder:
        print(f"postgresql_cluster: PostgreSQL {OLDEST} or later is not installed", file=sys.stderr)
        return NOT_INSTALLED
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    with tempfile.TemporaryDirectory(prefix="tessera-postgresql-",
                                     ignore_cleanup_errors=True) as folder:
        cluster = Cluster(folder, bin_folder, settings)
        try:
            return serve(cluster, arguments)
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

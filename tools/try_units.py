#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Try the units of packaging/ under a real systemd: this machine's own Debian, booted in a
container with an empty /etc and /var, a network of its own and the built Tessera installed.

    try_units.py    as root; prints what was tried, and closes with "N passed, N failed"

Not shown by it: other versions of systemd, and a real boot with its disks and network.
"""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNITS = ["tessera.service", "tessera-backup.service", "tessera-backup.timer"]
STORE, BACKUPS = "/var/lib/tessera", "/var/lib/tessera-backups"
SECRETS = "/run/credentials/tessera.service"
TLS_OPTIONS = f"""listen = [::]:443
base_url = https://crm.example.com
tls_certificate = {SECRETS}/certificate.pem
tls_key = {SECRETS}/key.pem
"""


# ---- the container ----

def stage(folder):
    """What the documents tell to install, under a folder, with /usr/local for /usr."""
    subprocess.run(["meson", "install", "-C", ROOT / "build", "--no-rebuild", "--quiet",
                    "--destdir", folder], check=True)
    for name in UNITS:
        unit = (ROOT / "packaging" / name).read_text(encoding="utf-8")
        (folder / name).write_text(unit.replace("/usr/bin/tessera", "/usr/local/bin/tessera"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=crm.example.com", "-addext",
                    "subjectAltName=DNS:crm.example.com", "-keyout", folder / "key.pem", "-out",
                    folder / "certificate.pem"], check=True, stderr=subprocess.DEVNULL)
    (folder / "key.pem").chmod(0o600)


class Container:
    def __init__(self, folder):
        binds = {"usr/local": "/usr/local", "key.pem": "/etc/ssl/tessera/key.pem",
                 "certificate.pem": "/etc/ssl/tessera/certificate.pem"}
        binds |= {name: f"/etc/systemd/system/{name}" for name in UNITS}
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--directory=/", "--volatile=yes", "--machine=tessera-units",
             "--register=no", "--keep-unit", "--private-network", "--console=read-only",
             f"--bind-ro={ROOT / 'packaging'}:/run/packaging",
             *(f"--bind-ro={folder / ours}:{theirs}" for ours, theirs in binds.items()),
             "--boot", "--", "--unit=basic.target", "systemd.firstboot=off",
             # there is no network to wait for
             "systemd.mask=systemd-networkd-wait-online.service"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def leader(self):
        """The process that is number 1 inside."""
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = path.read_text(encoding="utf-8").split() if path.exists() else []
        return children[0] if children else None

    def wait_until_booted(self):
        for _ in range(600):
            if self.process.poll() is not None:
                sys.exit("try_units.py: systemd-nspawn could not boot a container here")
            if self.leader() and self.run("systemctl is-active basic.target")[0] == 0:
                return
            time.sleep(0.1)
        sys.exit("try_units.py: the container does not boot")

    def run(self, script):
        """(exit code, output) of a script inside."""
        done = subprocess.run(["nsenter", "--target", self.leader(), "--all", "env", "-i",
                               "PATH=/usr/local/bin:/usr/bin:/usr/sbin", f"TESSERA_DATA={STORE}",
                               "sh", "-c", script], cwd="/", stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.strip()

    def must(self, script):
        status, printed = self.run(script)
        if status != 0:
            raise AssertionError(f"{script}\nended with {status}\n{printed}")
        return printed

    def end(self):
        with contextlib.suppress(Exception):
            self.run("systemctl poweroff")
            self.process.wait(60)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


# ---- what is tried ----

def check(claim, *shown):
    if not claim:
        raise AssertionError(" ".join(map(str, shown)))


def of_unit(container, name):
    return container.must(f"systemctl show tessera --property={name} --value")


def is_well(container):
    return container.run("curl -sf http://127.0.0.1:7380/healthz")[0] == 0


def starts_and_says_when_it_is_ready(container):
    container.must("install -Dm644 /run/packaging/tessera.conf /etc/tessera/tessera.conf")
    container.must(f"echo 'backups = {BACKUPS}' >> /etc/tessera/tessera.conf")
    container.must("systemctl start tessera")
    check(is_well(container), "started is not ready")
    check("/welcome#" in container.must("journalctl -u tessera"), "no first link")


def runs_without_rights_in_a_sandbox(container):
    process = of_unit(container, "MainPID")
    status = dict(line.split(":", 1) for line in
                  container.must(f"cat /proc/{process}/status").splitlines())
    check(status["Uid"].split()[0] != "0", status["Uid"])
    for name, value in {"CapEff": "0000000000000000", "CapBnd": "0000000000000000",
                        "NoNewPrivs": "1", "Seccomp": "2"}.items():
        check(status[name].strip() == value, name, status[name])
    mounts = {fields[4]: fields[5] for fields in
              map(str.split, container.must(f"cat /proc/{process}/mountinfo").splitlines())}
    check(mounts["/"].startswith("ro"), "the system can be written")
    check(mounts["/var/lib/private/tessera"].startswith("rw"), "the store cannot be written")


def does_its_work_in_the_sandbox(container):
    container.must("tessera sample --customers 200 --quiet")
    container.must("tessera metric revenue_gross --by month")
    container.must("tessera sql 'SELECT median(gross_micros), regr_slope(gross_micros, sold_at_us) "
                   "FROM sale'")
    container.must("tessera rfm && tessera doctor")


def can_run_nothing_but_itself(container):
    process = of_unit(container, "MainPID")
    status, printed = container.run(f"nsenter --target {process} --mount /bin/sh -c true")
    check(status == 126 and "Permission denied" in printed, status, printed)
    container.must(f"nsenter --target {process} --mount /usr/local/bin/tessera --version")


def says_when_it_cannot_see_a_file(container):
    container.must("printf 'customer_number,name\\nC1,Ann\\n' > /home/people.csv")
    status, printed = container.run("tessera import /home/people.csv --as customers --yes")
    check(status == 3 and "the server that has the store open cannot see it" in printed, printed)
    container.must("install -Dm644 /home/people.csv /srv/people.csv && "
                   "tessera import /srv/people.csv --as customers --yes")


def is_backed_up_by_its_unit(container):
    old = f"{BACKUPS}/tessera-20200101T000000Z.tar.gz"
    container.must(f"touch -d '40 days ago' {old}")
    container.must("systemctl start tessera-backup.timer tessera-backup.service")
    left = container.must(f"ls -d {BACKUPS}/*").splitlines()
    check(len(left) == 1 and old not in left, left)
    container.must(f"tessera backup verify {left[0]}")


def is_started_again_after_kill_9(container):
    before = of_unit(container, "MainPID")
    container.must(f"kill -9 {before}")
    for _ in range(300):
        if is_well(container):
            break
        time.sleep(0.1)
    check(is_well(container), "it does not come back")
    check(of_unit(container, "NRestarts") == "1" and of_unit(container, "MainPID") != before,
          of_unit(container, "NRestarts"))


def stops_in_an_import_and_goes_on_with_it(container):
    container.must("tessera sample --customers 20000 --quiet >/dev/null 2>&1 & sleep 3")
    begin = time.monotonic()
    container.must("systemctl stop tessera")
    took_s = time.monotonic() - begin
    check(took_s < 60 and of_unit(container, "Result") == "success", took_s)
    container.must("systemctl start tessera")
    jobs = json.loads(container.must("tessera job list --format json"))
    states = [column["name"] for column in jobs["columns"]].index("state")
    check(jobs["rows"][0][states] in ("queued", "running", "done"), jobs["rows"][0])
    container.must(f"tessera job cancel {jobs['rows'][0][0]} || true")


def writes_a_log_that_can_be_moved_away(container):
    log = "/var/log/tessera/tessera.log"
    container.must(f"echo 'log_file = {log}' >> /etc/tessera/tessera.conf")
    container.must("systemctl restart tessera")
    check('"event":"serving"' in container.must(f"cat {log}"), "no log")
    container.must(f"mv {log} {log}.1 && systemctl reload tessera && sleep 1")
    check('"event":"log_reopened"' in container.must(f"cat {log}"), "no new log")
    container.must("sed -i '$d' /etc/tessera/tessera.conf && systemctl restart tessera")


def is_restored_in_place(container):
    backup = container.must(f"ls {BACKUPS}/*").splitlines()[0]
    container.must("systemctl stop tessera")
    container.must("mv /var/lib/private/tessera /var/lib/private/tessera-damaged")
    container.must(f"tessera restore {backup} --data /var/lib/private/tessera")
    container.must("systemctl reset-failed tessera; systemctl start tessera")
    check(is_well(container), "it does not serve what was restored")
    container.must("tessera doctor")


def is_not_started_for_ever_with_a_wrong_configuration(container):
    container.must("echo 'tls_key = /nowhere' >> /etc/tessera/tessera.conf")
    container.run("systemctl restart tessera")
    time.sleep(5)
    check(of_unit(container, "ActiveState") == "failed", of_unit(container, "ActiveState"))
    check(of_unit(container, "NRestarts") == "0", of_unit(container, "NRestarts"))
    container.must("sed -i '$d' /etc/tessera/tessera.conf")


def speaks_tls_on_port_443(container):
    container.must("install -Dm644 /run/packaging/tessera-tls.conf "
                   "/etc/systemd/system/tessera.service.d/tls.conf")
    container.must(f"cat >> /etc/tessera/tessera.conf <<'END'\n{TLS_OPTIONS}END")
    container.must("systemctl daemon-reload && systemctl reset-failed tessera; "
                   "systemctl restart tessera")
    container.must("curl -sf --cacert /etc/ssl/tessera/certificate.pem --resolve "
                   "crm.example.com:443:127.0.0.1 https://crm.example.com/healthz")
    process = of_unit(container, "MainPID")
    check("CapEff:\t0000000000000400" in container.must(f"cat /proc/{process}/status"),
          "more than the one capability")


TRIALS = [starts_and_says_when_it_is_ready, runs_without_rights_in_a_sandbox,
          does_its_work_in_the_sandbox, can_run_nothing_but_itself,
          says_when_it_cannot_see_a_file,
          is_backed_up_by_its_unit, is_started_again_after_kill_9,
          stops_in_an_import_and_goes_on_with_it, writes_a_log_that_can_be_moved_away,
          is_restored_in_place,
          is_not_started_for_ever_with_a_wrong_configuration, speaks_tls_on_port_443]


def attempt(container, trial):
    begin = time.monotonic()
    try:
        trial(container)
    except AssertionError as failure:
        print(f"FAIL {trial.__name__}\n{failure}\n"
              f"{container.run('journalctl -u tessera --no-pager | tail -n 5')[1]}", flush=True)
        return False
    print(f"ok   {trial.__name__:60} {time.monotonic() - begin:6.1f} s", flush=True)
    return True


def main():
    if os.geteuid() != 0 or not shutil.which("systemd-nspawn"):
        sys.exit("try_units.py: this needs root and systemd-nspawn")
    with tempfile.TemporaryDirectory(prefix="tessera-units-") as name:
        stage(pathlib.Path(name))
        container = Container(pathlib.Path(name))
        try:
            container.wait_until_booted()
            results = [attempt(container, trial) for trial in TRIALS]
        finally:
            container.end()
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

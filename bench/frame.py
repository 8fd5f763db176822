# SPDX-License-Identifier: Apache-2.0
"""What every benchmark shares: the machine it ran on, subjects measured in turn, medians, ratios.

Subjects run alternately (A, B, C, A, B, C, …), so that a machine that slows down or speeds up
meanwhile treats them alike; dirty pages are flushed before each run, so that none pays for what
another wrote. The ratio of a subject is its median wall time over the reference's.
"""
import dataclasses
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build/tessera"
CACHE = ROOT / ".cache/bench"
DATA = ROOT.parent / "shared/data"


@dataclasses.dataclass
class Measure:
    wall_s: float
    cpu_s: float
    peak_bytes: int  # largest resident set
    output: str


def run(command, stdin=None):
    """Run a command to its end. Keeps what it writes; when it fails, shows it and ends."""
    os.sync()
    begin = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdin=stdin or subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nended with {process.returncode}\n{output}")
    return Measure(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output)


def told(command, stdin=None):
    """{what: (seconds, of processors, [figures])} of a program that writes such lines."""
    answer = subprocess.run([str(word) for word in command], stdin=stdin, text=True,
                            capture_output=True, check=False)
    if answer.returncode != 0:
        sys.exit(answer.stderr)
    parts = [line.split("\t") for line in answer.stdout.splitlines()]
    return {what: (float(us) / 1e6, float(of_processors) / 1e6, list(map(float, figures)))
            for what, us, of_processors, *figures in parts}


def fresh(path):
    """A path under the cache at which nothing stands."""
    place = CACHE / path
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def in_turn(subjects, runs):
    """subjects: {name: function that gives a Measure}. Gives {name: [Measure, …]}."""
    measured = {name: [] for name in subjects}
    for number in range(runs):
        for name, subject in subjects.items():
            show(f"run {number + 1} of {runs}: {name}")
            measured[name].append(subject())
    show("")
    return measured


def median(values):
    return statistics.median(values)


def compare(measured, reference, count=None, unit="rows"):
    """Print one row per subject, and its ratio to the reference."""
    rows, base = [], median(m.wall_s for m in measured[reference])
    for name, measures in measured.items():
        walls = [m.wall_s for m in measures]
        rows.append([name, f"{median(walls):.3f} s", f"{min(walls):.3f}–{max(walls):.3f}",
                     f"{median(m.cpu_s for m in measures):.2f} s",
                     f"{count / median(walls):,.0f}" if count else "",
                     f"{max(m.peak_bytes for m in measures) / 2**20:,.0f} MiB",
                     f"{median(walls) / base:.2f}" if name != reference else "1 (reference)"])
    print_table(["", "wall, median", "min–max", "CPU", f"{unit}/s", "peak memory", "ratio"], rows)


def print_table(head, rows):
    widths = [max(len(row[i]) for row in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        cells = [cell.ljust(width) if i == 0 else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())
    print()


def heading(text):
    print(f"\n{text}\n{'-' * len(text)}")


def show(text):
    """What is going on, for those who wait; not part of the result."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def print_machine():
    fields = {}
    for path in ["/proc/cpuinfo", "/proc/meminfo", "/etc/os-release"]:
        for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
            key, separator, value = line.replace("=", ":", 1).partition(":")
            if separator:
                fields.setdefault(key.strip(), value.strip().strip('"'))
    cores = len(os.sched_getaffinity(0))
    memory_gib = int(fields["MemTotal"].split()[0]) / 2**20
    print(f"{fields.get('model name', platform.machine())}, {cores} cores, {memory_gib:.1f} GiB, "
          f"{fields.get('PRETTY_NAME', '')}, kernel {platform.release()}")
    load = os.getloadavg()[0]
    if load > cores / 2:
        print(f"something else is running here: load {load:.1f}")


def shared_data(name):
    path = DATA / name
    if not path.exists():
        sys.exit(f"{path} is not here; this benchmark needs it")
    return path

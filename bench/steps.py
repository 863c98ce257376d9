"""Where the time of a fake run goes: each step, and the programs that it starts on their own.

usage: steps.py PROGRAM FIXTURE WORK (bench/startup calls it)
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 20
STATUS_DESCRIPTOR = 3  # as in the command line that a plan prints
GIT = ["/usr/bin/git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*"]


class Times(dict):
    """Milliseconds of each round by name, in the order of their first mention."""

    def add(self, name, milliseconds):
        self.setdefault(name, []).append(milliseconds)

    def median(self, name):
        return statistics.median(self[name])

    def least(self, name):
        return min(self[name])


def run(program, fixture, work, *options):
    """Makes one run; gives its bundle, its lines for people and when it began and ended (ns)."""
    runs = work / "runs"
    before = set(runs.iterdir()) if runs.is_dir() else set()
    command = [program, "run", fixture, "--no-color", "--runs-dir", runs, "--state-dir", work / "state", *options]
    began = time.time_ns()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    ended = time.time_ns()
    (bundle,) = set(runs.iterdir()) - before
    return bundle, done.stderr, began, ended


def take_apart(bundle, lines, began, ended, times):
    """Splits the run's whole time at the spans that it wrote itself."""
    spans = [json.loads(line) for line in (bundle / "trace.jsonl").read_text().splitlines()]
    at = {span["name"]: (int(span["start_time_unix_nano"]), int(span["end_time_unix_nano"])) for span in spans}
    steps = [span["name"] for span in spans if span["parent_span_id"]]
    close = float(re.search(r"^ *close +\w+ +(\d+) ms", lines, re.MULTILINE).group(1))
    times.add("(start of .NET, command line)", (at["run"][0] - began) / 1e6)
    times.add("(before the first step)", (at[steps[0]][0] - at["run"][0]) / 1e6)
    for step in steps:
        times.add(step, (at[step][1] - at[step][0]) / 1e6)
    times.add("close", close)
    times.add("(scratch folders removed, exit)", (ended - at[steps[-1]][1]) / 1e6 - close)
    times.add("whole run", (ended - began) / 1e6)


def timed(command, **options):
    """Milliseconds that a command takes; it must succeed."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, **options)
    return (time.perf_counter() - began) * 1000


def events(bundle):
    lines = (bundle / "events.normalized.jsonl").read_text().splitlines()
    return [json.loads(line)["data"] for line in lines]


class Replay:
    """The programs of one kept run, started again as the harness started them."""

    def __init__(self, bundle, work):
        seen = events(bundle)
        self.sandbox = find(seen, "sandbox_command")
        self.base = find(seen, "base")
        self.test = find(seen, "command")
        self.top = work / "state" / "work" / bundle.name
        self.lane = self.top / "test" / "root" / "workspace"
        self.repository = (self.top / "scratch" / "objects" / "info" / "alternates").read_text().strip()
        self.changed = {
            change: (self.top / "subject" / "root" / "workspace" / change).read_bytes()
            for change in find(seen, "changed_files")
        }
        self.test[0] = shutil.which(self.test[0], path="/usr/bin:/bin:/usr/local/bin")
        self.work = work

    def inside(self, command, folder=None):
        """The lane's own sandbox command line around another program."""
        end = len(self.sandbox) - 1 - self.sandbox[::-1].index("--")
        line = self.sandbox[:end]
        if folder:
            line[line.index("--chdir") + 1] = folder
        return [*line, "--", *command]

    def sandboxed(self, line):
        return timed(line, pass_fds=[STATUS_DESCRIPTOR], env={}, stdin=subprocess.DEVNULL, cwd="/")

    def in_test_lane(self):
        line = self.inside(self.test)
        return [part.replace(f"{self.top}/subject/", f"{self.top}/test/") for part in line]

    def forget_bytecode(self):
        # A run's test lane is fresh, so python always compiles there.
        for cache in self.lane.rglob("__pycache__"):
            shutil.rmtree(cache)

    def git(self, *arguments, **options):
        return timed([*GIT, *arguments], env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **options.pop("env", {})}, **options)

    def patch(self, times):
        scratch = self.work / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        for folder in ("objects/info", "refs/heads"):
            (scratch / folder).mkdir(parents=True)
        (scratch / "HEAD").write_text("ref: refs/heads/main\n")
        (scratch / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        (scratch / "objects" / "info" / "alternates").write_text(self.repository + "\n")
        who = "bench <bench@cto-harness.invalid> 1767225600 +0000"
        stream = f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 1\nx\nfrom {self.base}\n".encode()
        for path, content in self.changed.items():
            stream += f'M 100644 inline "{path}"\ndata {len(content)}\n'.encode() + content + b"\n"
        place = {"GIT_DIR": str(scratch)}
        times.add("git fast-import", self.git("fast-import", "--quiet", "--done", input=stream + b"done\n", env=place))
        times.add("git diff-tree", self.git("diff-tree", "-p", "--binary", "--full-index", self.base, "refs/heads/main", env=place))

    def round(self, times):
        times.add("git status of the checkout", self.git("status", "--porcelain=v2", "--branch"))
        times.add("sandbox around true", self.sandboxed(self.inside(["/usr/bin/true"], folder="/")))
        times.add("sandbox around the engine", self.sandboxed(self.sandbox))
        self.patch(times)
        self.forget_bytecode()
        times.add("sandbox around the test command", self.sandboxed(self.in_test_lane()))
        self.forget_bytecode()
        copy = self.work / "to-remove"
        shutil.copytree(self.top, copy)
        times.add("rm of the scratch folders", timed(["/usr/bin/rm", "-rf", "--", copy]))
        self.python(times)

    def python(self, times):
        """What of the test command is python itself."""
        lane = str(self.lane)
        bare = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", lane, lane, "--chdir", lane, "--"]
        times.add("bare bwrap around true", timed([*bare, "/usr/bin/true"]))
        times.add("bare bwrap around the test command", timed([*bare, *self.test]))
        self.forget_bytecode()
        times.add("the test command without a sandbox", timed(self.test, cwd=lane))
        self.forget_bytecode()
        times.add("python3 -c pass without a sandbox", timed([self.test[0], "-c", "pass"]))


def find(seen, field):
    """The field's value, which only one event has."""
    (value,) = [data[field] for data in seen if field in data]
    return value


PROGRAMS = {
    "(before the first step)": ["git status of the checkout"],
    "preflight": ["sandbox around true"],
    "execute": ["sandbox around the engine"],
    "observe": ["git fast-import", "git diff-tree"],
    "verify": ["sandbox around the test command"],
    "(scratch folders removed, exit)": ["rm of the scratch folders"],
}


def table(steps, programs, statistic):
    """Prints each step, the programs that it starts alone, and the difference: the harness's own share."""
    print(f"{statistic + f' of {ROUNDS}, in ms':<36} {'whole':>8} {'programs':>10} {'harness':>10}")
    rest = 0.0
    for name in steps:
        alone = sum(getattr(programs, statistic)(program) for program in PROGRAMS.get(name, []))
        rest += alone
        whole, alone = getattr(steps, statistic)(name), rest if name == "whole run" else alone
        print(f"{name:<36} {whole:8.1f} {alone:10.1f} {whole - alone:10.1f}")


def main():
    program, fixture, work = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    steps, programs = Times(), Times()
    run(program, fixture, work)  # the first one builds the repository of the base
    for _ in range(ROUNDS):
        take_apart(*run(program, fixture, work), steps)

    kept, *_ = run(program, fixture, work, "--keep-workspace")
    nowhere = os.open("/dev/null", os.O_WRONLY)
    if nowhere != STATUS_DESCRIPTOR:
        os.dup2(nowhere, STATUS_DESCRIPTOR)
    replay = Replay(kept, work)
    for _ in range(ROUNDS):
        replay.round(programs)

    table(steps, programs, "median")
    print()
    table(steps, programs, "least")
    print(f"\n{'the programs alone, in ms':<36} {'median':>8} {'least':>10}")
    for name in programs:
        print(f"{name:<36} {programs.median(name):8.1f} {programs.least(name):10.1f}")


if __name__ == "__main__":
    main()

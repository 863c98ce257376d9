#!/usr/bin/env python3
"""usage: bench/roots.py [RUNS]
Measures how long the second digest of the protected roots takes in a whole run of
the fake engine (the span "roots"), and the most memory that the run ever had, for
roots of several sizes besides those that every run protects. Without "content" no
file is read."""

import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent.parent
program = here / "artifacts/cto-harness/current/cto-harness"
fixture = "r1-string-slugify"


def flat(top, count):
    for number in range(count):
        os.close(os.open(f"{top}/a-name-of-some-length-{number}", os.O_CREAT | os.O_WRONLY))


def nested(top, count):
    for folder in range(count // 51):
        os.mkdir(f"{top}/folder-{folder}")
        flat(f"{top}/folder-{folder}", 50)


def large(top, count):
    chunk = os.urandom(1 << 20)
    for number in range(count):
        with open(f"{top}/file-{number}", "wb") as file:
            for _ in range(64):
                file.write(chunk)


def run(work, protect, environment):
    words = [str(program), "run", fixture, "--no-controls", "--quiet", "--runs-dir", f"{work}/runs", "--state-dir", f"{work}/state"]
    pid = os.posix_spawn(words[0], words + (["--protect", protect] if protect else []), environment, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, status
    (bundle,) = os.listdir(f"{work}/runs")
    spans = [json.loads(line) for line in open(f"{work}/runs/{bundle}/trace.jsonl")]
    (span,) = [one for one in spans if one["name"] == "roots"]
    report = json.load(open(f"{work}/runs/{bundle}/report.json"))
    assert report["no_mutation_passed"]
    entries = sum(root["entries"] or 0 for root in report["protected_roots"])
    shutil.rmtree(f"{work}/runs")
    begin, end = (int(span[name]) for name in ("start_time_unix_nano", "end_time_unix_nano"))
    return (end - begin) / 1e6, usage.ru_maxrss / 1024, entries


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    work = tempfile.mkdtemp(prefix="cto-harness-bench-", dir="/var/tmp")
    os.chmod(work, 0o755)
    plain = dict(os.environ, HOME=work)
    reading = dict(plain, XDG_CONFIG_HOME=f"{work}/config")
    os.makedirs(f"{work}/config/cto-harness")
    with open(f"{work}/config/cto-harness/policy.yaml", "w") as policy:
        policy.write("schema: cto-harness/policy/v1\nroot_digests: {content_bytes: 1099511627776}\n")
    try:
        rows = [("only the usual roots", None, 0, plain), ("20,000 in folders of 50", nested, 20_000, plain),
                ("200,000 in folders of 50", nested, 200_000, plain), ("200,000 in one folder", flat, 200_000, plain),
                ("8 files of 64 MiB, content", large, 8, reading)]
        for name, make, count, environment in rows:
            top = f"{work}/root"
            os.mkdir(top)
            if make:
                make(top, count)
            found = [run(work, top if make else None, environment) for _ in range(runs)]
            times = [time for time, _, _ in found]
            print(f"{name:<28} {found[0][2]:>8} entries  median {statistics.median(times):7.1f} ms  least {min(times):7.1f} ms  memory {max(memory for _, memory, _ in found):5.1f} MB", flush=True)
            shutil.rmtree(top)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()

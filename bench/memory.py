"""The harness's own peak of resident memory: an ordinary run, engines that print 200 MB, engines that leave many names.

usage: memory.py PROGRAM FIXTURE WORK (bench/startup calls it)

Read from VmHWM in /proc/PID/status of the harness's process while it runs, so no child counts. wait4's
maximum is printed beside it as a check: were it higher, a child would have been larger, or the last moments
unseen.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 5
PAUSE = 0.002
ENGINES = {
    "one line without an end": "head -c 200000000 /dev/zero | tr '\\0' x\n",
    "short lines, each valid JSON": "yes '{\"type\":\"copied\"}' | head -c 200000000\n",
    "100 MB on each stream": "head -c 100000000 /dev/zero | tr '\\0' x & head -c 100000000 /dev/zero | tr '\\0' x >&2\nwait\n",
}


# What an engine leaves. By-products are collected to the end; what is no by-product may not be so many.
MAKE = '''python3 - <<'E'
import os
esc, names, length = "\\n\\033[31m", %d, %d
for part in %r:
    os.makedirs(part); os.chdir(part)
for i in range(names):
    open((f"{i:06d}" + esc * length)[:length], "w").close()
E
'''
LEFT = {
    "100,000 entries, names of 70": MAKE % (99_996, 70, ["__pycache__"]),
    "the same, not to be ignored": MAKE % (99_997, 70, []),
    "25,000 files too many": MAKE % (24_999, 40, []),
    "2,000 paths of 4 KB": MAKE % (2_000, 200, ["d" * 255] * 14 + ["__pycache__"]),
    "300,000 entries": MAKE % (300_000, 12, ["__pycache__"]),
}


def peaks(command):
    """Runs a command; gives its VmHWM and wait4's maximum, in MB, and its exit code."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    own = 0
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            return own / 1000, usage.ru_maxrss * 1.024 / 1000, os.waitstatus_to_exitcode(status)
        with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as lines:
            for line in lines:
                if line.startswith("VmHWM:"):
                    own = int(line.split()[1]) * 1.024
        time.sleep(PAUSE)


def root_with(engine, work, name):
    """A copy of the harness root whose fake engine prints first, and then does its work."""
    root = work / f"root-{name}"
    shutil.copytree("harness", root)
    script = root / "engines" / "fake" / "engine.sh"
    script.write_text(f"#!/bin/sh\n{engine}" + script.read_text().removeprefix("#!/bin/sh\n"))
    return root


def measure(name, program, fixture, work, root, rounds=ROUNDS):
    command = [program, "run", fixture, "--quiet", "--runs-dir", work / "memory-runs", "--state-dir", work / "state", "--harness-root", root]
    found = [peaks(command) for _ in range(rounds)]
    codes = {code for *_, code in found}
    print(f"{name:<32} {max(own for own, *_ in found):8.1f} {max(all_ for _, all_, _ in found):8.1f}   {' '.join(map(str, sorted(codes)))}")


def main():
    program, fixture, work = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    print(f"{f'highest of {ROUNDS}, in MB':<32} {'VmHWM':>8} {'wait4':>8}   exit code")
    measure("an ordinary run", program, fixture, work, Path("harness"))
    for number, (name, engine) in enumerate(ENGINES.items()):
        measure(name, program, fixture, work, root_with(engine, work, number))
    for number, (name, engine) in enumerate(LEFT.items(), len(ENGINES)):
        measure(name, program, fixture, work, root_with(engine, work, number), rounds=2)


if __name__ == "__main__":
    main()

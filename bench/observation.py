#!/usr/bin/python3
"""What it costs a program that every call of it is looked at: the same work under the whole sandbox and under bare bubblewrap, by turns.

usage: bench/observation.py [ROUNDS]

The work is timed inside, so that neither the start of the harness nor that of the sandbox counts. ./cto-harness shell is the sandbox of a backend, with the
supervisor; "bare" is bubblewrap with the same namespaces and neither Landlock, nor a filter, nor a supervisor.
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

MIX = """
git init -q r && cd r && git config user.name b && git config user.email b@example.org
for i in 1 2 3 4 5; do echo $i > f$i; git add -A; git commit -qm $i; done
git mv f1 g1 && git commit -qm move && git log --stat >/dev/null && git status >/dev/null
for i in 1 2 3; do python3 -c "import json, unittest, tempfile, pathlib; [pathlib.Path('p%d' % i).write_text('x') for i in range(50)]; print(sum(1 for _ in pathlib.Path('.').rglob('*')))" >/dev/null; done
for i in 1 2; do node -e "const fs = require('fs'); for (let i = 0; i < 50; i++) fs.writeFileSync('n' + i, 'x'); console.log(fs.readdirSync('.').length)" >/dev/null; done
"""

LOOP = """
python3 - <<'PY'
import os
for i in range(2000):
    with open('a%d' % i, 'w') as file:
        file.write('x')
    os.rename('a%d' % i, 'b%d' % i)
    os.unlink('b%d' % i)
PY
"""


def timed(work):
    return f"cd $(mktemp -d /tmp/bench.XXXXXX) || exit 1\nbegin=$(date +%s%N)\n{work}\nend=$(date +%s%N)\necho took $((end - begin))\n"


def took(command, script):
    done = subprocess.run([*command, "/bin/sh", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("took ")]
    if done.returncode != 0 or len(lines) != 1:
        sys.exit(f"{command[0]} ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return int(lines[0].split()[1]) / 1e6


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    scratch = tempfile.mkdtemp(dir="/var/tmp")
    os.chmod(scratch, 0o777)
    observed = [str(ROOT / "cto-harness"), "shell", "r1-string-slugify", "--state-dir", scratch + "/state", "--"]
    bare = [
        *(["setpriv", "--reuid=64000", "--regid=64000", "--clear-groups", "--"] if os.getuid() == 0 else []),
        "bwrap", "--unshare-user", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--ro-bind", "/", "/",
        "--dev", "/dev", "--proc", "/proc", "--bind", scratch, "/tmp", "--setenv", "HOME", "/tmp", "--chdir", "/tmp", "--",
    ]
    try:
        print(f"{'work':<28}{'bare':>10}{'observed':>10}{'ratio':>8}   (medians of {rounds}, ms)")
        for name, work in (("git, python and node", MIX), ("2,000 files made and moved", LOOP)):
            pairs = [(took(bare, timed(work)), took(observed, timed(work))) for _ in range(rounds)]
            without, with_all = (statistics.median(one[side] for one in pairs) for side in (0, 1))
            print(f"{name:<28}{without:>10.1f}{with_all:>10.1f}{with_all / without:>8.2f}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


main()

"""usage: driver.py FILE NAME

Calls the function NAME of FILE. Requests come on descriptor 4, answers go to
descriptor 3, one JSON object a line. The code under test runs in this process
and may do anything to it: nothing here is a defence, the harness compares
outside.
"""

import importlib
import importlib.util
import json
import math
import os
import sys
import traceback


class NotJson(Exception):
    """What the function returned is no JSON value."""


def plain(value):
    """Return value as JSON's own types, without what a subclass adds."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float) and math.isfinite(value):
        return float.__float__(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return {text(name): plain(item) for name, item in value.items()}
    raise NotJson


def text(value):
    """Return value as a plain str; an error where it holds a lone surrogate."""
    result = str.__str__(value)
    result.encode("utf-8")
    return result


def load(file, name):
    """Return the function name of file."""
    path = os.path.abspath(file)
    folder, module_name = os.path.split(os.path.splitext(path)[0])
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        module_name = package + "." + module_name
    sys.path[:0] = dict.fromkeys([os.getcwd(), folder])
    if "." in module_name:
        return getattr(importlib.import_module(module_name), name)
    # By its path, not by its name: the file may be called like a module that is
    # loaded already.
    spec = importlib.util.spec_from_file_location(module_name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(module_name, module)
    spec.loader.exec_module(module)
    return getattr(module, name)


class Target:
    """The function under test, loaded at the first call."""

    def __init__(self, file, name):
        self.place = file, name
        self.function = None
        self.error = None

    def call(self, arguments, keywords):
        if self.error is None and self.function is None:
            try:
                self.function = load(*self.place)
            except BaseException as error:
                traceback.print_exc()
                self.error = error
        if self.error is not None:
            raise self.error
        return self.function(*arguments, **keywords)


def answer(target, request):
    """Return the fields of the answer to a request, as JSON."""
    # SystemExit and KeyboardInterrupt are answers like other errors.
    try:
        value = target.call(request["arguments"], request.get("keywords", {}))
    except BaseException as error:
        name = str(type(error).__name__)[:200] or "BaseException"
        return '"raised":' + json.dumps(name)
    try:
        return '"value":' + json.dumps(plain(value))
    except Exception:
        return '"raised":"NotJson"'


def main():
    requests = os.fdopen(4, "rb")
    answers = os.fdopen(3, "wb")
    # Children of the code under test get neither.
    os.set_inheritable(4, False)
    os.set_inheritable(3, False)
    sys.stdout.reconfigure(line_buffering=True)

    def write(line):
        answers.write(line.encode("ascii") + b"\n")
        answers.flush()

    target = Target(*sys.argv[1:])
    write('{"ready":true}')
    for line in requests:
        request = json.loads(line)
        write('{"case":%s,%s}' % (json.dumps(request["case"]), answer(target, request)))
    sys.stdout.flush()
    # At once: threads and exit handlers of the code under test do not count.
    os._exit(0)


main()

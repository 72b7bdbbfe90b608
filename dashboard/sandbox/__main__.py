"""python -m dashboard.sandbox: the arguments, and the process around the server."""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import FrameType

from dashboard.sandbox.names import CHOICES, FLIPPED, Names, Switches
from dashboard.sandbox.process import Options, Process

ON_OFF = ("contacts", "employees", "currencies")


def main(arguments: Sequence[str] | None = None) -> None:
    given = _parser().parse_args(arguments)
    names = _names(given)
    if given.print_names:
        print(json.dumps(asdict(names), indent=2))  # noqa: T201
        return
    with tempfile.TemporaryDirectory(prefix="flowtly-sandbox-") as folder:
        _run(given, names, Path(folder))


def _run(given: argparse.Namespace, names: Names, folder: Path) -> None:
    options = Options(
        port=given.port,
        database=given.database or folder / "sandbox.sqlite3",
        durable=given.database is not None,
        clients=given.clients,
        username=given.username,
        password=given.password,
        token=given.token,
        control=given.control,
    )
    process = Process(options, names, _switches(given))

    def leave(number: int, frame: FrameType | None) -> None:
        process.stop()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    sys.stdout.write(f"Flowtly sandbox on http://127.0.0.1:{process.port}\n")
    sys.stdout.flush()
    process.serve()


def _names(given: argparse.Namespace) -> Names:
    chosen = {each.name: getattr(given, each.name) for each in fields(Names)}
    base = FLIPPED if given.flipped else Names()
    return replace(base, **{name: value for name, value in chosen.items() if value is not None})


def _switches(given: argparse.Namespace) -> Switches:
    return Switches(**{each.name: getattr(given, each.name) for each in fields(Switches)})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboard.sandbox", description="The Flowtly API, embedded."
    )
    add = parser.add_argument
    add("--port", type=int, default=8001, help="0 picks a free one")
    add("--database", type=Path, help="an SQLite file, kept; without it a temporary one")
    add("--clients", type=int, default=400, help="how many clients the largest organization has")
    add("--username", default="sandbox")
    add("--password", default="sandbox")
    add("--token", help="a long-lived token that is accepted besides those of the login")
    add("--control", action="store_true", help="serve /_control/ as well")
    add(
        "--flipped", action="store_true", help="another name wherever the API's documentation leaves one open"
    )
    add("--print-names", action="store_true", help="print the names as JSON and leave")
    for each in fields(Names):
        _add_switch(parser, each.name, None, type(each.default))
    for each in fields(Switches):
        _add_switch(parser, each.name, each.default, type(each.default))
    return parser


def _add_switch(parser: argparse.ArgumentParser, name: str, default: object, kind: type) -> None:
    flag = "--" + name.replace("_", "-")
    if name in ON_OFF:
        parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=default)
    else:
        parser.add_argument(flag, type=kind, default=default, choices=CHOICES.get(name))


if __name__ == "__main__":
    main()

"""The command line, `satu`: what every image has, and what the installed services bring.

A fault is one line on standard error and exit status 2; never a stack trace.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import cast

import structlog
import typer
from typer.exceptions import TyperException

from shared.cli.console import complain
from shared.faults import Fault, Flaw, Misconfigured
from shared.observability import logs
from shared.runtime.gc_tuning import collect_seldom
from shared.runtime.installed import installed

_ROOMS = (
    "demo",
    "serve",
    "topology",
    "events",
    "parked",
    "resync",
    "token",
    "doctor",
    "config",
    "backup",
)
ELSEWHERE = {
    "remind": "notifications",
    "score": "scoring",
    "index": "scoring",
    "catalogue": "scoring",
    "rescore": "scoring",
}
"""The commands that services bring, for images that do not hold the service."""

Commands = Callable[[typer.Typer], None]


def build() -> typer.Typer:
    """The whole command line of this image."""
    app = typer.Typer(
        name="satu",
        help="Satu Perangkat Daerah, Satu Inovasi.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for room in _ROOMS:
        _add(app, f"shared.cli.{room}")
    for service in installed():
        _add(app, f"services.{service}.commands")
    for command, service in ELSEWHERE.items():
        if service not in installed():
            _point_elsewhere(app, command, service)
    return app


def _add(app: typer.Typer, module: str) -> None:
    if find_spec(module) is not None:
        cast("Commands", import_module(module).commands)(app)


def _point_elsewhere(app: typer.Typer, command: str, service: str) -> None:
    @app.command(command, hidden=True, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
    def point() -> None:
        cure = f"this image does not hold {service}; run: docker compose exec {service} satu {command} …"
        raise Misconfigured([Flaw(command, "not-installed", cure)])


def main() -> int:
    """Run the command line; the exit status: 0 done, 1 something is wrong, 2 it could not be done."""
    logs.configure("auto", "warning")
    try:
        app = build()
        collect_seldom()
        answer = app(standalone_mode=False)
    except (Fault, ModuleNotFoundError) as fault:
        return complain(fault)
    except TyperException as error:
        sys.stderr.write(f"{'' if error.format_message().startswith('Usage:') else 'satu: '}{error.format_message()}\n")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 - the last resort: one line, the stack only for those who ask
        return _broken(error)
    return answer if isinstance(answer, int) else 0


def _broken(error: Exception) -> int:
    structlog.get_logger("cli").debug("command.broken", exc_info=error)
    sys.stderr.write(f"satu: {type(error).__name__}: {error} (LOG_LEVEL=debug shows where)\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())

"""The entry point of `satu`. It imports only the module of the command that is run.

A fault is one line on standard error and exit status 2, never a stack trace.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import structlog
import typer
from typer.exceptions import TyperException

from shared.cli.console import complain
from shared.faults import Fault, Flaw, Misconfigured
from shared.observability import logs
from shared.runtime.gc_tuning import collect_nothing, collect_seldom
from shared.runtime.installed import installed, optional_module

MODULES = {
    "demo": "demo",
    "up": "serve",
    "serve": "serve",
    "topology": "topology",
    "events": "events",
    "parked": "parked",
    "resync": "resync",
    "subscriber": "subscriber",
    "token": "token",
    "doctor": "doctor",
    "config": "config",
    "backup": "backup",
    "backup-order": "backup",
    "restore": "backup",
    "remove-region": "backup",
    "import": "imports",
    "export": "exports",
    "audit": "audit",
    "privacy": "privacy",
    "setup": "setup",
}
"""Command → the module of `shared.cli` that adds it."""

ELSEWHERE = {
    "files": "registry",
    "package": "registry",
    "continuation": "registry",
    "commitment": "registry",
    "ideas": "registry",
    "redact": "registry",
    "precheck": "registry",
    "likeness": "registry",
    "remind": "notifications",
    "alerts": "notifications",
    "score": "scoring",
    "index": "scoring",
    "catalogue": "scoring",
    "rescore": "scoring",
    "feed": "feed",
    "portal": "portal",
}
"""The commands that services add → the service; for images that do not hold the service."""


def build(only: str | None = None) -> typer.Typer:
    """The command line of this image; with the name of a command in `only`, at least that command."""
    app = typer.Typer(
        name="satu",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def root() -> None:  # without it, Typer would run a single command without its name
        """Satu Perangkat Daerah, Satu Inovasi."""

    for module in _modules(only):
        module.commands(app)
    for command, service in ELSEWHERE.items():
        if service not in installed():
            _point_elsewhere(app, command, service)
    return app


def _modules(only: str | None) -> Iterator[ModuleType]:
    """The modules that add commands: all of them, when nobody is known to add `only`."""
    if only in MODULES:
        yield import_module(f"shared.cli.{MODULES[only]}")
        return
    owner = ELSEWHERE.get(only or "")
    if owner is None:
        for name in dict.fromkeys(MODULES.values()):
            yield import_module(f"shared.cli.{name}")
    for service in installed():
        if owner in (None, service) and (module := optional_module(service, "commands")) is not None:
            yield module


def _point_elsewhere(app: typer.Typer, command: str, service: str) -> None:
    @app.command(command, hidden=True, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
    def point() -> None:
        fix = f"this image does not hold {service}; run: docker compose exec {service} satu {command} …"
        raise Misconfigured([Flaw(command, "not-installed", fix)])


def main() -> int:
    """Run the command line; the exit status: 0 done, 1 something is wrong, 2 it could not be done."""
    collect_nothing()
    logs.configure("auto", "warning")
    try:
        app = build(sys.argv[1] if len(sys.argv) > 1 else None)
        collect_seldom()
        answer = app(standalone_mode=False)
    except (Fault, ModuleNotFoundError) as fault:
        return complain(fault)
    except TyperException as error:
        sys.stderr.write(f"{'' if error.format_message().startswith('Usage:') else 'satu: '}{error.format_message()}\n")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:  # the reader of a pipe has closed it
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 - the last resort: one line; the stack trace is in the debug log
        return _failed(error)
    return answer if isinstance(answer, int) else 0


def _failed(error: Exception) -> int:
    structlog.get_logger("cli").debug("command.broken", exc_info=error)
    sys.stderr.write(f"satu: {type(error).__name__}: {error} (LOG_LEVEL=debug shows where)\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())

"""Generates documents from the code; a test compares them with the committed ones.

`python -m shared.cli.generate` (run by `make docs`) writes `docs/events`, `docs/reference`, `docs/openapi`,
`deploy/topology/definitions.json` and the registry's `form.json` below the current folder.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import typer.main
import yaml
from fastapi import FastAPI
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from shared.auth.gates import KeyFolderGate
from shared.auth.policy import Role
from shared.cli.__main__ import build
from shared.cli.event_page import PAGE, event_page
from shared.cli.evidence_form import FORM_FILE, evidence_form
from shared.clock import Clock
from shared.contracts import asyncapi
from shared.contracts.topology import topology
from shared.runtime.engines import Engines
from shared.runtime.installed import installed
from shared.runtime.process import compose
from shared.runtime.service import Service
from shared.settings import load
from shared.web.app import mount_of, service_app
from shared.web.guard import GuardedRoute, guarded_routes

_MADE = "<!-- Made by `make docs`; do not edit. -->\n\n"
_ROLES = (Role.PUBLIC, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR, Role.SUBSCRIBER)


def events() -> dict[str, str]:
    """`docs/events`: file name → text of a JSON Schema or of the AsyncAPI document."""
    return {name: rendered(name, document) for name, document in asyncapi.documents().items()}


def reference() -> dict[str, str]:
    """`docs/reference`: file name → text."""
    return {"roles.md": roles(), "commands.md": commands()}


def interfaces() -> dict[str, str]:
    """File name → the OpenAPI document of an installed service."""
    return {
        f"{name}.json": json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n" for name, app in apps().items()
    }


def apps() -> dict[str, FastAPI]:
    """The application of every installed service; nothing is opened."""
    gate = KeyFolderGate(Path("nowhere"))
    return {each.name: service_app(each.name, each.router, gate) for each in _services()}


def pages() -> tuple[GuardedRoute, ...]:
    """The routes of the pages, with their policies."""
    found = (each.pages for each in _services() if isinstance(each.pages, FastAPI))
    return tuple(route for app in found for route in guarded_routes(app))


def _services() -> list[Service]:
    settings = load({}, data_dir=Path("nowhere"))
    engines = Engines(settings)
    return [compose(name, engines, Clock(), settings)[1] for name in installed()]


def routes_by_service() -> dict[str, tuple[GuardedRoute, ...]]:
    """The routes of every installed service, with their policies."""
    return {name: guarded_routes(app) for name, app in apps().items()}


def roles() -> str:
    """`roles.md`: the matrix of routes and roles."""
    head = "| Method | Path | " + " | ".join(role.value for role in _ROLES) + " |\n"
    rule = "|---|---|" + "---|" * len(_ROLES) + "\n"
    rows = [
        row for name, routes in routes_by_service().items() for each in routes for row in _rows(each, mount_of(name))
    ]
    text = (
        "# Who may do what\n\n`public`: without a token. An agency's account reaches its own agencies, a curator's and "
        "an executive's their region, an operator's all, but not what is inside an innovation. `subscriber`: another "
        "system, whose token names subjects, and a region or a province.\n\n"
    )
    of_pages = [row for each in pages() for row in _rows(each, "")]
    also = (
        "\n## The pages of the portal\n\nWhoever has a session, instead of a token. A page for `public` is for "
        f"everybody, signed in or not.\n\n{head}{rule}{''.join(of_pages)}"
    )
    return f"{_MADE}{text}{head}{rule}{''.join(rows)}{also if of_pages else ''}"


def _rows(route: GuardedRoute, mount: str) -> Iterator[str]:
    """A line of the matrix for each method."""
    for method in sorted(route.methods):
        allowed = " | ".join("yes" if role in route.roles else "" for role in _ROLES)
        yield f"| {method} | `{mount}{route.path}` | {allowed} |\n"


def commands() -> str:
    """`commands.md`: every command with its help and its options."""
    found = "\n".join(_described(path, command) for path, command in tree())
    return f"{_MADE}# The commands of `satu`\n\n{found}"


def tree() -> Iterator[tuple[str, TyperCommand]]:
    """Every command that is no group, with its full name."""
    yield from _below("satu", typer.main.get_command(build()))


def _below(path: str, command: object) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, each in sorted(command.commands.items()):
            yield from _below(f"{path} {name}", each)
    elif isinstance(command, TyperCommand) and not command.hidden:
        yield path, command


def _described(path: str, command: TyperCommand) -> str:
    arguments = [each for each in command.params if isinstance(each, TyperArgument)]
    words = " ".join([path, *(each.name.upper() for each in arguments if each.name)])
    given = [_option(each) for each in command.params if isinstance(each, TyperOption) and each.name != "help"]
    lines = [f"## `{words}`\n", f"{inspect.cleandoc(command.help or '')}\n"]
    return "\n".join(lines + (["\n".join(given) + "\n"] if given else []))


def _option(option: TyperOption) -> str:
    return f"- `{' / '.join([*option.opts, *option.secondary_opts])}`: {option.help or ''}"


class _Plain(yaml.SafeDumper):
    """YAML without anchors, which make a document hard to read."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def rendered(name: str, document: asyncapi.Document) -> str:
    """The text of a document, in YAML or JSON by the ending of its file name."""
    if name.endswith(".yaml"):
        return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path, texts: Mapping[str, str], *, alone: bool = False) -> None:
    """Write texts by file name. alone: remove JSON and YAML files that are not among them."""
    folder.mkdir(parents=True, exist_ok=True)
    if alone:
        for stale in {each.name for each in folder.iterdir() if each.suffix in {".json", ".yaml"}} - texts.keys():
            (folder / stale).unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def main(root: Path = Path()) -> None:
    """Write all of it below `root`. The form is first: the services that the others describe read it on import."""
    write(root / FORM_FILE.parent, {FORM_FILE.name: evidence_form(root)})
    write(root / "docs/events", events(), alone=True)
    write(root / "docs/events", {PAGE: f"{_MADE}{event_page(root)}"})
    write(root / "docs/reference", reference())
    write(root / "docs/openapi", interfaces(), alone=True)
    write(root / "deploy/topology", {"definitions.json": topology().document()})


if __name__ == "__main__":
    main()

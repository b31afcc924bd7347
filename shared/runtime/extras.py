"""Optional packages: one extra per service and one for the demonstration (`pyproject.toml`).

An image has no metadata of the distribution; its lock file holds what its service needs, so nothing is checked there.
"""

from __future__ import annotations

import re
from importlib import metadata

from shared.faults import Flaw, Misconfigured

_DISTRIBUTION = "satu-inovasi"
_REQUIREMENT = re.compile(r"""(?P<package>[A-Za-z0-9._-]+).*;.*\bextra == ["'](?P<extra>[a-z]+)["']""")


def need(extra: str) -> None:
    """Raise Misconfigured, with the command that installs them, when packages of this extra are missing."""
    if packages := missing(extra):
        raise Misconfigured([Flaw(extra, "extra-missing", f"{', '.join(packages)} not installed; {_command(extra)}")])


def missing(extra: str) -> list[str]:
    """The packages of this extra that are not installed."""
    try:
        requirements = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []
    found = [match for each in requirements if (match := _REQUIREMENT.match(each))]
    return [match["package"] for match in found if match["extra"] == extra and not _installed(match["package"])]


def import_failed(error: ModuleNotFoundError) -> Misconfigured:
    """The fault of a command whose import failed."""
    name = (error.name or "").partition(".")[0]
    return Misconfigured([Flaw(name, "extra-missing", f"this Python package is not installed; {_command('all')}")])


def _command(extra: str) -> str:
    return f"run: pip install '{_DISTRIBUTION}[{extra}]' (in a checkout: make setup)"


def _installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True

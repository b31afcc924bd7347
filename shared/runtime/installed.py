"""Which services this image holds. One program runs them all (`satu up`), or the one of a slim image."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, cast

from shared.contracts.event_types import CONTRACTS
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import Flaw, Misconfigured
from shared.runtime.extras import need

if TYPE_CHECKING:  # FastAPI is slow to import, and most commands do without it
    from shared.runtime.service import Resources, Service

PORTAL = "portal"  # it publishes nothing

KNOWN: tuple[str, ...] = tuple(
    dict.fromkeys((*(each.source for each in CONTRACTS.values()), *(each.service for each in SUBSCRIPTIONS), PORTAL))
)
"""All services, in this image or not; those that publish first come first."""

Compose = Callable[["Resources"], "Service"]


def installed() -> tuple[str, ...]:
    """The services of this image."""
    return tuple(name for name in KNOWN if _has(f"services.{name}.main"))


def composer(name: str) -> Compose:
    """A service's composition root. Raises Misconfigured when it, or a package of its extra, is not installed."""
    require(name)
    need(name)
    return cast("Compose", import_module(f"services.{name}.main").compose)


def require(name: str) -> None:
    """Raises Misconfigured when the service is not in this image, or does not exist."""
    if name not in KNOWN:
        raise Misconfigured([Flaw("service", "unknown", f"{name!r} is not one of {', '.join(KNOWN)}")])
    if name not in installed():
        fix = f"{name} is not installed here; run this in its container: docker compose exec {name} satu …"
        raise Misconfigured([Flaw("service", "not-installed", fix)])


def chosen(names: Collection[str]) -> tuple[str, ...]:
    """These services, or all installed ones when none is named. Raises Misconfigured."""
    for name in names:
        require(name)
    wanted = tuple(name for name in installed() if not names or name in names)
    if not wanted:
        raise Misconfigured([Flaw("service", "not-installed", "no service is installed here")])
    return wanted


def optional_module(service: str, name: str) -> ModuleType | None:
    """`services.<service>.<name>`, such as its `commands` or `doctor`; None when the service has no such module."""
    full = f"services.{service}.{name}"
    return import_module(full) if _has(full) else None


def _has(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False

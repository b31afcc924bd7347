"""Which module may import which, and how many modules a folder may hold."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.sources import Source, crowded_folders, read, sources
from tests.support.paths import ROOT

Rule = Callable[[Source], set[str]]
"""The imports or uses of a module that break the rule."""

LAYERS = (
    "clock faults indonesian",
    "backoff settings smtp_url",
    "worker",
    "contracts",
    "observability",
    "ports",
    "adapters messaging storage auth",
    "web",
    "runtime tables exports",
    "operations demo",
    "cli",
)
"""The packages and modules of `shared`, lowest layer first. Each imports itself and lower layers only, so there is no
circle among them and no import between two of one layer."""

_LAYER = {name: number for number, names in enumerate(LAYERS) for name in names.split()}

MOST_MODULES = 25  # in one folder


def shared_imports_lower_layers_only(source: Source) -> set[str]:
    own = _package(source.name)
    if own is None:
        return set()
    if own not in _LAYER:
        return {f"{own} is in no layer"}
    return {
        each
        for each in source.reaches("shared")
        if (other := _package(each)) not in {None, own} and _LAYER.get(other or "", len(LAYERS)) >= _LAYER[own]
    }


def _package(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "shared" and len(parts) > 1 else None


def shared_imports_no_service(source: Source) -> set[str]:
    return source.reaches("services") if source.top == "shared" else set()


def a_service_imports_itself_and_shared_only(source: Source) -> set[str]:
    return {
        each
        for each in source.reaches("services")
        if source.service is not None
        and each not in {"services", f"services.{source.service}"}
        and not each.startswith(f"services.{source.service}.")
    }


def only_the_mongo_adapters_import_the_driver(source: Source) -> set[str]:
    free = source.name.startswith("shared.adapters.mongo.")
    return set() if free else source.reaches("motor", "pymongo", "bson", "gridfs")


def only_the_rabbit_adapters_import_aio_pika(source: Source) -> set[str]:
    free = source.name.startswith("shared.adapters.rabbit.")
    return set() if free else source.reaches("aio_pika", "aiormq", "pamqp")


def only_the_sqlite_adapters_import_sqlite(source: Source) -> set[str]:
    return set() if source.name.startswith("shared.adapters.") else source.reaches("sqlite3")


def only_the_runtime_names_adapters(source: Source) -> set[str]:
    free = source.name.startswith("shared.adapters") or source.name in {
        "shared.runtime.engines",  # chooses an engine by the scheme of its URL
        "shared.runtime.servers",  # sets up broker and database with an administrator's account
    }
    return set() if free else source.reaches("shared.adapters")


def only_settings_reads_the_environment(source: Source) -> set[str]:
    if source.name == "shared.settings":
        return set()
    named = {"os.environ", "os.getenv", "os.environb", "os.putenv"}
    return (source.uses | source.imports) & named | source.reaches("dotenv")


def only_the_clock_reads_the_clock(source: Source) -> set[str]:
    if source.name in {"shared.clock", "shared.observability.tracing"}:
        return set()
    named = {
        f"{owner}.{name}"
        for owner, names in {
            "time": ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime"),
            "datetime": ("now", "utcnow", "today"),
            "datetime.datetime": ("now", "utcnow", "today"),
            "dt.datetime": ("now", "utcnow"),
            "date": ("today",),
            "datetime.date": ("today",),
        }.items()
        for name in names
    }
    return (source.uses | source.imports) & named


def services_do_not_call_one_another(source: Source) -> set[str]:
    notifications = ("sending.drivers.", "sending.heartbeat", "doctor")  # these call providers, none of our services
    free = (
        "services.portal.owners.",
        "services.portal.accounts.service_health",
        *(f"services.notifications.{each}" for each in notifications),
    )
    if not source.service or source.name.startswith(free):  # the portal asks owners, and is asked by no service
        return set()
    return source.reaches("httpx2", "requests", "urllib.request", "http.client")


def the_ports_import_no_library(source: Source) -> set[str]:
    ports = {
        "shared.ports.store",
        "shared.ports.bus",
        "shared.ports.files",
        "shared.contracts.event",
        "shared.clock",
        "shared.faults",
    }
    return _foreign(source) if source.name in ports else set()


def contracts_import_pydantic_only(source: Source) -> set[str]:
    return _foreign(source) if source.name.startswith("shared.contracts") else set()


RULES: tuple[Rule, ...] = (
    shared_imports_lower_layers_only,
    shared_imports_no_service,
    a_service_imports_itself_and_shared_only,
    only_the_mongo_adapters_import_the_driver,
    only_the_rabbit_adapters_import_aio_pika,
    only_the_sqlite_adapters_import_sqlite,
    only_the_runtime_names_adapters,
    only_settings_reads_the_environment,
    only_the_clock_reads_the_clock,
    services_do_not_call_one_another,
    the_ports_import_no_library,
    contracts_import_pydantic_only,
)


PURE = {
    "services.registry.regions": "region policy deadline",
    "services.registry.agencies": "agency",
    "services.registry.innovation": (
        "innovation profile drafting deletion submission verification withdrawal reassignment"
    ),
    "services.registry.evidence": "evidence attachment form window",
    "services.registry.evidence.precheck": "text hit numbers number_words dates phrases years wording precheck",
    "services.registry.innovation.likeness": "content keys comparison",
    "services.registry.continuation": (
        "pipeline rules stage origin follow_up actor sustainability rights continuation changes commitment"
    ),
    "services.registry.continuation.public_ideas": "idea",
    "services.scoring.catalogue": "catalogue indicators scales model constants",
    "services.scoring.scorecard": "scorecard rows entry findings levels totals next_step explain",
    "services.scoring.index": "index rounds spd",
    "services.scoring.ranking": "ranking competition",
    "services.scoring.official": "results award",
    "services.scoring.what_if": "region cheapest_path input",
    "services.notifications.obligations": (
        "obligation deadlines facts document exemption entry entry_index entry_merging selection summary"
    ),
    "services.notifications.recap": "facts recap report words",
    "services.notifications.contacts": "contact correction membership confirmation masking role channel_name",
    "services.notifications.reminders": "restore_hold",
    "services.notifications.questions": "asked",
    "services.notifications.sending": "channel_state routing histogram",
    "services.notifications.sending.bounces": "dsn",
    "services.notifications.sending.notices": "notice",
    "services.notifications.sending.drivers": "smtp_reply cloud_api_codes cloud_api_webhook",
    "services.notifications.messages": (
        "alert message alert_log attempt answer outcome receipt history next_step rendered"
    ),
    "services.notifications.messages.texts": (
        "details statement statements duty innovation deadline contact report wording codes reasons cleaning samples"
    ),
    "shared": "indonesian",
    "shared.messaging": "verdict",
    "shared.contracts": "topology",
    "shared.web": "validation",
}
"""The modules of pure rules: no I/O, no clock, no randomness. What they import of this project must be pure as well."""

_OUTSIDE = (
    *("asyncio", "socket", "ssl", "subprocess", "threading", "multiprocessing", "random", "secrets", "time", "signal"),
    *("shutil", "tempfile", "io", "http", "urllib", "sqlite3", "logging"),
    *("fastapi", "starlette", "httpx2", "structlog"),
    *(
        "shared.ports.store",
        "shared.ports.bus",
        "shared.ports.files",
        "shared.clock",
        "shared.settings",
        "shared.observability.tracing",
    ),
    *("shared.runtime.service", "shared.web.app", "shared.auth.policy"),
)


def test_pure_modules_import_nothing_that_reaches_outside() -> None:
    known = {source.name: source for source in sources()}
    waiting = [f"{package}.{module}" for package, modules in PURE.items() for module in modules.split()]
    assert set(waiting) <= known.keys()
    seen: set[str] = set()
    broken: dict[str, list[str]] = {}

    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        if found := known[name].reaches(*_OUTSIDE):
            broken[name] = sorted(found)
        waiting += [each for each in known[name].imports if each in known]

    assert len(seen) > 30
    assert broken == {}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__.replace("_", " "))
def test_the_code_keeps_the_rule(rule: Rule) -> None:
    broken = {source.name: sorted(found) for source in sources() if (found := rule(source))}

    assert broken == {}


@pytest.mark.parametrize(
    ("rule", "module", "code"),
    [
        (shared_imports_lower_layers_only, "shared/clock.py", "from shared.contracts.event import Event"),
        (shared_imports_lower_layers_only, "shared/ports/store.py", "from shared.storage.steps import without_event"),
        (shared_imports_lower_layers_only, "shared/messaging/relay.py", "from shared.adapters import folder"),
        (shared_imports_lower_layers_only, "shared/web/lag.py", "def f():\n    import shared.runtime.lag"),
        (shared_imports_lower_layers_only, "shared/operations/x.py", "from shared.cli.console import say"),
        (shared_imports_lower_layers_only, "shared/operations/x.py", "from shared.demo.client import Client"),
        (shared_imports_lower_layers_only, "shared/relay.py", "from shared.ports.bus import Bus"),
        (shared_imports_lower_layers_only, "shared/auth/x.py", "from shared.relay import Relay"),
        (shared_imports_no_service, "shared/x.py", "from services.registry import main"),
        (
            a_service_imports_itself_and_shared_only,
            "services/scoring/x.py",
            "def f():\n    import services.registry.api",
        ),
        (only_the_mongo_adapters_import_the_driver, "shared/x.py", "from pymongo.errors import PyMongoError"),
        (only_the_rabbit_adapters_import_aio_pika, "services/registry/x.py", "import aio_pika"),
        (only_the_sqlite_adapters_import_sqlite, "services/registry/x.py", "import sqlite3"),
        (
            only_the_runtime_names_adapters,
            "services/scoring/main.py",
            "from shared.adapters.sqlite.bus import SqliteBus",
        ),
        (only_settings_reads_the_environment, "shared/x.py", "import os\nos.environ['A']"),
        (only_settings_reads_the_environment, "shared/x.py", "from os import environ"),
        (only_the_clock_reads_the_clock, "shared/x.py", "from datetime import datetime\ndatetime.now()"),
        (only_the_clock_reads_the_clock, "shared/x.py", "from time import monotonic"),
        (services_do_not_call_one_another, "services/scoring/x.py", "import httpx2"),
        (the_ports_import_no_library, "shared/ports/store.py", "import structlog"),
        (contracts_import_pydantic_only, "shared/contracts/x.py", "import yaml"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_the_rule_fails_for_code_that_breaks_it(rule: Rule, module: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / module
    path.parent.mkdir(parents=True)
    path.write_text(code)

    assert rule(read(path, tmp_path)) != set()


def test_no_folder_holds_too_many_modules() -> None:
    assert crowded_folders(ROOT, MOST_MODULES) == {}


def test_a_folder_with_too_many_modules_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "shared" / "web"
    folder.mkdir(parents=True)
    for name in ("__init__", *(f"m{number}" for number in range(MOST_MODULES))):
        (folder / f"{name}.py").touch()
    assert crowded_folders(tmp_path, MOST_MODULES) == {}

    (folder / "moved_back.py").touch()

    assert crowded_folders(tmp_path, MOST_MODULES) == {"shared/web": MOST_MODULES + 1}


def _foreign(source: Source) -> set[str]:
    allowed = {"shared", "pydantic", "typing_extensions", *sys.stdlib_module_names}
    return {each for each in source.imports if each.split(".")[0] not in allowed}

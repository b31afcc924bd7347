"""Every command says what it does, and runs only where its data is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer.main

from shared.cli.__main__ import ELSEWHERE, MODULES, build
from shared.cli.generate import tree
from shared.runtime.installed import installed
from tests.support.paths import ROOT

COMMANDS = dict(tree())


def test_all_commands_are_there() -> None:
    wanted = """backup, config, demo, doctor, events replay, events show, events tail,
    parked discard, parked list, parked replay, parked show,
    remind, restore, resync, serve, subscriber add, subscriber list, subscriber pause,
    subscriber remove, subscriber resume, subscriber rotate,
    token init, token issue, token revoke, topology apply, topology check,
    topology show, up"""

    assert set(COMMANDS) >= {f"satu {' '.join(name.split())}" for name in wanted.split(",")}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_and_each_of_its_options_is_documented(name: str) -> None:
    command = COMMANDS[name]

    assert command.help
    assert [option.name for option in command.params if not getattr(option, "help", "")] == []


@pytest.mark.parametrize("name", [*MODULES, *ELSEWHERE])
def test_a_command_is_found_when_only_its_module_is_loaded(name: str) -> None:
    assert name in typer.main.get_group(build(name)).commands


def test_every_command_of_shared_has_its_module_in_the_table() -> None:
    for module in MODULES.values():
        added = typer.Typer()
        added.callback()(lambda: None)
        import_module(f"shared.cli.{module}").commands(added)
        found = typer.main.get_group(added).commands
        assert {name: MODULES.get(name) for name in found} == dict.fromkeys(found, module)


_LOADED = """
import sys
from shared.cli.__main__ import build
build(sys.argv[1])
from shared.runtime.engines import Engines
from shared.runtime.process import compose
from shared.clock import Clock
from shared.settings import load
settings = load({"DATA_DIR": "nowhere"})
for name in sys.argv[2:]:
    compose(name, Engines(settings), Clock(), settings)
print(*sys.modules)
"""

SLOW = {
    "aio_pika",
    "aiosmtpd",
    "babel",
    "httpx2",
    "jinja2",
    "motor",
    "openpyxl",
    "phonenumbers",
    "PIL",
    "pygments",
    "pymongo",
    "reportlab",
    "rich",
}


@pytest.mark.parametrize("services", [("registry",), ("registry", "scoring", "notifications")], ids=" ".join)
def test_an_embedded_server_loads_no_library_that_it_does_not_use(services: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, "serve", *services], cwd=ROOT, capture_output=True, text=True, check=True
    )

    loaded = set(done.stdout.split())
    assert loaded & SLOW == set()
    commands = ("__main__", "console", "late_models", "serve", "without_rich")
    assert {each for each in loaded if each.startswith("shared.cli.")} <= {f"shared.cli.{each}" for each in commands}
    own = tuple(f"services.{each}." for each in services)
    other = {
        each for each in loaded if each.count(".") > 1 and each.startswith("services.") and not each.startswith(own)
    }
    assert other <= {f"services.{each}.settings" for each in ("feed", "notifications", "portal")}


def test_the_other_images_know_where_each_service_s_commands_are() -> None:
    for service in installed():
        room = f"services.{service}.commands"
        if find_spec(room) is None:
            continue
        brought = typer.Typer()
        import_module(room).commands(brought)
        group = typer.main.get_group(brought)
        assert {name: ELSEWHERE.get(name) for name in group.commands} == dict.fromkeys(group.commands, service)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image that holds no service."""
    folder = tmp_path_factory.mktemp("tools")
    shutil.copytree(ROOT / "shared", folder / "shared", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "services").mkdir()
    shutil.copy(ROOT / "services/__init__.py", folder / "services/__init__.py")
    return folder


_ONLY_THIS_FOLDER = """
import sys
root = sys.argv.pop(1)
sys.meta_path = [each for each in sys.meta_path if "editable" not in repr(each).lower()]
sys.path = [each for each in sys.path if each != root]
from shared.cli.__main__ import main
sys.exit(main())
"""


def satu(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _ONLY_THIS_FOLDER, str(ROOT), *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "container"),
    [
        (("serve", "scoring"), "scoring"),
        (("resync", "registry"), "registry"),
        (("parked", "list", "--subscription", "notifications.agencies"), "notifications"),
        (("remind", "--as-of", "2026-01-02"), ELSEWHERE["remind"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_command_whose_service_is_elsewhere_names_the_container(
    tools: Path, words: tuple[str, ...], container: str
) -> None:
    done = satu(tools, *words)

    assert done.returncode == 2
    assert f"docker compose exec {container} satu" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_tools_image_shows_the_topology(tools: Path) -> None:
    done = satu(tools, "topology", "show")

    assert done.returncode == 0
    assert done.stdout == (ROOT / "deploy/topology/definitions.json").read_text()

"""`satu backup`, `satu backup-order` and `satu restore` as an operator runs them, without a server, so that there is no
list of erasures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.registry.kinds import KINDS as REGISTRY_KINDS
from services.scoring.kinds import KINDS as SCORING_KINDS
from shared.adapters.sqlite.store import SqliteStore
from shared.cli.backup import MOST_NAMED
from shared.ports.store import Kind
from tests.support.commands import satu
from tests.support.store_samples import saved

ANY = saved({"region": "61.12"})


async def write(data: Path, service: str, kinds: tuple[Kind, ...], kind: str, *ids: str) -> None:
    store = SqliteStore(data / f"{service}.sqlite")
    await store.open(kinds)
    for id in ids:
        await store.change(kind, id, ANY)
    await store.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"DATA_DIR": str(tmp_path / "data"), "SMTP_URL": "smtp://127.0.0.1", "MAIL_FROM": "satu@satu.example"}


async def test_a_restore_prints_what_nobody_owns(environment: dict[str, str], tmp_path: Path) -> None:
    data, folder = Path(environment["DATA_DIR"]), tmp_path / "set"
    ghosts = [f"hantu-{number:02d}" for number in range(MOST_NAMED + 5)]
    await write(data, "registry", REGISTRY_KINDS, "region", "61.12")
    await write(data, "registry", REGISTRY_KINDS, "agency", "dinkes")
    await write(data, "scoring", SCORING_KINDS, "known_agency", "dinkes", *ghosts)
    await satu(environment, "backup", str(folder))

    done = await satu(environment, "restore", str(folder), "--without-erasures")

    lines = [line for line in done.out.splitlines() if "nobody owns" in line]
    assert lines == [
        *[f"scoring: known_agency/{each} names agency/{each}, which nobody owns" for each in ghosts[:MOST_NAMED]],
        "scoring: and 5 more that nobody owns",
    ]


async def test_a_restore_of_an_earlier_releases_backup_says_what_was_not_compared(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    await write(Path(environment["DATA_DIR"]), "registry", REGISTRY_KINDS, "region", "61.12")
    await satu(environment, "backup", str(folder))
    manifest = json.loads((folder / "manifest.json").read_text())
    for part in manifest["services"].values():
        del part["owned"]
    (folder / "manifest.json").write_text(json.dumps(manifest))

    done = await satu(environment, "restore", str(folder), "--without-erasures")

    assert (
        "scoring: not compared with their owner, whose list of ids is not in this set: agency, innovation, region"
        in done.out.splitlines()
    )


async def test_the_order_of_backups_is_printed_consumers_first(environment: dict[str, str]) -> None:
    done = await satu(environment, "backup-order")

    assert done.out.splitlines() == ["portal", "feed", "notifications", "scoring", "registry"]


async def test_a_dry_run_checks_everything_and_changes_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    folder, data = tmp_path / "set", Path(environment["DATA_DIR"])
    only = ("--service", "registry")
    await write(data, "registry", REGISTRY_KINDS, "region", "61.12")
    await satu(environment, "backup", str(folder), "--region", "61.12", *only)

    there = await satu(environment, "restore", str(folder), *only, "--without-erasures", "--dry-run", status=2)
    first = await satu(environment, "remove-region", str(folder), *only, "--dry-run")
    done = await satu(environment, "remove-region", str(folder), *only)
    gone = await satu(environment, "restore", str(folder), *only, "--without-erasures", "--dry-run")

    assert "is there already" in there.err
    assert first.out.splitlines() == ["registry: region 61.12 can be removed; nothing was changed"]
    assert "registry: 1 documents of region 61.12 removed" in done.out
    assert gone.out.splitlines() == ["registry: it can be restored; nothing was changed"]
    refused = await satu(environment, "remove-region", str(folder), *only, "--dry-run")
    assert refused.out == first.out, "an interrupted removal may be repeated"

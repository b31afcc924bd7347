from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import cast

import pytest

from services.scoring.catalogue.files import SHIPPED
from services.scoring.catalogue.library import load_catalogues
from services.scoring.main import compose
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.faults import Misconfigured
from shared.ports.bus import Bus
from shared.ports.files import Files
from shared.runtime.service import Resources
from shared.settings import Settings


def shipped(folder: Path, name: str = "2026.1.yaml", **replaced: str) -> Path:
    text = (SHIPPED / "2026.1.yaml").read_text(encoding="utf-8")
    for old, new in replaced.items():
        text, times = re.subn(rf"(?m)^( *){old}: .*$", rf"\g<1>{old}: {new}", text, count=1)
        assert times == 1
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_catalogues_are_loaded() -> None:
    assert list(load_catalogues((SHIPPED,))) == ["2024.1", "2026.1"]


def test_a_region_may_add_a_catalogue_of_its_own(tmp_path: Path) -> None:
    shipped(tmp_path / "catalogues", "2027.1.yaml", year="2027")

    assert sorted(load_catalogues((SHIPPED, tmp_path / "catalogues"))) == ["2024.1", "2026.1", "2027.1"]


def test_the_same_file_twice_is_one_catalogue(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "2026.1.yaml", tmp_path)

    assert list(load_catalogues((SHIPPED, tmp_path))) == ["2024.1", "2026.1"]


def test_another_file_under_a_known_name_is_refused(tmp_path: Path) -> None:
    shipped(tmp_path, least_divisor="13")

    with pytest.raises(Misconfigured, match=r"another file of the name 2026\.1 scores differently"):
        load_catalogues((SHIPPED, tmp_path))


def test_the_flaws_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    shipped(tmp_path, "2027.1.yaml", year="2027", weight="4")
    shipped(tmp_path, "2028.1.yaml", year="2028", status="official")

    with pytest.raises(Misconfigured) as refused:
        load_catalogues((tmp_path,))

    assert {flaw.field.partition(":")[0] for flaw in refused.value.flaws} == {"2027.1.yaml", "2028.1.yaml"}


def test_no_catalogue_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="there is no catalogue file"):
        load_catalogues((tmp_path, tmp_path / "none"))


async def test_the_service_is_composed_and_starts_on_an_empty_store_and_again(tmp_path: Path) -> None:
    for _ in range(2):
        store = SqliteStore(tmp_path / "scoring.sqlite")
        world = Resources(
            store=store,
            files=cast("Files", None),  # scoring keeps no files
            bus=cast("Bus", None),  # and leaves the bus to its relay and consumers
            clock=Clock(),
            settings=Settings(data_dir=tmp_path),
        )
        service = compose(world)
        await store.open(service.kinds)
        assert service.start is not None

        await service.start()
        for loop in service.loops:
            await loop.run()

        kept = await store.get("catalogue_digest", "2026.1")
        assert kept is not None
        await store.close()

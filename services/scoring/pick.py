"""A catalogue by its year or name, straight from the files: for commands that need no server and no store."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from services.scoring.catalogue import Catalogue
from services.scoring.catalogue_file import SHIPPED, catalogue_files, read_catalogue
from shared.faults import Flaw, Invalid
from shared.settings import Settings

_NAME = re.compile(r"^([0-9]{4})\.([0-9]{1,3})$")


def folders(settings: Settings) -> tuple[Path, ...]:
    """Where catalogues lie: those that come with the system, then those of the data folder, if there is one."""
    return SHIPPED, settings.data_dir / "catalogues"


def pick(wanted: str | None, folders: Iterable[Path]) -> Catalogue:
    """The catalogue `wanted`: a name (`2026.1`), a year (its newest revision), or None (the newest of all). Only its
    own file is read. Raises Invalid when there is none, or the file does not hold."""
    files = {
        (int(found[1]), int(found[2])): file for file in catalogue_files(folders) if (found := _NAME.match(file.stem))
    }
    fitting = [key for key in files if wanted is None or wanted in {str(key[0]), f"{key[0]}.{key[1]}"}]
    if not fitting:
        there = ", ".join(f"{year}.{revision}" for year, revision in sorted(files))
        raise Invalid([Flaw("--catalogue", "unknown", f"tidak ada katalog {wanted}; yang ada: {there}")])
    return read_catalogue(files[max(fitting)])

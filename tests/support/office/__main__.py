"""Writes the office's workbook to try imports with: ``python -m tests.support.office FILE.xlsx [SEED]``. Beside it goes
`FILE.benar.xlsx`, without the typing errors."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.office.book import write_book
from tests.support.office.habits import Clerk
from tests.support.office.mistakes import with_mistakes
from tests.support.office.sheets import sheets


def main() -> None:
    path, seed = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    clerk = Clerk(seed)
    right = sheets(clerk, "61.12")
    wrong, places = with_mistakes(right, clerk)
    write_book(wrong, path)
    write_book(right, path.with_suffix(".benar.xlsx"))
    print(f"{path}: {len(places)} mistakes")


if __name__ == "__main__":
    main()

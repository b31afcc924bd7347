"""Data folders as release 0.1 left them, each as SQL text: `release-0.1/<name>.<store>.sql`.

In both, on 15 June 2026, Dinas Lalai is overdue for 2025 and within 30 days of the deadline of 2026; Dinas Rajin is
overdue for 2025 and has a verified innovation for 2026. Each has a contact with a mail address. `mailed`: both were
told by e-mail. `logged`: the log channel got the same messages, so nobody was told.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "release-0.1"
STORES = ("registry", "scoring", "notifications", "bus")
REGION = "61.12"
NOW = datetime.fromisoformat("2026-06-15T09:30:00+07:00")
"""Half an hour after the messages."""

TOLD = [("Dinas Lalai", 2025, "overdue"), ("Dinas Lalai", 2026, "before-30"), ("Dinas Rajin", 2025, "overdue")]
"""What was told to the agency's contact, or would have been."""


def put_back(name: str, data: Path) -> None:
    """Write the stores of one such folder into `data`."""
    data.mkdir(parents=True, exist_ok=True)
    for store in STORES:
        with closing(sqlite3.connect(data / f"{store}.sqlite")) as db:
            db.executescript((FOLDER / f"{name}.{store}.sql").read_text(encoding="utf-8"))

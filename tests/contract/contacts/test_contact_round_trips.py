"""Round trips of any contacts, on both engines: what is imported comes out, goes in again without a change, and makes
the same table in another installation."""

from __future__ import annotations

import os
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.tables.columns import CONTACTS
from shared.tables.writing import Row, csv_lines
from tests.contract.contacts.test_contact_exports import exported, stored
from tests.contract.contacts.test_contact_tables import imported, report
from tests.contract.registry.exports.any_tables import TAILS
from tests.support.notifications_api import notifications_api
from tests.support.store_engines import Engine, store_at

CASES = 20 if os.environ.get("SOAK_SECONDS") else 1
COUNT = 12
AGENCIES = ("Dinas Kesehatan", "Dinas Sosial")


def any_contact(dice: random.Random, number: int) -> Row:
    """A row with any values that its columns take."""
    role = dice.choice(("officer", "head", "curator", "executive"))
    row: dict[str, Any] = {"name": f"Orang {number} {dice.choice(TAILS)}", "role": role}
    if role in ("officer", "head"):
        row["agencies"] = tuple(dice.sample(AGENCIES, dice.randint(1, 2)))
    maybe = {
        "email": f"Orang{number}@X.example",
        "phone": f"0812-3456-{7000 + number}",
        "landline": "0561 123456",
        "preferred": dice.choice(("email", "whatsapp")),
        "valid_from": date(2026, dice.randint(1, 12), 1),
        "valid_to": date(2027, dice.randint(1, 12), 1),
        "consent_whatsapp": dice.choice(("ya", "tidak")),
    }
    return row | {key: value for key, value in maybe.items() if dice.random() < 0.6}


@pytest.mark.parametrize("case", range(CASES))
async def test_any_contacts_come_in_and_out_and_in_again(either: Engine, tmp_path: Path, case: int) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32))) + case
    print(f"SEED={seed}")
    dice = random.Random(seed)
    body = b"".join(csv_lines(CONTACTS, [any_contact(dice, number) for number in range(COUNT)]))
    async with notifications_api(tmp_path / "one", own_store=store_at(either.name, either.where)) as api:
        done = await imported(api, body, "first")
        assert (done["status"], done["created"]) == ("done", COUNT), await report(api, done)
        before = await stored(api)

        for format in ("csv", "xlsx"):
            again = await imported(api, await exported(api, format=format), format)
            assert (again["status"], again["unchanged"]) == ("done", COUNT), await report(api, again)
        assert await stored(api) == before
        body = await exported(api)

    async with notifications_api(tmp_path / "two") as other:
        done = await imported(other, body)
        assert (done["status"], done["created"]) == ("done", COUNT), await report(other, done)
        assert await exported(other) == body

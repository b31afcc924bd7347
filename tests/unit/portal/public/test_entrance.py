"""How the days of entry of a competition stand."""

from __future__ import annotations

from datetime import date

import pytest

from services.portal.answered.competition import Entrance
from services.portal.public.published.entrance import entrance_words

FIRST, LAST = date(2025, 9, 18), date(2025, 10, 18)


@pytest.mark.parametrize(
    ("first", "last", "today", "words", "kind"),
    [
        (FIRST, LAST, date(2025, 9, 17), "Pendaftaran dibuka 18 September 2025", "info"),
        (FIRST, LAST, FIRST, "Pendaftaran terbuka sampai dengan 18 Oktober 2025", "success"),
        (FIRST, LAST, LAST, "Pendaftaran terbuka sampai dengan 18 Oktober 2025", "success"),
        (FIRST, LAST, date(2025, 10, 19), "Pendaftaran ditutup 18 Oktober 2025", "neutral"),
        (FIRST, None, FIRST, "Pendaftaran terbuka", "success"),
        (None, None, FIRST, "Pendaftaran terbuka", "success"),
    ],
)
def test_both_days_are_included(first: date | None, last: date | None, today: date, words: str, kind: str) -> None:
    assert entrance_words(Entrance(first=first, last=last), today) == (words, kind)

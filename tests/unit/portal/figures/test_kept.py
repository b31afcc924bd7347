"""What owners answered is kept for a while, and no more of it than fits."""

from __future__ import annotations

from services.portal.figures.kept import Kept


async def test_values_are_dropped_by_their_sizes_the_oldest_first() -> None:
    kept = Kept[str](60, size=len, most=10)
    asked: list[str] = []

    async def get(value: str) -> None:
        async def ask() -> str:
            asked.append(value)
            return value

        assert await kept.get(value, ask) == value

    for value in ("aaaa", "bbbb", "aaaa", "cccc", "bbbb", "aaaa", "x" * 11, "x" * 11, "aaaa"):
        await get(value)

    assert asked == ["aaaa", "bbbb", "cccc", "aaaa", "x" * 11, "x" * 11]


async def test_no_answer_is_kept_for_a_shorter_while() -> None:
    kept = Kept[str](60, away_seconds=0)
    answers = iter([None, "there", "never asked"])

    async def ask() -> str | None:
        return next(answers)

    assert [await kept.get("key", ask) for _ in range(3)] == [None, "there", "there"]

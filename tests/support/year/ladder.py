"""Which stage of a duty is due on a local day. The days of all stages are written down, then one is looked up."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.year.duty import Duty

LADDER = (60, 30, 14, 7, 1)
WEEKLY = (("overdue", 1), ("overdue-8", 8), ("overdue-15", 15), ("overdue-22", 22), ("overdue-29", 29))
END = "end"


def stage_on(duty: Duty, day: date, ladder: tuple[int, ...] = LADDER) -> str | None:
    """The stage that is due; None: none.

    Issue 9 §2.2: "default 60, 30, 14, 7, 1 days before, the morning after, then weekly four times"; "A stage is due
    from its day until the next begins, the last for seven days".
    """
    if not duty.asks:
        return None
    begun = [(first, name) for first, name in days_of(duty, ladder) if first <= day]
    name = begun[-1][1] if begun else None
    if name is None or name == END:
        return None
    fits = name == "opened-again" or name.startswith("overdue") == (duty.status == "overdue")
    return name if fits else None


def days_of(duty: Duty, ladder: tuple[int, ...]) -> list[tuple[date, str]]:
    """The first day of each stage, in order.

    Design §9: "In a new spell *opened again* stands for all stages already begun; stages after the deadline count from
    the later of deadline and the spell's first day."
    """
    last = max(duty.deadline.day, duty.spell_day or duty.deadline.day)
    stages = [(duty.deadline.day - timedelta(days=each), f"before-{each}") for each in ladder]
    stages += [(last + timedelta(days=each), name) for name, each in WEEKLY]
    stages.append((last + timedelta(days=WEEKLY[-1][1] + 7), END))
    if duty.spell_day is not None:
        # a stage that begins on the spell's first day has begun
        stages = [(duty.spell_day, "opened-again"), *((day, name) for day, name in stages if day > duty.spell_day)]
    return sorted(stages, key=lambda each: each[0])

"""One benchmark's result, as it is printed, kept as JSON and put into docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter


@dataclass
class Goal:
    """One figure to reach. item: of the list in docs/performance.md; wanted, measured: as they are shown; reached: None
    when it was not measured at the size at which the goal is set; was: in November 2026, before the work on speed;
    limit: of one that is not reached, which measurement shows why, in sentences."""

    item: str
    what: str
    wanted: str
    measured: str
    reached: bool | None
    was: str = "–"
    limit: str = ""


@dataclass
class Ratio:
    """A figure that can be compared between runs. value: the larger the better; spread: half of the distance between
    least and most over the rounds, as a share of the value."""

    value: float
    spread: float


@dataclass
class Section:
    """name: of the benchmark; title, text: for the page; headers, rows: its table; notes: sentences below it; ratios:
    by name; points: what the plots are drawn from, by series: (label, value); counts: the run is large enough to judge
    goals."""

    name: str
    title: str
    text: str
    headers: list[str]
    counts: bool = True
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    ratios: dict[str, Ratio] = field(default_factory=dict)
    points: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    def row(self, *cells: str) -> None:
        """Add a line to the table; it is printed at once, since a run is long."""
        self.rows.append(list(cells))
        print("  ".join(f"{cell:>14}" if number else f"{cell:30}" for number, cell in enumerate(cells)), flush=True)

    def goal(
        self, item: str, what: str, wanted: str, measured: str, *, holds: bool, was: str = "–", limit: str = ""
    ) -> None:
        """Add a goal, and whether what was measured meets it; limit: what the page says if it does not, by default
        where it says more."""
        reached = holds if self.counts else None
        why = limit or f"What was measured beside it stands in “{self.title}”."
        self.goals.append(Goal(item, what, wanted, measured, reached, was, why if reached is False else ""))
        print(f"  goal {item} {what}: wanted {wanted}, measured {measured}: {verdict(reached)}", flush=True)

    def note(self, sentence: str) -> None:
        """Add a sentence below the table."""
        self.notes.append(sentence)
        print(f"  {sentence}", flush=True)

    def table(self) -> str:
        """The table in Markdown."""
        lines = [self.headers, ["---", *["---:"] * (len(self.headers) - 1)], *self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def write(self, path: Path) -> None:
        """As JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(TypeAdapter(Section).dump_json(self, indent=1) + b"\n")

    @classmethod
    def read(cls, path: Path) -> Section:
        """From JSON."""
        return TypeAdapter(cls).validate_json(path.read_bytes())


def verdict(reached: bool | None) -> str:
    """A word for the page."""
    return "not at this size" if reached is None else "reached" if reached else "**not reached**"


def number(value: float, digits: int = 0) -> str:
    """A number of a table."""
    return f"{value:,.{digits}f}"


def of_rounds(values: Sequence[float], digits: int = 0) -> str:
    """The median of several rounds with their least and most."""
    ordered = sorted(values)
    middle = ordered[len(ordered) // 2] if len(ordered) % 2 else sum(ordered[len(ordered) // 2 - 1 :][:2]) / 2
    if len(ordered) == 1:
        return number(middle, digits)
    return f"{number(middle, digits)} ({number(ordered[0], digits)}–{number(ordered[-1], digits)})"

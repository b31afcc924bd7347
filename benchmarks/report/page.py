"""docs/performance.md, made of the sections."""

from __future__ import annotations

from benchmarks.report.ratios import Kept
from benchmarks.report.section import Goal, Section, verdict

_HEAD = """# Performance

Made by `make bench` (`make bench-quick`: smaller and without this page; `make bench FULL=1`: larger). Compare ratios,
which are measured in one run; absolute figures are a note about one machine. A range is least to most over the rounds.

"""
_COMMANDS = """## Other benchmarks

Commands of their own, each with its measure in its docstring: `python -m benchmarks.store` (grouped commits), `.bus`
(the embedded bus beside a plain table), `.index` (the sweep of a region), `.rescore`, `.exports`, `.ledger`
(obligations), `.alerts` and `.reminders` (mails beside bare aiosmtplib), `.email`, `.imports`, `.package` and
`.moving_in` (an office's five years, seen by its curator).
"""
_PLOTS = {
    "throughput": "Submissions per second beside the peers, at saturation",
    "growth": "Processor time on an empty store over that on a full one",
}


def page(sections: list[Section], stood_on: str, kept: Kept, plots: list[str]) -> str:
    """The page. stood_on: commit and machine, a sentence; plots: those that were drawn."""
    parts = [_HEAD, f"{stood_on}\n\n", _goals(sections)]
    parts += [f"![{_PLOTS[name]}](performance/{name}.svg)\n\n" for name in plots]
    parts += [_of(section) for section in sections]
    parts.append(_ratios(kept))
    parts.append(_COMMANDS)
    return "".join(parts)


def _goals(sections: list[Section]) -> str:
    goals = sorted((goal for section in sections for goal in section.goals), key=lambda goal: int(goal.item))
    reached = sum(goal.reached is True for goal in goals)
    judged = sum(goal.reached is not None for goal in goals)
    lines = [f"## Goals\n\n{reached} of {judged} reached.\n\n", "| | what | was | wanted | measured | |\n"]
    lines.append("| --- | --- | ---: | ---: | ---: | --- |\n")
    lines += [
        f"| {it.item} | {it.what} | {it.was} | {it.wanted} | {it.measured} | {verdict(it.reached)} |\n" for it in goals
    ]
    return "".join(lines) + "\n" + _limits(goals)


def _limits(goals: list[Goal]) -> str:
    """What shows the limit of each goal that is not reached."""
    missed = [goal for goal in goals if goal.reached is False]
    if not missed:
        return ""
    lines = [f"- {it.item}, {it.what}: {it.measured} ({it.wanted}). {it.limit}\n" for it in missed]
    return "".join(["What shows the limit of those that are not reached:\n\n", *lines, "\n"])


def _of(section: Section) -> str:
    notes = "".join(f"- {note}\n" for note in section.notes)
    return f"## {section.title}\n\n{section.text}\n\n{section.table()}\n\n{notes}{chr(10) if notes else ''}"


def _ratios(kept: Kept) -> str:
    lines = ["## Ratios\n\nKept in `performance/ratios.json`; `python -m benchmarks --check` fails when one fell.\n\n"]
    lines.append("| ratio | last | spread | before |\n| --- | ---: | ---: | ---: |\n")
    for name, now in sorted(kept.last.ratios.items()):
        before = kept.before.ratios.get(name)
        lines.append(f"| {name} | {now.value:.3g} | {now.spread:.0%} | {f'{before.value:.3g}' if before else '–'} |\n")
    return "".join(lines) + "\n"

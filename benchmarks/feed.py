"""What it costs that other systems live on the feed, and how fast a newcomer has the whole present.

    python -m benchmarks.feed [--size tiny|quick|normal|full] [--out FILE]

100 long polls and 50 streams follow at once, from a process of their own, while submissions are measured as in
`embedded`: without followers and with them in turns. Then one account reads 36,742 subjects from the beginning.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.load.follow import Follow, Followed, following
from benchmarks.load.job import Post
from benchmarks.measures.present import filled_feed, read_present
from benchmarks.report.section import Ratio, Section, number, of_rounds
from benchmarks.report.size import Size, command
from benchmarks.system.data import EMPTY, NATION, filled, with_drafts
from benchmarks.system.drafts import REGION_CODE
from benchmarks.system.embedded import embedded, settings_of
from benchmarks.system.measuring import Measurement, Spread, System, measure
from shared.auth import keys
from shared.auth.policy import Role

POLLS, STREAMS, OF_ONE_ACCOUNT = 100, 50, 4
BUSY = 20.0
"""Submissions per second while everyone follows everything: 36,742 of a year within half an hour."""

_ELSEWHERE = "61.71"
"""A region in which nothing happens."""

_LEAST = 0.9
"""The share of rate and processor time that submissions keep."""


@dataclass
class Run:
    """One way to measure. rate: submissions per second, None: saturation; region: what is followed, None: nothing."""

    name: str
    rate: float | None = None
    region: str | None = None
    them: list[Measurement] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)


def feed_section(size: Size) -> Section:
    """Followers, then the present."""
    section = Section(
        "feed",
        "The feed: followers at once, and the whole present",
        f"`satu up` on SQLite. {POLLS} long polls and {STREAMS} streams, {OF_ONE_ACCOUNT} of each account, follow from "
        "a process of their own while prepared drafts are submitted; with and without them in turns. *Wait*: they "
        "follow a region in which nothing happens. *Everything*: all of them are given every event.",
        ["run", "per second", "ms each", "POST p50 ms", "POST p99 ms", "events handed out each", "MB"],
        size.counts,
    )
    with tempfile.TemporaryDirectory() as scratch:
        _followers(section, size, Path(scratch) / "data")
        _present(section, size, Path(scratch) / "present")
    return section


def _followers(section: Section, size: Size, folder: Path) -> None:
    runs = [
        Run("saturation, nobody follows"),
        Run("saturation, all wait", region=_ELSEWHERE),
        Run(f"{BUSY:.0f} per second, nobody follows", rate=BUSY),
        Run(f"{BUSY:.0f} per second, all follow everything", rate=BUSY, region=REGION_CODE),
    ]
    rounds = size.choose(tiny=1, quick=2, normal=3)
    asyncio.run(filled(folder, EMPTY))
    names = {"warm": size.choose(tiny=10, quick=100, normal=200)}
    for turn in range(rounds):
        for run in runs:
            saturated = size.choose(tiny=20, quick=400, normal=1000)
            names[f"{run.name} {turn}"] = size.choose(tiny=10, quick=60, normal=200) if run.rate else saturated
    posts = asyncio.run(with_drafts(folder, EMPTY, names))
    with embedded(folder) as system:
        measure(system, posts["warm"])
        for turn in range(rounds):
            for run in runs:
                _measure(run, system, folder, posts[f"{run.name} {turn}"], size)
        peak = system.at_rest()["embedded"].peak
    for run in runs:
        _row(section, run)
    _judge(section, *runs)
    section.note(f"With all of them the process took {peak:.0f} MB at most.")


def _measure(run: Run, system: System, folder: Path, posts: list[Post], size: Size) -> None:
    if run.region is None:
        run.them.append(measure(system, posts, rate=run.rate))
        return
    polls, streams = size.choose(tiny=(4, 2), quick=(POLLS, STREAMS), normal=(POLLS, STREAMS))
    accounts = -(-(polls + streams) // OF_ONE_ACCOUNT)
    tokens = tuple(_token(folder, f"{run.name} {number}", run.region) for number in range(accounts))
    with following(Follow(system.url, tokens, polls=polls, streams=streams, each=OF_ONE_ACCOUNT)) as followed:
        run.them.append(measure(system, posts, rate=run.rate))
    run.followed.append(followed)


def _token(folder: Path, account: str, region: str) -> str:
    subjects = ("innovation", "scorecard", "obligation")
    grant = keys.Grant(account, Role.SUBSCRIBER, region, subjects=subjects)
    return keys.issue(settings_of(folder).root, grant, timedelta(days=1))


def _row(section: Section, run: Run) -> None:
    them = run.them
    handed = [each.events / it.outcome.accepted for each, it in zip(run.followed, them, strict=False)]
    section.row(
        run.name,
        of_rounds([it.outcome.rate for it in them]),
        of_rounds([it.total for it in them], 2),
        *(of_rounds([it.post(share) for it in them]) for share in (0.5, 0.99)),
        of_rounds(handed) if handed else "–",
        number(max(it.peak["embedded"] for it in them)),
    )


def _judge(section: Section, alone: Run, waited: Run, calm: Run, busy: Run) -> None:
    by_rate = _share([it.outcome.rate for it in waited.them], [it.outcome.rate for it in alone.them])
    by_cpu = _share([it.total for it in alone.them], [it.total for it in waited.them])
    kept = _share([it.outcome.rate for it in busy.them], [it.outcome.rate for it in calm.them])
    for what, share in (
        ("rate at saturation, all wait", by_rate),
        ("processor time, all wait", by_cpu),
        (f"rate at {BUSY:.0f} per second, everything", kept),
    ):
        section.goal("7", f"share kept: {what}", f"≥ {_LEAST}", number(share.median, 2), holds=share.median >= _LEAST)
    section.ratios["submissions with waiting followers, processor time"] = Ratio(by_cpu.median, by_cpu.relative)
    events, accepted = sum(it.events for it in busy.followed), sum(it.outcome.accepted for it in busy.them)
    more = median([it.total for it in busy.them]) - median([it.total for it in calm.them])
    cost = more * accepted * 1000 / max(1, events)
    refused = sum(sum(it.refused.values()) for it in (*waited.followed, *busy.followed))
    closed = sum(it.closed for it in (*waited.followed, *busy.followed))
    answers = sum(it.answers for it in busy.followed)
    section.note(
        f"Handing one event to one follower costs {cost:.0f} µs of the process, a long poll's answer included "
        f"({events:,} events in all, {answers:,} answers of long polls). Streams that the feed closed: {closed}; "
        f"followers refused: {refused}."
    )


def _share(ones: list[float], others: list[float]) -> Spread:
    return Spread(tuple(one / other for one, other in zip(ones, others, strict=True)))


def _present(section: Section, size: Size, folder: Path) -> None:
    count = size.choose(tiny=60, quick=4000, normal=NATION)
    filling = asyncio.run(filled_feed(folder, count))
    if filling is not None:
        section.note(f"Placing {count:,} subjects through the feed's handler took {filling:.1f} s.")
    with embedded(folder) as system:
        before = system.at_rest()["embedded"]
        read = read_present(system.url, _token(folder, "newcomer", REGION_CODE))
        after = system.at_rest()["embedded"]
    assert read.subjects == count, f"{read.subjects} of {count} subjects were read"
    section.row(
        f"{count:,} subjects from the beginning",
        number(read.subjects / read.seconds),
        number((after.cpu - before.cpu) * 1000 / read.subjects, 3),
        *(number(each * 1000) for each in (read.median, read.slowest)),
        "1",
        number(after.peak),
    )
    section.goal("7", f"{count:,} subjects read", "≤ 30 s", f"{read.seconds:.1f} s", holds=read.seconds <= 30)
    section.goal(
        "7", "further MB for it", "≤ 50", number(after.peak - before.peak), holds=after.peak - before.peak <= 50
    )


if __name__ == "__main__":
    command(feed_section, __doc__)

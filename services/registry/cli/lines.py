"""The lines that the commands of continuation print. No names of persons."""

from __future__ import annotations

from collections.abc import Iterator

from services.registry.continuation.attention import concerns
from services.registry.continuation.commitment import Commitment
from services.registry.continuation.continuing import Circumstances
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.continuation.summary import ContinuationSummary
from services.registry.continuation.views import Attention
from services.registry.innovation.innovation import Innovation
from shared import indonesian


def innovation_lines(innovation: Innovation, at: Circumstances) -> Iterator[str]:
    """Where an innovation is, whether it is in use, what is asked next, and what to look at."""
    known = innovation.continuation
    yield f"innovation {innovation.id}: {innovation.status.value}"
    if known.moves:
        last = known.moves[-1]
        day = last.at.astimezone(at.now.tzinfo).date()
        yield f"stage: {last.pipeline}/{last.stage} since {indonesian.day(day)}, moved by {last.by}"
    if known.origin:
        yield f"origin: {known.origin.kind.value}"
    if known.use:
        yield f"use: {known.use.use.value}"
    if known.question:
        asked, until = indonesian.day(known.question.asked_on), indonesian.day(known.question.until)
        yield f"question {known.question.number}: asked {asked}, to be answered by {until}"
    counted = (
        ("answered or lapsed questions", len(known.follow_ups)),
        ("actors", len(known.actors)),
        ("rights", len(known.rights)),
    )
    yield ", ".join(f"{count} {name}" for name, count in counted)
    for each in concerns(innovation, at.rules, at.now):
        yield f"{each.concern.value}: {each.words}"


def summary_lines(summary: ContinuationSummary) -> Iterator[str]:
    """A line for each stage, with the kinds of who brought the innovations forth."""
    yield f"{summary.total} innovations, {summary.unplaced} at no stage; in use: {_counts(summary.uses)}"
    yield f"origins: {_counts(summary.origins)}"
    for pipeline in summary.pipelines:
        launched = f"; launched: {pipeline.launched}"
        yield (
            f"{pipeline.slug}{launched} ({_counts(pipeline.launched_by_source)})"
            if pipeline.launched
            else pipeline.slug
        )
        for stage in pipeline.stages:
            stuck = f", {stage.stuck} stuck" if stage.stuck else ""
            kinds = f" ({_counts(stage.by_source)})" if stage.count else ""
            yield f"  {stage.slug}: {stage.count}{stuck}{kinds}"


def attention_lines(found: list[Attention]) -> Iterator[str]:
    """A line for each concern."""
    for each in found:
        for concern in each.concerns:
            yield f"{each.innovation} {each.agency} {each.year} {concern.concern.value}: {concern.words}"


def commitment_lines(commitment: Commitment) -> Iterator[str]:
    """A commitment, and a line for each promise."""
    revoked = ", revoked" if commitment.revoked else ""
    paper = "with its paper" if commitment.file else "without a paper"
    day = indonesian.day(commitment.dated)
    yield f"{commitment.agency} {commitment.year}: {commitment.number}, {day}, {paper}{revoked}"
    for each in commitment.promises:
        yield f"  {each.outcome.value}: {each.name}{f' ({each.innovation})' if each.innovation else ''}"


def idea_line(idea: Idea) -> str:
    """One idea."""
    day = indonesian.day(idea.received_at.date())
    return f"{idea.id} {idea.status.value}{f' {idea.agency}' if idea.agency else ''}, {day}: {idea.title}"


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.items()) or "none"

"""The lines that the commands of continuation print. No names of persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from services.registry.continuation.attention import Remarked, concerns
from services.registry.continuation.commitment import Commitment, Promise
from services.registry.continuation.continuing import Circumstances
from services.registry.continuation.follow_up import Figure
from services.registry.continuation.origin import InnovationOrigin
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.continuation.summary import ContinuationSummary
from services.registry.continuation.views import Attention
from services.registry.innovation.innovation import Innovation
from services.registry.regions.region import Region
from shared import indonesian
from shared.contracts.vocabulary import InnovationStatus

NOBODY: Mapping[str, InnovationStatus] = {}


def innovation_lines(innovation: Innovation, at: Circumstances) -> Iterator[str]:
    """Where an innovation is and was, whether it is in use, what is asked next, and what to look at."""
    known = innovation.continuation
    yield f"innovation {innovation.id}: {innovation.status.value}"
    for label, move in zip(("stage", *["before"] * len(known.moves)), reversed(known.moves), strict=False):
        day = move.at.astimezone(at.now.tzinfo).date()
        yield f"{label}: {move.pipeline}/{move.stage} since {indonesian.day(day)}, moved by {move.by}"
    if known.origin:
        yield f"origin: {_origin(known.origin)}"
    if known.use:
        since = indonesian.day(known.use.since.astimezone(at.now.tzinfo).date())
        yield f"use: {known.use.use.value} since {since}"
    if known.question:
        asked, until = indonesian.day(known.question.asked_on), indonesian.day(known.question.until)
        files = f", {len(known.question.files)} files" if known.question.files else ""
        yield f"question {known.question.number}: asked {asked}, to be answered by {until}{files}"
    for each in known.follow_ups:
        figures = each.answer.figures if each.answer else ()
        said = [each.answer.use.value if each.answer else "not answered", *map(_figure, figures)]
        asked = indonesian.day(each.asked_on)
        yield f"question {each.number}: asked {asked}, {', '.join(said)}, {len(each.files)} files"
    if known.actors:
        counted = Counter(each.kind.value for each in known.actors)
        yield f"actors: {len(counted)} kinds ({_counts(dict(sorted(counted.items())))})"
    for right in known.rights:
        ends = f"until {indonesian.day(right.ends_on)}" if right.ends_on else "end not known"
        yield f"right: {right.kind.value} {right.number}, {ends}"
    yield from (concern_line(each) for each in concerns(innovation, at.rules, at.now))


def concern_line(remarked: Remarked) -> str:
    """A concern, with the day on which it began."""
    since = f", since {indonesian.day(remarked.since)}" if remarked.since else ""
    return f"{remarked.concern.value}: {remarked.words}{since}"


def summary_lines(summary: ContinuationSummary) -> Iterator[str]:
    """A line for each stage, with the kinds of who brought the innovations forth."""
    yield f"{summary.total} innovations, {summary.unplaced} at no stage; in use: {_counts(summary.uses)}"
    yield f"origins: {_counts(summary.origins)}; actors: {_counts(summary.actors)}"
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
            name = f" [{each.name}]" if each.name else ""
            yield f"{each.innovation} {each.agency} {each.year} {concern_line(concern)}{name}"


def commitment_lines(commitment: Commitment, statuses: Mapping[str, InnovationStatus] = NOBODY) -> Iterator[str]:
    """A commitment, and a line for each promise. statuses: of the innovations that came of it."""
    revoked = ", revoked" if commitment.revoked else ""
    paper = "with its paper" if commitment.file else "without a paper"
    day = indonesian.day(commitment.dated)
    yield f"{commitment.agency} {commitment.year}: {commitment.number}, {day}, {paper}{revoked}"
    for each in commitment.promises:
        yield f"  {each.outcome.value}: {each.name}{_became(each, statuses)}"


def idea_line(idea: Idea, region: Region) -> str:
    """One idea, with the local day of its region."""
    day = indonesian.day(region.local(idea.received_at).date())
    return f"{idea.id} {idea.status.value}{f' {idea.agency}' if idea.agency else ''}, {day}: {idea.title}"


def _figure(figure: Figure) -> str:
    return f"{figure.label} {indonesian.number(figure.value)} {figure.unit or ''}".rstrip()


def _became(promise: Promise, statuses: Mapping[str, InnovationStatus]) -> str:
    if promise.innovation is not None:
        status = statuses.get(promise.innovation)
        return f" ({promise.innovation}{f', {status.value}' if status else ''})"
    return f" ({promise.dropped})" if promise.dropped is not None else ""


def _origin(origin: InnovationOrigin) -> str:
    if origin.fostering_agency is not None:
        idea = f", idea {origin.idea}" if origin.idea else ""
        return f"{origin.kind.value}, fostered by {origin.fostering_agency}{idea}"
    if origin.training is not None:
        return f"{origin.kind.value} {origin.training.value}, {_decided(origin)}"
    if origin.replicated is not None:
        return f"{origin.kind.value} of {origin.replicated.name}, {origin.replicated.region_name}"
    return origin.kind.value


def _decided(origin: InnovationOrigin) -> str:
    if origin.decision is None or origin.decided_on is None:
        return "undecided"
    return f"{origin.decision.value} since {indonesian.day(origin.decided_on)}"


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.items()) or "none"

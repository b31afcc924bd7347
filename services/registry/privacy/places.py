"""Where documents of the registry name persons. None of these places is in an event.

What events carry is not here: an innovation's name, promised innovations, the names of agencies.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.registry.continuation.commitment import Commitment
from services.registry.continuation.mentor import Mentor
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.imports.document import TableImport
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import COMMITMENT, IDEA, IMPORT, IMPORT_REPORT, INNOVATION, MENTOR
from shared.storage.erasures.named import Places
from shared.tables.reports import ReportPage

_CONTENTS = ("", "handed_in.")  # the present content, and the last submission of a returned innovation

PLACES: Mapping[str, Places] = {
    INNOVATION.name: Places(
        Innovation,
        names=(
            *(f"{content}profile.initiator_name" for content in _CONTENTS),
            "continuation.sustainability.team.*.name",
            "continuation.sustainability.successor",
            "continuation.actors.*.name",
            "continuation.rights.*.holder",
        ),
        texts=(
            *(
                f"{content}{place}"
                for content in _CONTENTS
                for place in (
                    "profile.design",
                    "profile.purpose",
                    "profile.benefit",
                    "profile.outcome",
                    "evidence.*.subject",
                    "evidence.*.files.*.subject",
                    "evidence.*.files.*.name",
                )
            ),
            "documents.*.name",
            "comments.*",
            "history.*.reason",
            "withdrawal.reason",
            "redactions.*.reason",
            "continuation.moves.*.note",
            "continuation.origin.reason",
            "continuation.use.reason",
            "continuation.question.files.*.name",
            "continuation.follow_ups.*.answer.reason",
            "continuation.follow_ups.*.answer.note",
            "continuation.follow_ups.*.answer.figures.*.label",
            "continuation.follow_ups.*.files.*.name",
            "continuation.sustainability.team.*.part",
            "continuation.sustainability.financing",
            "continuation.actors.*.part",
        ),
    ),
    MENTOR.name: Places(Mentor, names=("name",), agency=""),
    COMMITMENT.name: Places(Commitment, texts=("promises.*.dropped", "file.name", "redactions.*.reason")),
    IDEA.name: Places(Idea, texts=("title", "text", "reason")),
    IMPORT.name: Places(TableImport, texts=("name", "redactions.*.reason")),
    IMPORT_REPORT.name: Places(
        ReportPage, texts=("findings.*.value", "findings.*.reason"), owner=IMPORT.name, by="run"
    ),
}
"""Kind → where it names persons."""

WHAT: Mapping[str, str] = {
    INNOVATION.name: "inovasi",
    MENTOR.name: "mentor perangkat daerah",
    COMMITMENT.name: "perjanjian inovasi",
    IDEA.name: "gagasan publik",
    IMPORT.name: "impor",
    IMPORT_REPORT.name: "laporan impor",
}
"""Kind → how it is called."""

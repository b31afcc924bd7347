"""The kinds of documents of the read model. All are made of events: none is in a backup."""

from __future__ import annotations

from shared.ports.store import Index, Kind

KNOWN_REGION = Kind("known_region")
"""Id: the region's code; state ``{heard, region}``. See `states/region.py`."""

KNOWN_AGENCY = Kind("known_agency", indexes=(Index(("region", "sort_name")), Index(("kind",))))
"""Id: the agency's; state ``{region, kind, sort_name, heard, agency}``. See `states/agency.py`."""

INNOVATION = Kind(
    "innovation",
    indexes=(
        Index(("agency", "year")),
        Index(("region", "status", "since")),
        Index(("region", "since", "year")),
        Index(("region", "pipeline", "pipeline_stage", "stage_since", "use")),
        Index(("asks_withdrawal",)),
    ),
)
"""Id: the innovation's; the newest of it and of its scorecard. See `states/innovation.py`."""

CATALOGUE = Kind(
    "catalogue",
    indexes=(
        Index(("region", "year", "place")),
        Index(("year", "place")),
        Index(("region", "since")),
        Index(("since",)),
        Index(("region", "sort_name")),
        Index(("sort_name",)),
        Index(("agency", "since")),
        Index(("region", "main_affair", "form", "nature", "stage")),
    ),
)
"""Id: the innovation's, of those that are or were verified. See `states/catalogue.py`."""

WORD = Kind(
    "word",
    indexes=(
        Index(("word",)),
        Index(("region", "word")),
        Index(("innovation", "year", "agency", "stage", "form", "nature", "main_affair")),
    ),
)
"""Id: `<innovation>/<word>`, of those that are or were verified. See `states/word.py`."""

BOARD = Kind(
    "board",
    indexes=(
        Index(("region", "year", "sort_name")),
        Index(("region", "year", "urgency", "sort_name")),
        Index(("region", "year", "kind", "sort_name")),
        Index(("agency", "year")),
        Index(("due", "year")),
    ),
)
"""Id: `<agency>/<year>`: the duty, and the innovations counted. See `states/board.py`."""

SUMMARY = Kind("summary", indexes=(Index(("region", "year")), Index(("year",))))
"""Id: `<region>/<year>`: the index, and the sums over the board. See `states/summary.py`."""

MESSAGE = Kind("message", indexes=(Index(("agency", "settled")), Index(("region", "settled"))))
"""Id: `<person>/<number>/<agency>`. See `states/message.py`."""

MODEL_MARK = Kind("model_mark")
"""Id `mark`: whether the read model has every subject. See `upkeep/mark.py`."""

KINDS = (KNOWN_REGION, KNOWN_AGENCY, INNOVATION, CATALOGUE, WORD, BOARD, SUMMARY, MESSAGE, MODEL_MARK)

FILLED = tuple(each for each in KINDS if each is not MODEL_MARK)
"""The kinds that a reset empties."""

REBUILT = tuple(each.name for each in KINDS)
"""Kinds that are not in a backup: a resync of the owners brings them back."""

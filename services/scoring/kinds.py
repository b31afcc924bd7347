"""The kinds of documents that scoring stores."""

from __future__ import annotations

from services.scoring import audit, upcasts
from shared.ports.audit import AUDIT_KINDS
from shared.ports.store import Index, Kind

SCORECARD = Kind(
    "scorecard",
    indexes=(
        Index(("stand", "catalogue", "region")),
        Index(("status", "region", "year")),
        Index(("region", "year")),
        Index(("agency", "year")),
        Index(("year",)),
    ),
)
"""Id: the innovation's. See `scorecard/document.py`."""

KNOWN_REGION = Kind("known_region")
"""Id: the region's code. The newest copy. See `known.py`."""

KNOWN_AGENCY = Kind("known_agency", indexes=(Index(("region",)),))
"""Id: the agency's. The newest copy. See `known.py`."""

CATALOGUE_DIGEST = Kind("catalogue_digest")
"""Id: a catalogue's name; the digest under which it first scored. See `catalogue/library.py`."""

COMPETITION = Kind(
    "competition",
    schema=2,
    indexes=(Index(("region", "year")), Index(("year",))),
    upcasts={1: upcasts.competition_from_1},
    audit=audit.COMPETITION,
)
"""Id: opaque; state ``{region, year, created_by_body, terms, marks, by}``. See `ranking/store.py`."""

FREEZE = Kind(
    "freeze",
    indexes=(
        Index(("region", "series", "number")),
        Index(("region", "year")),
        Index(("year",)),
        Index(("competition",)),
        Index(("created_by",)),
    ),
    audit=audit.FREEZE,
)
"""Id `<region>/<series>/<number>`; written once. See `ranking/freeze.py`."""

RANKING_VERSION = Kind("ranking_version")
"""Id: a region's code, or `nation`; with `/claimed` for forecasts. See `ranking/version.py`."""

SPD = Kind("spd", indexes=(Index(("region", "year")),), audit=audit.SPD)
"""Id `<region>/<year>`. See `index/spd_document.py`."""

REGION_INDEX = Kind("region_index", indexes=(Index(("region", "year")), Index(("year",))))
"""Id `<region>/<year>`. See `index/document.py`."""

REGION_MARK = Kind("region_mark", indexes=(Index(("freshness",)), Index(("swept",))))
"""Id: the region's code. See `index/marks.py`."""

RESCORE = Kind(
    "rescore",
    indexes=(Index(("status",)), Index(("region", "year")), Index(("region", "begun")), Index(("begun",))),
    audit=audit.RESCORE,
)
"""Id: the scope of a request by command, opaque for one over HTTP. See `rescore/document.py`."""

OFFICIAL = Kind("official", indexes=(Index(("region", "year")),), audit=audit.OFFICIAL)
"""Id `<region>/<year>`: what the ministry gave. See `official/results.py`."""

AWARD = Kind(
    "award",
    indexes=(
        Index(("region", "removed", "year")),
        Index(("region", "removed", "agency")),
        Index(("region", "removed", "kind")),
        Index(("region", "removed", "giver")),
    ),
    audit=audit.AWARD,
)
"""Id: opaque. See `official/award.py`."""

AWARD_IMPORT = Kind("award_import", indexes=(Index(("status",)),))
"""Tables of awards that are being imported, or were. See `official/award_import.py`."""

KINDS = (
    SCORECARD,
    KNOWN_REGION,
    KNOWN_AGENCY,
    CATALOGUE_DIGEST,
    COMPETITION,
    FREEZE,
    RANKING_VERSION,
    SPD,
    REGION_INDEX,
    REGION_MARK,
    RESCORE,
    OFFICIAL,
    AWARD,
    AWARD_IMPORT,
    *AUDIT_KINDS,
)

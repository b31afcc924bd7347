"""The groups, and what is recorded of each in a few words."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.answered.continuation import Continuation
from services.portal.continuation import words
from services.portal.continuation.actors import ACTORS
from services.portal.continuation.group import Group, Row
from services.portal.continuation.origin import ORIGIN
from services.portal.continuation.rights import RIGHTS
from services.portal.continuation.sustainability import SUSTAINABILITY
from services.portal.pages.formats import day
from services.portal.pages.language import _
from shared.contracts.vocabulary import InnovationStatus

GROUPS: Mapping[str, Group] = {each.slug: each for each in (ORIGIN, ACTORS, SUSTAINABILITY, RIGHTS)}
"""By slug, in the order in which they are listed."""


def can_change(known: Continuation) -> bool:
    """Whether the registry takes a change."""
    return known.status is not InnovationStatus.WITHDRAWN


def recorded(known: Continuation, home: str) -> list[Row]:
    """The groups with what is recorded, for a summary list. home: the address above the groups' pages."""
    told = {
        ORIGIN.slug: words.word(words.ORIGINS, known.origin.kind) if known.origin else "",
        ACTORS.slug: _actors(known),
        SUSTAINABILITY.slug: _sustainability(known),
        RIGHTS.slug: "; ".join(_right(known)),
    }
    return [
        {
            "key": _(each.title),
            "value": told[slug] or _("Belum diisi"),
            "href": f"{home}/{slug}" if can_change(known) else "",
        }
        for slug, each in GROUPS.items()
    ]


def _actors(known: Continuation) -> str:
    kinds = len({each.kind for each in known.actors})
    count = {"count": len(known.actors), "kinds": kinds}
    return _("%(count)s lembaga dari %(kinds)s unsur") % count if known.actors else ""


def _sustainability(known: Continuation) -> str:
    named = known.sustainability
    if named is None:
        return ""
    has = (
        (_("tim %(count)s orang") % {"count": len(named.team)}, bool(named.team)),
        (_("surat keputusan"), named.decree is not None),
        (_("SOP"), named.sop is not None),
        (_("pembiayaan"), named.financing is not None),
        (_("penerus"), named.successor is not None),
    )
    text = ", ".join(word for word, is_there in has if is_there)
    return text[:1].upper() + text[1:]


def _right(known: Continuation) -> list[str]:
    return [
        _("%(kind)s, dilindungi sampai %(day)s")
        % {"kind": words.word(words.RIGHTS, each.kind), "day": day(each.protected_until)}
        if each.protected_until
        else words.word(words.RIGHTS, each.kind)
        for each in known.rights
    ]

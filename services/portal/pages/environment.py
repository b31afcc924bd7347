"""The templates: Jinja with escaping, no undefined names, and gettext in the language of the request."""

from __future__ import annotations

import uuid
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.portal.pages import formats
from services.portal.pages.language import _, ngettext

FOLDER = Path(__file__).parents[1] / "templates"


def environment(folder: Path = FOLDER) -> Environment:
    """The environment of all templates. In a message a per cent sign is written twice: `_("50 %%")`."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]  # pylint: disable=no-member
    made.globals["new_key"] = _new_key
    made.filters |= {
        "day": formats.day,
        "moment": formats.moment,
        "hour": formats.hour,
        "number": formats.number,
        "iso": formats.iso,
        "zone": formats.zone_name,
    }
    return made


def _new_key() -> str:
    """For the form of a creation: the same form sent twice creates one thing."""
    return str(uuid.uuid4())

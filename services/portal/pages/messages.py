"""Brings the catalogues up to date with the messages of code and templates: `make locale`.

A catalogue belongs to a package of the portal (of `curator` to each of its parts), so that those who work on different
pages do not meet in one file. Translations are kept; messages that are gone are removed.
"""

from __future__ import annotations

import io
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from services.portal.pages.language import DEFAULT, LOCALE, NAMES, catalogues, is_translated, read

PORTAL = Path(__file__).parents[1]
SHARED = "pages"  # the catalogue of the frame, of the parts, and of modules that are in no package
_KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
_DIVIDED = {"curator"}

Message = str | tuple[str, ...]
"""A message id; with a plural: both."""


def messages() -> dict[str, set[Message]]:
    """Catalogue → the messages that code and templates have now."""
    found: dict[str, set[Message]] = defaultdict(set)
    for file in sorted(PORTAL.rglob("*.py")):
        found[owner(file.relative_to(PORTAL))].update(_of_code(file))
    for file in sorted((PORTAL / "templates").rglob("*.html")):
        found[owner(file.relative_to(PORTAL / "templates"))].update(_of_template(file))
    return {name: ids for name, ids in found.items() if ids}


def owner(path: Path) -> str:
    """The catalogue of a file."""
    folders = path.parts[:-1]
    if not folders or folders[0] in {"parts", SHARED}:
        return SHARED
    return "_".join(folders[:2]) if folders[0] in _DIVIDED else folders[0]


def updated(language: str) -> dict[Path, bytes]:
    """The catalogues of a language as they must be: file → content."""
    known = {
        (each.id, each.context): each
        for file in catalogues(language)
        for each in read(file)
        if each.id and is_translated(each)
    }
    made: dict[Path, bytes] = {}
    for name, ids in messages().items():
        catalog = Catalog(locale=language, domain=name, fuzzy=False)
        for id in ids:
            translated = known.get((id, None))
            catalog.add(id, translated.string if translated else None)
        made[LOCALE / language / f"{name}.po"] = _written(catalog)
    return made


def main() -> None:
    """Write them, and print how many messages lack a translation."""
    for language in NAMES:
        if language == DEFAULT:
            continue
        wanted = updated(language)
        for stale in set(catalogues(language)) - wanted.keys():
            stale.unlink()
        for file, content in wanted.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            open_ = [each.id for each in read(file) if each.id and not is_translated(each)]
            sys.stdout.write(f"{file.relative_to(PORTAL)}: {len(open_)} without a translation\n")


def _of_code(file: Path) -> Iterator[Message]:
    with file.open("rb") as opened:
        for _, id, _, _ in extract("python", opened, _KEYWORDS):
            yield id if isinstance(id, str) else tuple(id)


def _of_template(file: Path) -> Iterator[Message]:
    with file.open("rb") as opened:
        for _, _, id, _ in babel_extract(opened, list(_KEYWORDS), (), _OPTIONS):
            parts = [each for each in ([id] if isinstance(id, str) else id or ()) if isinstance(each, str)]
            if parts:  # none: the message is in a variable
                yield parts[0] if len(parts) == 1 else tuple(parts)


def _written(catalog: Catalog) -> bytes:
    into = io.BytesIO()
    write_po(into, catalog, width=118, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return into.getvalue()


if __name__ == "__main__":
    main()

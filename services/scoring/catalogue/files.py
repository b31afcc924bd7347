"""Reads the files of a catalogue folder. All errors are reported as flaws that name file, row and reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

from services.scoring.catalogue.catalogue import Catalogue
from shared.faults import Flaw, Invalid

LARGEST = 2 * 1024 * 1024  # bytes
SHIPPED = Path(__file__).parents[1] / "catalogues"
"""The folder of the catalogues that are shipped with the system."""
CONSTANTS = "constants.yaml"
"""The file with the constants of years that have no catalogue."""
BANDS = "maturity_bands.yaml"
"""The file with the regions' own words for a maturity."""


DEEPEST = 32  # levels of nesting


def read_catalogue(file: Path) -> Catalogue:
    """The catalogue of a file. Raises Invalid with every flaw that could be found at once; a flaw's field is
    ``<file>: row <number>: <place>`` (or without the row)."""
    catalogue = parse_catalogue(read_bytes(file), file.name)
    if file.stem != catalogue.name:
        message = f"its year and revision make it {catalogue.name}: name the file {catalogue.name}{file.suffix}"
        raise Invalid([Flaw(file.name, "name", message)])
    return catalogue


def parse_catalogue(text: bytes, name: str) -> Catalogue:
    """Parse a catalogue from a file's bytes; name: the file's name in flaws. Raises Invalid."""
    raw = plain(text, name)
    try:
        catalogue = Catalogue.model_validate(raw)
    except ValidationError as error:
        raise Invalid([_flaw(name, raw, each) for each in error.errors(include_url=False)]) from error
    flaws = [
        Flaw(_field(name, row, place), place.partition(".")[0], sentence) for row, place, sentence in catalogue.flaws()
    ]
    if flaws:
        raise Invalid(flaws)
    return catalogue


def catalogue_files(folders: Iterable[Path]) -> Iterator[Path]:
    """Every catalogue file of the folders, in the order of their names; a missing folder has none."""
    for folder in folders:
        yield from sorted(
            file
            for file in folder.glob("*.y*ml")
            if file.suffix in {".yaml", ".yml"} and file.name not in {CONSTANTS, BANDS}
        )


def read_bytes(file: Path) -> bytes:
    """A file's bytes, at most LARGEST + 1. Raises Invalid."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise Invalid([Flaw(file.name, "unreadable", f"cannot be read: {error.strerror}")]) from error


def plain(text: bytes, name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Parse YAML into plain values; name: the file's name in flaws. Raises Invalid."""
    if len(text) > LARGEST:
        raise Invalid([Flaw(name, "too-large", f"larger than {LARGEST} bytes")])
    try:
        return yaml.load(text.decode("utf-8-sig"), Loader=CatalogueLoader)  # noqa: S506 - a SafeLoader, made stricter
    except UnicodeDecodeError as error:
        raise Invalid([Flaw(name, "encoding", f"not UTF-8 at byte {error.start}")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise Invalid([Flaw(name, "yaml", f"{error.problem or 'not YAML'}{where}")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Invalid([Flaw(name, "yaml", str(error).splitlines()[0])]) from error


def _flaw(name: str, raw: Any, error: Any) -> Flaw:  # noqa: ANN401 - pydantic's ErrorDetails
    place = [str(part) for part in error["loc"]]
    row = ""
    if len(place) > 1 and place[0] in {"innovation", "region"} and place[1].isdigit():
        row = _number(raw, place[0], int(place[1]))
        place = place[2:]
    message = error["msg"].removeprefix("Value error, ")
    return Flaw(_field(name, row, ".".join(place)), error["type"].replace("_", "-"), message)


def _number(raw: Any, aspect: str, index: int) -> str:  # noqa: ANN401 - whatever the file holds
    """The name of the `index`-th row in flaws: its number, or its place when it has none."""
    try:
        number = raw[aspect][index]["number"]
    except (KeyError, IndexError, TypeError):
        number = None
    return str(number) if isinstance(number, int | str) else f"#{index + 1} of {aspect}"


def _field(name: str, row: str, place: str) -> str:
    return ": ".join(part for part in (name, f"row {row}" if row else "", place) if part)


def _mark(event: yaml.Event) -> yaml.error.Mark | None:
    mark = event.start_mark
    return mark if isinstance(mark, yaml.error.Mark) else None


class CatalogueLoader(yaml.SafeLoader):
    """A stricter SafeLoader: exact decimals, no anchors, no tags, no repeated keys, limited depth."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own protocol
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases, tags, and nodes that are nested too deeply."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            raise ComposerError(None, None, "anchors and aliases are not allowed", _mark(event))
        if getattr(event, "tag", None) is not None:
            raise ComposerError(None, None, "tags are not allowed", _mark(event))
        if self.depth >= DEEPEST:
            raise ComposerError(None, None, f"nested deeper than {DEEPEST} levels", _mark(event))
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT002 - PyYAML's
        """Refuse repeated keys."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConstructorError(None, None, "a key must be a plain word", key_node.start_mark)
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise ConstructorError(None, None, f"the key {key!r} is there twice", key_node.start_mark)
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def _decimal(loader: CatalogueLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


def _whole(loader: CatalogueLoader, node: yaml.ScalarNode) -> int:
    return int(str(loader.construct_scalar(node)))


CatalogueLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
CatalogueLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
CatalogueLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789")
)
CatalogueLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,12}$"), list("-0123456789")
)
CatalogueLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
CatalogueLoader.add_constructor("tag:yaml.org,2002:int", _whole)

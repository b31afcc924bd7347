"""The base of all models of a catalogue file: frozen, no unknown keys, exact numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema


class Model(BaseModel):
    """Frozen; an unknown key is an error, so that a misspelt key is reported."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _exact(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("a number is needed")  # noqa: TRY004 - pydantic turns ValueError into a flaw
    return Decimal(value)


def _label(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema({"type": "number"})]
"""An exact decimal: made only from whole numbers and decimals, never from binary fractions or text."""

_LABEL = r"^[0-9]{1,3}[a-z]?$"
Label = Annotated[
    str,
    BeforeValidator(_label),
    Field(pattern=_LABEL),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": _LABEL}]}),
]
"""A row's number in the joint list (`16`, `2a`); a bare number is read as its digits."""

Text = Annotated[str, Field(min_length=1, max_length=2000)]

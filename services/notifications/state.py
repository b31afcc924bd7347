"""What the models of this service's stored documents have in common. No I/O, so that pure modules may import it."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer

M = TypeVar("M", bound=BaseModel)

Bit = Annotated[bool, PlainSerializer(int, return_type=int)]
"""A yes or no that is stored as 1 or 0. Indexed fields keep that form: in MongoDB, `true` does not find 1."""


class DocumentState(BaseModel):
    """The state of a stored document, or a part of one. Where an attribute has another name than the stored field, the
    alias is the stored field."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )


def replaced(model: M, **fields: object) -> M:
    """A copy with other values of these fields; the values are not validated. Raises TypeError for an unknown field."""
    known = type(model).model_fields.keys()
    if not fields.keys() <= known:
        unknown = fields.keys() - known
        raise TypeError(f"{type(model).__name__} has no field {', '.join(sorted(unknown))}")
    return model.model_copy(update=fields)

"""What the models of this service's stored documents have in common. No I/O, so that pure modules may import it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer

from shared.storage.models import replaced

__all__ = ["Bit", "DocumentState", "replaced"]

Bit = Annotated[bool, PlainSerializer(int, return_type=int)]
"""A yes or no that is stored as 1 or 0. Indexed fields keep that form: in MongoDB, `true` does not find 1."""


class DocumentState(BaseModel):
    """The state of a stored document, or a part of one. Where an attribute has another name than the stored field, the
    alias is the stored field."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

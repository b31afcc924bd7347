"""Random payloads of any contract, by the types and bounds of its fields."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from annotated_types import Ge, Le
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    NoneType: st.none(),
    date: st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    datetime: st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone comes with it
    time: st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    Decimal: st.decimals(-(10**9), 10**9, places=4),
}


def payloads(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Values of the model with random fields."""
    return st.builds(model, **{name: _of_field(field) for name, field in model.model_fields.items()})


def _of_field(field: FieldInfo) -> st.SearchStrategy[Any]:
    least = max((int(str(each.ge)) for each in field.metadata if isinstance(each, Ge)), default=-(2**53))
    most = min((int(str(each.le)) for each in field.metadata if isinstance(each, Le)), default=2**53)
    return _of_type(field.annotation, st.integers(least, most))


def _of_type(wanted: Any, integers: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any annotation
    plain = {**_PLAIN, int: integers}
    if wanted in plain:
        return plain[wanted]
    if parts := get_args(wanted):
        return _of_parts(wanted, parts, integers)
    if issubclass(wanted, Enum):
        return st.sampled_from(list(wanted))
    if issubclass(wanted, BaseModel):
        return payloads(wanted)
    raise TypeError(f"no way to draw {wanted}")


def _of_parts(wanted: Any, parts: tuple[Any, ...], integers: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:  # noqa: ANN401 - as above
    whole = get_origin(wanted)
    if whole in (Union, UnionType):
        return st.one_of(*(_of_type(part, integers) for part in parts))
    if whole is tuple:
        return st.lists(_of_type(parts[0], integers), max_size=3).map(tuple)
    if whole is dict:
        keys, values = (_of_type(part, integers) for part in parts)
        return st.dictionaries(keys, values, max_size=3)
    return _of_type(parts[0], integers)  # Annotated

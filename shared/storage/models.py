"""Makes models of values that are known to be right, without validating them. No I/O, so that pure modules may import
it."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)

_set = object.__setattr__  # past what makes models frozen


def replaced(model: M, **fields: object) -> M:
    """A copy with other values of these fields; the values are not validated. Raises TypeError for an unknown field.

    It is what `model_copy` makes, in a third of the time: a message that is sent takes several."""
    cls = type(model)
    if not fields.keys() <= cls.__pydantic_fields__.keys():
        unknown = fields.keys() - cls.__pydantic_fields__.keys()
        raise TypeError(f"{cls.__name__} has no field {', '.join(sorted(unknown))}")
    if model.__pydantic_extra__ is not None or getattr(model, "__pydantic_private__", None) is not None:
        return model.model_copy(update=fields)
    return _made(cls, {**model.__dict__, **fields}, model.__pydantic_fields_set__.union(fields))


def assembled(cls: type[M], **fields: object) -> M:
    """A model of values of these types, which another model has validated. Every field is to be given, defaults too.
    Raises TypeError unless these are the fields. For models without private attributes and further fields."""
    if fields.keys() != cls.__pydantic_fields__.keys():
        wrong = fields.keys() ^ cls.__pydantic_fields__.keys()
        raise TypeError(f"{cls.__name__} has other fields: {', '.join(sorted(wrong))}")
    return _made(cls, fields, set(fields))


def _made(cls: type[M], values: dict[str, object], given: set[str]) -> M:
    made = cls.__new__(cls)
    _set(made, "__dict__", values)
    _set(made, "__pydantic_fields_set__", given)
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made

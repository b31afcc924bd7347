"""Which writes of a bulk travel as one update of many documents."""

from __future__ import annotations

from pymongo import InsertOne, UpdateMany, UpdateOne

from shared.adapters.mongo.together import apart, together
from shared.adapters.mongo.write import Certain, Saving, Write


def saving(id: str, known: int) -> Saving:
    return Saving(id, known, known + 1, {"schema": 1, "state": {}}, None)


def shape(writes: list[Write]) -> list[tuple[type, list[int]]]:
    return [(type(step.operation), list(step.places)) for step in together(writes)]


def test_only_compare_and_sets_travel_together() -> None:
    put = Certain("p", UpdateOne({"_id": "p"}, {"$set": {"n": 1}}, upsert=True))
    writes = [saving("a", 1), saving("new", 0), put, saving("b", 2), saving("c", 3)]

    assert shape(writes) == [(InsertOne, [1]), (UpdateOne, [2]), (UpdateMany, [0, 3, 4])]
    assert [step.operation for step in apart(writes)] == [each.operation for each in writes]


def test_one_alone_is_an_update_of_one() -> None:
    one = saving("a", 1)

    assert [step.operation for step in together([one, saving("new", 0)])][1] is one.operation


def test_two_of_one_document_are_not_in_one_update() -> None:
    assert shape([saving("a", 1), saving("b", 1), saving("a", 2)]) == [(UpdateOne, [2]), (UpdateMany, [0, 1])]


def test_one_update_has_at_most_32() -> None:
    assert [len(step.places) for step in together([saving(f"{n}", 1) for n in range(65)])] == [32, 32, 1]

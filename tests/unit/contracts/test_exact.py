from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts.contract import Exact

EXACT: TypeAdapter[Decimal] = TypeAdapter(Exact)


@pytest.mark.parametrize("seed", range(3))
def test_a_number_becomes_the_decimal_that_it_is_written_as(seed: int) -> None:
    numbers = random.Random(seed)
    for _ in range(500):
        number = numbers.choice([numbers.randint(-(10**14), 10**14), round(numbers.uniform(-400, 400), 4), 35.0, 0.1])

        assert EXACT.validate_json(json.dumps(number)) == Decimal(str(number))
        assert EXACT.validate_python(number) == Decimal(str(number))
        assert json.loads(EXACT.dump_json(Decimal(str(number)))) == number


@pytest.mark.parametrize("number", [float("nan"), float("inf"), "x", None, []])
def test_what_is_no_finite_number_is_refused(number: object) -> None:
    with pytest.raises(ValidationError):
        EXACT.validate_python(number)

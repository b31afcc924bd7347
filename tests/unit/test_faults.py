from __future__ import annotations

from shared.faults import MOST_FLAWS, Flaw, Flaws, Invalid


def flaw(number: int) -> Flaw:
    return Flaw(f"rows.{number}", "odd", "ganjil")


def test_the_first_flaws_are_kept_and_the_others_counted() -> None:
    flaws = Flaws()
    for number in range(MOST_FLAWS):
        flaws.append(flaw(number))
    flaws += [flaw(number) for number in range(5)]
    flaws.extend(flaw(number) for number in range(7))

    fault = Invalid(flaws)

    assert (len(flaws), flaws.more, flaws.found) == (MOST_FLAWS, 12, MOST_FLAWS + 12)
    assert fault.flaws == [flaw(number) for number in range(MOST_FLAWS)]
    assert fault.more == 12


def test_a_list_of_flaws_is_cut_and_counted_too() -> None:
    fault = Invalid([flaw(number) for number in range(250)], more=3)

    assert (len(fault.flaws), fault.more) == (MOST_FLAWS, 153)
    assert str(fault) == "rows.0: ganjil; rows.1: ganjil; rows.2: ganjil; and 250 more"


def test_the_sentence_of_a_fault_does_not_grow_with_its_input() -> None:
    assert len(str(Invalid([Flaw("x" * 100_000, "odd", "y" * 100_000)] * 200))) < 1_000

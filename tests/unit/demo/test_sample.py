"""The sample region's files."""

from __future__ import annotations

from shared.demo.sample import load

SAMPLE = load()


def test_each_agency_has_one_address_at_which_it_is_told_or_none() -> None:
    addresses = [SAMPLE.told(agency.key) for agency in SAMPLE.agencies]

    told = [each for each in addresses if each]
    assert len(told) == len(set(told)) == 29
    assert SAMPLE.told("kec-kubu") == "+6281200000003", "by WhatsApp only"
    assert SAMPLE.told("dpmd").startswith("kepala@"), "the officer's mailbox is gone"
    assert [agency.key for agency in SAMPLE.agencies if not SAMPLE.told(agency.key)] == [
        "kec-teluk-pakedai",
        "kec-terentang",
    ]


def test_no_address_can_receive_real_mail() -> None:
    assert [each.email for each in SAMPLE.contacts if each.email and not each.email.endswith(".example")] == []


def test_every_innovation_belongs_to_an_agency_that_can_be_told() -> None:
    for innovation in (*SAMPLE.innovations, SAMPLE.late, SAMPLE.unfinished):
        assert SAMPLE.told(innovation.agency), innovation.name

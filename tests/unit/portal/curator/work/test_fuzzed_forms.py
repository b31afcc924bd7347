"""Whatever a browser or a program sends: a form is read, told what is wrong, and makes JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from services.portal.curator.work.chosen import Chosen
from services.portal.curator.work.index.spd_form import SpdForm
from services.portal.curator.work.index.what_if_form import WhatIfForm
from services.portal.curator.work.ranking.marks import table_of
from services.portal.curator.work.ranking.terms_form import sent, widened
from services.portal.curator.work.ranking.terms_words import names_of_flaws, sentences
from services.portal.curator.work.verification.decision_form import Decision, DecisionForm
from services.portal.pages.forms import Form
from tests.unit.portal.curator.work.test_decision_form import ROWS

VALUES = st.one_of(
    st.sampled_from(["", "1", "3", "0", "²", "٣", "-1", "1e9", "5,23", "1.234,5", "2026", "2026-02-30", "2026-12-03"]),
    st.sampled_from(["https://a", "ya", "verified", "draft", "a/b", "\x00", "x" * 2_100]),
    st.text(max_size=30),
)


def fields(*names: str) -> st.SearchStrategy[Mapping[str, str]]:
    return st.dictionaries(st.sampled_from(names), VALUES)


few = settings(max_examples=30, deadline=None)


@few
@given(fields("level-16", "level-17", "level-99", "catatan-16", "catatan-profile", "sebagian"))
def test_a_decision(typed: Mapping[str, str]) -> None:
    form = DecisionForm.of(typed, ROWS)
    for decision in Decision:
        assert form.wrong(decision, ROWS) is not None
        json.dumps(form.body(decision))


@few
@given(fields("level", "nilai", "nomor-0", "tanggal-0", "tentang-0", "tautan-0", "nomor-1", "tautan-9"))
def test_an_spd_row(typed: Mapping[str, str]) -> None:
    form = SpdForm.sent(typed, "%")
    if not form.wrong:
        json.dumps(form.entry(), allow_nan=False)


@few
@given(fields("tambah", "kematangan", "urusan", "hitungan", "tujuan", "spd-4", "spd-x"))
def test_a_what_if_question(typed: Mapping[str, str]) -> None:
    form = WhatIfForm.sent(typed)
    json.dumps(form.question("61.12", 2026, form.target), allow_nan=False)
    assert len(form.question("61.12", 2026, None).get("added", [])) <= 50


@few
@given(
    fields(
        *("nama", "tahun", "musim", "juara", "juri", "bobot-kematangan", "pendaftaran-mulai", "kelompok-0"),
        *("kelompok-0-jenis", "kelompok-1", "kategori-0", "kategori-0-bentuk", "jadwal-0", "jadwal-0-mulai"),
        *("kriteria-0", "kriteria-0-bobot", "kriteria-0-slug"),
    )
)
def test_the_terms_of_a_competition(typed: Mapping[str, str]) -> None:
    form = sent(typed, Form(typed.items()).texts)
    json.dumps(form.body(), allow_nan=False)
    assert all(sentences(form.wrong).values())
    assert names_of_flaws(form)
    assert len(widened(form).groups) <= 20


@few
@given(st.dictionaries(st.sampled_from(["i1.kebaruan", "i1", ".", "i2.a.b"]), VALUES))
def test_the_marks_of_a_jury(typed: Mapping[str, str]) -> None:
    json.dumps(table_of(typed), allow_nan=False)


@few
@given(fields("status", "tahun", "opd", "jalur", "tahap", "pemakaian"))
def test_the_choice_of_a_list(typed: Mapping[str, str]) -> None:
    assert Chosen.of(typed).query("61.12").region == "61.12"


def test_a_line_of_the_terms_is_read_whatever_is_missing_before_it() -> None:
    typed = {"nama": "Lomba", "tahun": "2026", "kelompok-0-slug": "dinas", "kelompok-1": "UPT", "jadwal-2-mulai": "x"}

    form = sent(typed, lambda _: ())

    assert [each["name"] for each in form.groups] == ["", "UPT"]
    assert [each["first"] for each in form.milestones] == ["", "", "x"]
    assert form.categories == ({},)

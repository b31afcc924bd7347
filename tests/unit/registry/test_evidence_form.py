from __future__ import annotations

import pytest

from services.registry.evidence.form import FORM, JPEG, MB, MP4, PDF, PNG, decode
from shared.web.app import MOST_UPLOAD

SMALL = """{"catalogue": "2030.1", "bases": ["a"], "profile": {"pdf": 2}, "rows": {
  "1": {"pdf": 10},
  "2a": {"jpg": 5, "jpeg": 5, "png": 5, "mp4": 100}
}}"""


def test_rows_accept_the_media_types_of_their_file_kinds_up_to_their_sizes() -> None:
    form = decode(SMALL)

    assert list(form.rows) == ["1", "2a"]
    assert form.rows["1"].sizes == {PDF: 10 * MB}
    assert form.rows["2a"].accept == {JPEG, PNG, MP4}
    assert form.rows["2a"].largest == 100 * MB
    assert (form.catalogue, form.bases, form.profile.sizes) == ("2030.1", ("a",), {PDF: 2 * MB})


def test_a_file_kind_that_is_unknown_here_is_an_error() -> None:
    with pytest.raises(KeyError, match="docx"):
        decode(SMALL.replace('"pdf": 10', '"docx": 10'))


def test_only_the_video_row_accepts_videos() -> None:
    assert [row for row, limits in FORM.rows.items() if MP4 in limits.accept] == ["35"]


def test_the_largest_file_fits_into_a_request() -> None:
    assert max(limits.largest for limits in (*FORM.rows.values(), FORM.profile)) < MOST_UPLOAD

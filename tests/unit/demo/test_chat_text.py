"""A WhatsApp message as HTML."""

from __future__ import annotations

from shared.demo.chat_text import chat_html


def test_bold_italic_and_links_are_shown() -> None:
    shown = chat_html("*Dinas Kesehatan*: _pesan otomatis_\nhttps://inovasi.example/?a=1&b=2 atau telepon")

    assert shown == (
        "<b>Dinas Kesehatan</b>: <i>pesan otomatis</i>\n"
        '<a href="https://inovasi.example/?a=1&amp;b=2">https://inovasi.example/?a=1&amp;b=2</a> atau telepon'
    )


def test_everything_else_is_text() -> None:
    assert chat_html('<script>"x"</script> 2*3*4 a_b_c') == ("&lt;script&gt;&quot;x&quot;&lt;/script&gt; 2*3*4 a_b_c")


def test_a_quotation_mark_ends_a_link_and_never_its_attribute() -> None:
    assert '"onclick' not in chat_html('https://inovasi.example/"onclick="x')

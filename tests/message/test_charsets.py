"""The charset ladder, rung by rung."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.message import charsets

WESTERN = "Déjà l’été : « cœur », 10 € – ça…"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("cp1252", "iso-8859-1"),
        ("cp1252", "ISO-8859-1"),
        ("cp1252", "us-ascii"),
        ("cp1252", "windows-1252"),
        ("cp1252", "Windows-1252"),
        ("cp1252", "x-cp1252"),
        ("cp1252", ""),
        ("cp1252", "latin1"),
        ("utf-8", "iso-8859-1"),
        ("utf-8", "us-ascii"),
        ("utf-8", "utf8"),
        ("utf-8", '"UTF-8"'),
        ("utf-8", "utf-8*fr"),
        ("utf-8", "UTF_8"),
        ("utf-8", ""),
        ("utf-8-sig", "iso-8859-15"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-16-be", "UTF-16BE"),
        ("utf-32", "utf-32"),
        ("utf-7", "utf-7"),
        ("utf-7", "UNICODE-1-1-UTF-7"),
    ],
)
def test_western_text_is_read_whatever_it_claims_to_be(encoding: str, declared: str) -> None:
    """French in the charsets that mail really has, under the names that mail really gives them."""
    assert charsets.clean(charsets.decode(WESTERN.encode(encoding), declared).text) == WESTERN


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Привет, соседи", "koi8-r", "KOI8-R"),
        ("Привет, соседи", "cp1251", "windows-1251"),
        ("Cześć, źródło", "iso8859-2", "iso-8859-2"),
        ("Zażółć gęślą", "cp1250", "windows-1250"),
        ("こんにちは", "iso2022_jp", "ISO-2022-JP"),
        ("こんにちは", "iso2022_jp", ""),
        ("こんにちは①", "cp932", "shift_jis"),
        ("你好，邻居", "gb18030", "gb2312"),
        ("鄰居你好", "big5", "big5"),
        ("안녕하세요", "cp949", "ks_c_5601-1987"),
        ("Γειά σου", "iso8859-7", "iso-8859-7"),
        ("Şişli", "cp1254", "iso-8859-9"),
        ("10 € à Lœuilly", "iso8859-15", "iso-8859-15"),
        ("Ça va, été", "mac-roman", "macintosh"),
        ("é", "cp850", "ibm850"),
    ],
)
def test_other_scripts_keep_their_letters(text: str, encoding: str, declared: str) -> None:
    """What is declared rightly is read as declared, under WHATWG's names and Python's."""
    decoded = charsets.decode(text.encode(encoding), declared)
    assert decoded.text == text
    assert not decoded.guessed


@pytest.mark.parametrize(
    "declared", ["x-inconnu", "base64", "rot13", "undefined", "idna", "unicode_escape", "\x00", "é" * 90]
)
def test_a_name_that_is_no_charset_is_a_guess_and_says_so(declared: str) -> None:
    """Codecs of Python that are no charsets are not run on mail."""
    decoded = charsets.decode(b"L'\xe9t\xe9 \\u0041", declared)
    assert decoded.text == "L'été \\u0041"
    assert decoded.guessed


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("crème ".encode() + b"br\xfbl\xe9e", "crème brûlée"),
        ("coupé à l’".encode()[:-1], "coupé à l"),
        (b"le caf\xe9", "le café"),
        (b"10 \x80", "10 €"),
    ],
)
def test_stray_bytes_in_utf8_become_letters_not_question_marks(data: bytes, text: str) -> None:
    """Two charsets in one text, and a text cut in the middle of a character."""
    assert charsets.decode(data, "utf-8").text == text


def test_a_meta_charset_is_believed_only_where_nothing_better_is() -> None:
    """`<meta charset>` comes after the Content-Type and after UTF-8, and may not ask for UTF-7."""
    page = '<meta charset="iso-8859-2"><p>źródło</p>'
    assert charsets.decode(page.encode("iso8859-2"), "", html=True).text == page
    assert charsets.decode(page.encode(), "", html=True).text == page
    assert "ź" not in charsets.decode(page.encode("iso8859-2"), "iso-8859-1", html=True).text
    assert charsets.decode(b'<meta charset="utf-7">+ADw-script+AD4-', "", html=True).text.endswith("+ADw-script+AD4-")


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "utf-16", "utf-7", "iso-2022-jp", "gb2312", "hz", "x", "big5"]),
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_in_any_charset_give_text_that_can_be_written(data: bytes, declared: str) -> None:
    """After `clean`: no control, no surrogate, no bidi override; normalised; and cleaning again changes nothing."""
    text = charsets.clean(charsets.decode(data, declared).text)
    text.encode("utf-8")
    assert not set(text) & {
        *map(chr, range(9)),
        "\r",
        "\x0b",
        "\x7f",
        "\x85",
        "\x9b",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
    }
    assert charsets.clean(text) == text


def test_emoji_and_persian_keep_their_joiners() -> None:
    """Zero-width joiner and non-joiner mean something; a family stays one picture."""
    text = "👩\u200d👧 می\u200cخواهم"
    assert charsets.clean(text) == text

"""Encoded words and structured fields, as clients send them rather than as RFC 2047 and 2231 want them."""

from __future__ import annotations

import pytest

from ingest.message import parameters, words
from ingest.message.headers import Field


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?L=27=C3=A9t=C3=A9?=", "L'été"),
        (b"=?utf-8?q?d=C3=A9j=C3?= =?utf-8?q?=A0_vu?=", "déjà vu"),
        (b"=?utf-8?B?w6k=?=\n =?UTF-8?Q?t=C3=A9?=", "été"),
        (b"=?iso-8859-1?Q?=80_10?=", "€ 10"),
        (b"=?iso-8859-1?Q?=C3=A9t=C3=A9?=", "été"),
        (b"=?utf-8?Q?sans_fin", "sans fin"),
        (b"=?utf-8?Q?un =?utf-8?Q?deux?=", "un deux"),
        (b"=?utf-8?Q?Quoi ? Rien =21?= !", "Quoi ? Rien ! !"),
        (b"=?utf-8?B?w6l0w6k?=", "été"),
        (b"=?utf-8?B?w6l0\n w6k=?=", "été"),
        (b"=?x-rien?Q?caf=E9?=", "café"),
        (b"=?utf-8*fr?Q?cl=C3=A9?=", "clé"),
        (b"Re: =?utf-8?Q?cl=C3=A9?= et =?utf-8?Q?verrou?=", "Re: clé et verrou"),
        (b"a =?b c", "a =?b c"),
        (b"\xe9t\xe9", "été"),
        ("été".encode(), "été"),
        (b"=?utf-8?Q?a=0AStatus:_published=0D=00b?=", "a Status: published b"),
        (b"=?utf-8?Q?=F0=9F?= =?utf-8?Q?=8E=89?=", "🎉"),
        (b"", ""),
    ],
)
def test_an_unstructured_field_reads_as_clients_read_it(raw: bytes, text: str) -> None:
    """Always on one line, whatever was broken."""
    assert words.decode(raw) == text


@pytest.mark.parametrize(
    ("raw", "head", "found"),
    [
        (b"text/plain; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b'TEXT/HTML;;charset="utf-8" ; format=flowed', "text/html", {"charset": "utf-8", "format": "flowed"}),
        (b"text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b"text/plain (texte); charset=utf-8 (oui)", "text/plain", {"charset": "utf-8"}),
        (b'multipart/mixed; boundary="a;b=\\"c"', "multipart/mixed", {"boundary": 'a;b="c'}),
        (b'attachment; filename="sans fin', "attachment", {"filename": "sans fin"}),
        (b"attachment; filename=deux mots.jpg; size=1", "attachment", {"filename": "deux mots.jpg", "size": "1"}),
        (b"attachment; filename*=utf-8''%C3%A9t%C3%A9.jpg", "attachment", {"filename": "été.jpg"}),
        (b"attachment; filename=x.jpg; filename*=iso-8859-1'fr'%E9t%E9.jpg", "attachment", {"filename": "été.jpg"}),
        (b"a; filename*1*=t%C3%A9.jpg; filename*0*=utf-8''%C3%A9", "a", {"filename": "été.jpg"}),
        (b'a; filename*0="un "; filename*1=deux', "a", {"filename": "un deux"}),
        (b'a; filename="=?utf-8?Q?=C3=A9t=C3=A9?=.jpg"', "a", {"filename": "été.jpg"}),
        (b'a; filename="\xe9t\xe9.jpg"', "a", {"filename": "été.jpg"}),
        (b'a; filename="C:\\\\dossier\\\\photo.jpg"', "a", {"filename": "C:\\dossier\\photo.jpg"}),
        (b'a; filename="x.png\xe2\x80\xaegpj.exe"', "a", {"filename": "x.pnggpj.exe"}),
        (b'a; filename="../../etc/x"', "a", {"filename": "../../etc/x"}),
        (b"", "", {}),
    ],
)
def test_a_structured_field_reads_as_clients_read_it(raw: bytes, head: str, found: dict[str, str]) -> None:
    """Quotes, comments, continuations, charsets; names stay as hostile as they were sent, on one line."""
    value = parameters.parse(Field("content-type", raw))
    assert (value.head, dict(value.parameters)) == (head, found)

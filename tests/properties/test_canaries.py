"""What a mail tells beside its text stays private: canaries in every corner of it, and none on the page."""

from __future__ import annotations

import io
from email.message import EmailMessage
from email.policy import SMTP

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.publication.article import document
from tests.properties.page import drafted, page

SENDER, OTHER, PHONE = "serin.canari@example.org", "pinson.canari@example.net", "06 39 98 12 34"
HEADERS = {
    "display name": "Serin-Lecanari",
    "address in Received": "203.0.113.77",
    "host": "poste-canari.example.com",
    "Message-ID": "canari-7f3a-id",
    "user agent": "CanariMail/4.2",
    "X header": "canari-interne",
    "file name": "photo-canari",
    "Content-ID": "cid-canari",
    "boundary": "frontiere-canari",
}
CANARIES = (SENDER, OTHER, SENDER.partition("@")[0], PHONE, PHONE.replace(" ", ""), *HEADERS.values())
BODIES = (
    *("Le lavoir rouvre samedi.", f"Écrivez à {OTHER} pour venir.", f"Écrivez-moi : {SENDER.upper()}"),
    *(f"Tél. {PHONE}.", f"appelez le {PHONE.replace(' ', '')} ou le {PHONE.replace(' ', '.')}", f"<{OTHER}>"),
    *(f"{OTHER},{SENDER};{OTHER}", f"Le 8 juin 2022, Serin <{OTHER}> a écrit :\n> Bonjour\n> {PHONE}"),
    *(f"-- \nSerin\n{PHONE}\n{SENDER}", f"mailto:{OTHER}"),
    *(f"De : Pinson <{OTHER}>\nEnvoyé : mercredi 8 juin 2022\nObjet : x\n\nUne phrase.", f"Tags : a, {OTHER}"),
    *(f"Titre : {OTHER}", f"Pseudo : {SENDER}", f"Rubrique : {PHONE}", f"Mots-clés : {PHONE}, b", f"#{OTHER}"),
    *(f"https://example.org/?courriel={OTHER}", f"[x](mailto:{OTHER})", f"`{OTHER}`", f"**{PHONE}**"),
    *(f"- {OTHER}\n- b", f"1. {PHONE}\n2. b", f"    {OTHER}", f"| {OTHER} | b |"),
)  # fmt: skip
MARKUP = (
    *("<p>Le lavoir rouvre samedi.</p>", f"<p>{OTHER}</p>", f"<a href='mailto:{OTHER}'>moi</a>"),
    *(f"<a href='tel:{PHONE}'>ici</a>", f"<b>{OTHER.partition('@')[0]}</b>@example.net", f"<pre>{OTHER}</pre>"),
    *(f"<code>{PHONE}</code>", f"<h2>{PHONE}</h2>", f"<img src=cid:cid-canari alt='{OTHER}'>"),
    *(f"<table><tr><td>{OTHER}<td>b<tr><td>{PHONE}<td>c</table>", f"<ul><li>{OTHER}<li>b</ul>"),
    *(f"<a href='mailto:{OTHER}?subject=x'>{OTHER}</a>", f"<p title='{OTHER}'>a</p>"),
    *(f"<div class=gmail_quote>{OTHER}</div>", "<!-- canari-interne -->"),
    *(f"<span style='display:none'>{OTHER}</span>", f"<img src='https://example.org/p.gif?m={OTHER}'>"),
    *(f"<blockquote>{PHONE}</blockquote>", f"<a href='https://example.org/?utm_source={OTHER}'>lien</a>"),
    *(f"<a href='MAILTO:%20{OTHER}'>moi</a>", f"<i>{PHONE[:8]}</i>{PHONE[8:]}"),
)  # fmt: skip
SUBJECTS = (
    "Une nouvelle",
    f"Une lettre de {OTHER}",
    f"Rappelez le {PHONE}",
    f"Re: {SENDER}",
    f"Fwd: [liste] {PHONE}",
    "",
)


def mail(subject: str, plain: str, markup: str | None) -> bytes:
    """A mail as a telling program on a telling machine would send it, with a picture of a telling name."""
    made = EmailMessage(policy=SMTP)
    made["Received"] = (
        f"from {HEADERS['host']} ({HEADERS['address in Received']}) by mx.example.net; Wed, 08 Jun 2022 09:12:44 +0200"
    )
    made["From"] = f'"{HEADERS["display name"]}" <{SENDER}>'
    made["To"], made["Cc"], made["Reply-To"] = "mur@example.net", OTHER, OTHER
    made["Subject"], made["Date"] = subject, "Wed, 08 Jun 2022 09:12:44 +0200"
    made["Message-ID"] = f"<{HEADERS['Message-ID']}@{HEADERS['host']}>"
    made["User-Agent"], made["X-Originating-IP"] = HEADERS["user agent"], f"[{HEADERS['address in Received']}]"
    made["X-Canary"], made["Organization"] = HEADERS["X header"], HEADERS["X header"]
    made.set_content(plain)
    if markup is not None:
        made.add_alternative(markup, subtype="html")
    made.add_attachment(
        picture(), "image", "png", filename=f"{HEADERS['file name']}.png", cid=f"<{HEADERS['Content-ID']}>"
    )
    made.set_boundary(HEADERS["boundary"])
    return made.as_bytes()


def picture() -> bytes:
    """Large enough not to be taken for a logo."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).save(out, "PNG", description="canari-interne")
    return out.getvalue()


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(SUBJECTS),
    st.lists(st.sampled_from(BODIES), min_size=1, max_size=5).map("\n\n".join),
    st.none() | st.lists(st.sampled_from(MARKUP), min_size=1, max_size=6).map(" ".join),
)
def test_no_canary_leaves_the_mail(subject: str, plain: str, markup: str | None) -> None:
    """Neither in the draft, which is title, byline, tags and text, nor on the page, nor in what describes a picture."""
    found = drafted(mail(subject, plain, markup))
    assert found is not None
    public = "\n".join(
        (document(found.draft), page(found), found.text, *(file.alt + file.name for file in found.media))
    )
    assert [canary for canary in CANARIES if canary.lower() in public.lower()] == []

"""Mails in the shapes that clients give to one text: what a moderator gets is the same, whichever it was.

A text is lines as a page shows them: `# ` begins a heading, `- ` an item of a list, `**…**` stands for emphasis. An
address that ends with `⋯REST` is one that Mastodon shows cut: its text stops there, and its HTML holds the rest.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from textwrap import wrap
from zoneinfo import ZoneInfo

from ingest.conversion import convert
from ingest.model import Converted
from ingest.settings import Settings, Wall

PARIS = ZoneInfo("Europe/Paris")
SETTINGS = Settings(wall=Wall(name="Le mur parle", address="lemurparle@example.org"))
CUT = re.compile(r"(?<!\S)([a-z0-9.-]+/[^\s⋯]*)⋯(\S*)")

Shape = Callable[[str, str, datetime], EmailMessage]


def draft(mail: EmailMessage) -> Converted:
    """What becomes of a mail, two days after it was sent."""
    raw = mail.as_bytes(policy=SMTP)
    outcome = convert(raw, settings=SETTINGS, now=datetime(2026, 11, 22, 12, tzinfo=PARIS)).outcome
    assert isinstance(outcome, Converted)
    return outcome


def mail(subject: str, at: datetime) -> EmailMessage:
    """A mail without a body."""
    message = EmailMessage()
    message["From"] = "Pilar Sans <pilar.sans@example.net>"
    message["To"] = "lemurparle@example.org"
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{abs(hash((subject, at)))}@example.net>"
    return message


def shown(text: str) -> str:
    """The text as a page shows it and a hand copies it."""
    return re.sub(r"(?m)^# |\*\*", "", CUT.sub(r"\1", text)).replace("\n- ", "\n• ")


def plain(text: str, subject: str, at: datetime) -> EmailMessage:
    """text/plain in UTF-8, wrapped at 72 characters as Thunderbird and many others do."""
    message = mail(subject, at)
    lines = (wrap(line, 72, break_long_words=False, break_on_hyphens=False) or [""] for line in shown(text).split("\n"))
    message.set_content("\n".join(line for wrapped in lines for line in wrapped), cte="8bit")
    return message


_LATIN9 = {0x2019: "'", 0x202F: "\u00a0", 0x2026: "...", 0x2013: "-", 0x2022: "-", 0x201C: '"', 0x201D: '"'}


def flowed_latin9(text: str, subject: str, at: datetime) -> EmailMessage:
    """format=flowed (RFC 3676) in ISO-8859-15, where a curly apostrophe is one that the charset lacks."""
    message = mail(subject, at)
    rows = []
    for line in shown(text).translate(_LATIN9).split("\n"):
        wrapped = wrap(line, 70, break_long_words=False, break_on_hyphens=False) or [""]
        rows += [f"{row} " for row in wrapped[:-1]] + [wrapped[-1]]
    message.set_content("\n".join(rows), charset="iso-8859-15", cte="quoted-printable", params={"format": "flowed"})
    return message


def _inline(line: str, *, strong: str) -> str:
    def link(match: re.Match[str]) -> str:
        whole = match[1] + match[2]
        return (
            f'<a href="https://{whole}" rel="nofollow noopener" target="_blank"><span class="invisible" '
            f'style="display:none">https://</span><span class="ellipsis">{match[1]}</span><span class="invisible" '
            f'style="display:none">{match[2]}</span></a>'
        )

    line = html.escape(line, quote=False)
    line = re.sub(r"(?<!\S)https://[^\s<]+", lambda match: f'<a href="{match[0]}">{match[0]}</a>', line)
    return re.sub(r"\*\*(.+?)\*\*", rf"<{strong}>\1</{strong}>", CUT.sub(link, line))


def _web(text: str, *, paragraph: str, heading: str, strong: str = "strong") -> str:
    """A page's HTML: `paragraph` and `heading` have `{}` for what stands in them."""
    done, items = [], []
    for line in [*text.split("\n"), ""]:
        if line.startswith("- "):
            items.append(f"<li>{_inline(line[2:], strong=strong)}</li>")
            continue
        if items:
            done.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.strip():
            where = heading if line.startswith("# ") else paragraph
            done.append(where.format(_inline(line.removeprefix("# "), strong=strong)))
    return "\n".join(done)


def pasted_from_the_web(text: str, subject: str, at: datetime) -> EmailMessage:
    """A page marked, copied and put into Gmail: its tags with the computed styles of the browser."""
    message = mail(subject, at)
    style = "margin:0px 0px 1em;color:rgb(34,34,34);font-family:Georgia,serif;font-size:16px"
    body = _web(text, paragraph=f'<p style="{style}">{{}}</p>', heading="<h3 style='font-weight:600'>{}</h3>")
    message.set_content(shown(text))
    message.add_alternative(f'<div dir="ltr">{body}</div>', subtype="html")
    return message


def gmail_forward(text: str, subject: str, at: datetime) -> EmailMessage:
    """Gmail's forward of a mail in HTML, four days later, with a word above it."""
    message = mail(f"Fwd: {subject}", at.replace(day=at.day + 4))
    head = (
        '---------- Forwarded message ---------<br>De : <strong class="gmail_sendername" dir="auto">Hocine B.</strong> '
        f'<span dir="auto">&lt;<a href="mailto:hocine@example.com">hocine@example.com</a>&gt;</span><br>'
        f"Date: {_gmail_date(at)}<br>Subject: {html.escape(subject)}<br>To:  &lt;<a "
        f'href="mailto:pilar.sans@example.net">pilar.sans@example.net</a>&gt;<br>'
    )
    body = _web(text, paragraph="<div>{}</div><div><br></div>", heading="<h2>{}</h2>", strong="b")
    message.set_content(f"À faire tourner !\n\n{shown(text)}")
    message.add_alternative(
        '<div dir="ltr">À faire tourner !<br><br><div class="gmail_quote">'
        f'<div dir="ltr" class="gmail_attr">{head}</div><br><br><div dir="ltr">{body}</div></div></div>',
        subtype="html",
    )
    return message


def _gmail_date(at: datetime) -> str:
    days = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
    months = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
    return f"{days[at.weekday()]} {at.day} {months[at.month - 1]} {at.year} à {at:%H:%M}"


def word(text: str, subject: str, at: datetime) -> EmailMessage:
    """Word's HTML by Outlook: MsoNormal, namespaces, conditional comments, lists of paragraphs in windows-1252."""
    message = mail(subject, at)
    body = _web(
        text,
        paragraph="<p class=MsoNormal><span lang=FR style='font-size:11.0pt'>{}<o:p></o:p></span></p>",
        heading="<h2><span lang=FR style='mso-fareast-font-family:\"Times New Roman\"'>{}<o:p></o:p></span></h2>",
        strong="b",
    )
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>'
        '<meta name=Generator content="Microsoft Word 15 (filtered medium)"><style><!-- p.MsoNormal {margin:0cm;} -->'
        "</style>"
        "<!--[if gte mso 9]><xml><o:shapedefaults v:ext='edit' spidmax='1026'/></xml><![endif]--></head>"
        f'<body lang=FR link="#0563C1"><div class=WordSection1>{body}</div></body></html>'
    )
    message.set_content(shown(text))
    message.add_alternative(page.replace("\u202f", "&#8239;"), subtype="html", charset="utf-8", cte="base64")
    return message


def values(converted: Converted, key: str) -> list[str]:
    """What is proposed for a key, the likeliest first."""
    return [proposal.value for proposal in converted.proposals if proposal.key == key]

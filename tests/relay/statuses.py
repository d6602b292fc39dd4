"""Answers of a server as Mastodon gives them (docs.joinmastodon.org/entities/Status), with no more than is read."""

from __future__ import annotations

from typing import Any

HOST = "social.example.net"


def link(address: str) -> str:
    """An address as `text_formatter.rb` shows it: what is cut is there, unseen."""
    scheme, bare = address.split("://")
    kind, rest = ("ellipsis", bare[30:]) if len(bare) > 30 else ("", "")
    seen = f'<span class="{kind}">{bare[:30]}</span><span class="invisible">{rest}</span>'
    inside = f'<span class="invisible">{scheme}://</span>{seen}'
    return f'<a href="{address}" rel="nofollow noopener" target="_blank">{inside}</a>'


def status(number: int, html: str, *, by: str = "7", answers: int | None = None, **told: Any) -> dict[str, Any]:
    """One post; its identifier grows as Mastodon's do."""
    return {
        "id": str(109_000_000_000_000_000 + number),
        "created_at": f"2022-09-12T18:{number:02d}:00.000Z",
        "in_reply_to_id": None if answers is None else str(109_000_000_000_000_000 + answers),
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "fr",
        "url": f"https://{HOST}/@yeux/{109_000_000_000_000_000 + number}",
        "edited_at": None,
        "content": html,
        "reblog": None,
        "account": {"id": by, "username": "yeux" if by == "7" else "autre", "display_name": "Les Yeux ouverts"},
        "media_attachments": [],
        "poll": None,
        **told,
    }


GARE = "https://yeux-ouverts.example.net/gare/parvis-en-images/"
THREAD = (
    status(1, "<p>Plus que 3 jours pour rejoindre la plainte collective contre les caméras de la gare&nbsp;!</p>"),
    status(2, f"<p>Nous sommes déjà plus de 4 512 signataires. Les images&nbsp;: {link(GARE)}</p>", answers=1),
    status(
        3,
        f"<p>Pour signer&nbsp;: {link('https://yeux-ouverts.example.net/signer')}<br>Écrire&nbsp;: zoe@example.org</p>",
        answers=2,
        media_attachments=[{"type": "image", "description": "Le parvis, vu d’en haut"}, {"type": "image"}],
    ),
)
OTHERS = (
    status(4, "<p>Bravo, moi j’en ai compté 999 999 signataires !</p>", by="8", answers=3),
    status(5, "<p>Merci !</p>", answers=4),
)


def answers(number: int = 1) -> dict[str, object]:
    """What the server has by path, asked for the post of that number."""
    asked = THREAD[number - 1]
    path = f"/api/v1/statuses/{asked['id']}"
    context = {"ancestors": [*THREAD[: number - 1]], "descendants": [*OTHERS, *THREAD[number:]]}
    return {path: asked, f"{path}/context": context}

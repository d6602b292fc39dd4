"""The letter with a code and a link for the moderators' pages. Both are made when it is written: nothing keeps them."""

from __future__ import annotations

from ingest.correspondence.letter import Case, Filled, Unsent
from ingest.store.logins import KIND

__all__ = ["KIND", "fill"]


def fill(case: Case) -> Filled | Unsent:
    """Not where it would come too late: a login lasts for a quarter of an hour."""
    token = case.letter.about.get("login", "")
    if not case.store.login_channel(token, now=case.now):
        return Unsent(why="login-over")
    chosen, code = case.settings.moderation, case.store.login_code(token)
    base = chosen.url.rstrip("/") or f"http://127.0.0.1:{chosen.port}"
    link = f"{base}/connexion/lien/{case.store.login_link(token)}"
    return Filled(values={"code": f"{code[:3]} {code[3:]}", "link": link})

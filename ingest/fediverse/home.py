"""The server of our account, by Mastodon's API: alone uses Mastodon.py. Redirects are not followed: they would carry
the token elsewhere.
"""

from __future__ import annotations

import html
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import Misconfigured, MurError, Unavailable
from ingest.fediverse.wording import Limits, Said
from ingest.settings import Settings, secret
from ingest.words import _

_LATEST = 40
"""Of our own statuses, looked through for one that we may have posted."""
_PATIENCE = 20
"""Seconds that a server may take to make a picture of its own of ours."""
_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
_AGENT = "lemurparle"
_VERSION = "4.6.0"
"""Told to Mastodon.py 2.3, which else asks for the version again and again where a server does not tell it; by this it
chooses an address for pictures (`/api/v2/media`), and nothing else of what is used here."""


class NoStatus(MurError):
    """The server will not have it, or has it no more. `word` is its code."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who we are there."""

    id: str
    name: str


class Home:
    """One account on one server. Every method raises `Unavailable` where it does not answer or wants us to wait, and
    `Misconfigured` where it does not know our token.
    """

    def __init__(self, settings: Settings) -> None:
        """Asks nobody yet. Raises `Misconfigured` without a token, and without Mastodon.py."""
        told, base = settings.fediverse, settings.file.parent if settings.file else None
        token = secret("fediverse", "token", told.token_file, told.token_env, base=base)
        if not token:
            raise Misconfigured("[fediverse] token_file: there is no token to post with")
        try:
            import mastodon
        except ImportError:
            raise Misconfigured("[fediverse] server: Mastodon.py is missing; install lemurparle[fediverse]") from None
        self.server = told.server
        self._errors = mastodon
        self._api: Any = mastodon.Mastodon(
            access_token=token,
            api_base_url=told.server,
            request_timeout=told.timeout_seconds or 30,
            ratelimit_method="throw",
            user_agent=_AGENT,
            mastodon_version=_VERSION,
            version_check_mode="created",
        )
        self._api.session.max_redirects = 0
        self._limits: Limits | None = None
        self._account: Account | None = None

    def account(self) -> Account:
        """Who we are there."""
        if self._account is None:
            with self._asking():
                told = self._api.account_verify_credentials()
                self._account = Account(id=str(told["id"]), name=str(told["acct"]))
        return self._account

    def limits(self) -> Limits:
        """What it takes; asked once."""
        if self._limits is None:
            self._limits = self._asked_limits()
        return self._limits

    def post(self, said: Said, pictures: tuple[Path, ...], *, key: str, answers: str) -> str:
        """Have it stand there; how the server calls it. The same `key` again within an hour gives the same status.

        `answers` is the status that it continues, or empty. Raises `NoStatus`.
        """
        with self._asking():
            media = [self._upload(path, shown.alt) for path, shown in zip(pictures, said.pictures, strict=True)]
            done = self._api.status_post(
                said.text,
                in_reply_to_id=answers or None,
                media_ids=media or None,
                sensitive=bool(said.warning),
                spoiler_text=said.warning or None,
                visibility=said.visibility,
                language=said.language or None,
                idempotency_key=key,
            )
            return str(done["id"])

    def correct(self, remote: str, said: Said) -> None:
        """Let a status say something else; its pictures stay. Raises `NoStatus`."""
        with self._asking():
            there = self._api.status(remote)
            media = [str(one["id"]) for one in there["media_attachments"]]
            self._api.status_update(
                remote,
                said.text,
                spoiler_text=said.warning or None,
                sensitive=bool(said.warning),
                media_ids=media or None,
            )

    def delete(self, remote: str) -> None:
        """Take it away there. Raises `NoStatus` where it is none any more."""
        with self._asking():
            self._api.status_delete(remote)

    def found(self, page: str) -> str:
        """That of our latest statuses which links to `page`; empty for none."""
        account, wanted = self.account(), f'href="{page}"'
        with self._asking():
            for one in self._api.account_statuses(account.id, limit=_LATEST, exclude_reblogs=True):
                if wanted in html.unescape(str(one["content"])):
                    return str(one["id"])
        return ""

    def _upload(self, path: Path, alt: str) -> str:
        kind = _TYPES.get(path.suffix.removeprefix("."), "application/octet-stream")
        told = self._api.media_post(path, kind, description=alt, file_name=path.name)
        for _second in range(_PATIENCE):
            if told["url"]:
                return str(told["id"])
            time.sleep(1)  # it is being made smaller there: a status may not have it yet
            told = self._api.media(told["id"])
        raise self._later("206")

    def _asked_limits(self) -> Limits:
        with self._asking():
            try:
                told: Any = self._api.instance_v2()
            except self._errors.MastodonNotFoundError:
                told = self._api.instance_v1()
        usual = Limits()
        statuses, media = (("configuration", part) for part in ("statuses", "media_attachments"))
        return Limits(
            characters=_number(told, *statuses, "max_characters")
            or _number(told, "max_toot_chars")
            or usual.characters,
            per_url=_number(told, *statuses, "characters_reserved_per_url") or usual.per_url,
            pictures=_number(told, *statuses, "max_media_attachments") or usual.pictures,
            description=_number(told, *media, "description_limit") or usual.description,
        )

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Whatever Mastodon.py raises, as one of ours: without its words, which quote what was sent."""
        errors = self._errors
        try:
            yield
        except (errors.MastodonNetworkError, errors.MastodonServerError, errors.MastodonRatelimitError) as error:
            raise self._later(_code(error)) from None
        except errors.MastodonAPIError as error:
            code = _code(error)
            if code in {"401", "403"}:
                raise Misconfigured(f"[fediverse] token_file: {self.server} refuses the token ({code})") from None
            if not code:
                raise self._later("") from None
            raise NoStatus(code) from None
        except (errors.MastodonError, OSError) as error:
            raise NoStatus(type(error).__name__) from None
        except (KeyError, TypeError, AttributeError, ValueError):
            raise self._later("") from None  # an answer that is none of Mastodon's

    def _later(self, code: str) -> Unavailable:
        why = _("a répondu {code}").format(code=code) if code else _("ne répond pas")
        return Unavailable(_("fédivers : {server} {why}").format(server=self.server, why=why))


def _code(error: Exception) -> str:
    """The status code that Mastodon.py puts second into what it raises."""
    code = error.args[1] if len(error.args) > 1 else None
    return str(code) if isinstance(code, int) else ""


def _number(told: Any, *keys: str) -> int:
    """A number somewhere in an answer; 0 for none."""
    for key in keys:
        try:
            told = told[key]
        except (KeyError, TypeError, AttributeError):
            return 0
    return told if isinstance(told, int) and told > 0 else 0

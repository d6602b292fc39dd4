"""The server that takes our letters: message submission (RFC 6409), encrypted, logged in. Alone uses smtplib.

One connection for several letters. Whatever the server says of one letter is a value; whatever ends the connection is
`Unavailable`, and nobody knows then whether the letter in hand was taken: it goes again under the same Message-ID.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest.correspondence.credentials import Credentials, credentials
from ingest.correspondence.letter import Mail
from ingest.errors import Misconfigured, Unavailable
from ingest.settings import Outgoing, Settings
from ingest.words import _

_STANDARD_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_ME = "[127.0.0.1]"
"""What we say in EHLO (RFC 5321 section 4.1.3), as Thunderbird does: the name of the machine is nobody's business."""
_CONNECT_SECONDS = 20
_LOGGED_IN = 235
_CLOSING = 421
_BUSY = {"552", "550 5.4.5"}
"""Refused for now, whatever the first digit says: too many recipients (RFC 5321 section 4.5.3.1.10), and Gmail's daily
limit."""
_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the server said of one letter. `word` is its code, `550 5.1.1` say (RFC 3463), never its sentence."""

    taken: bool
    for_good: bool
    """Whether saying it again is of no use: it was taken, or refused with a 5xx (RFC 5321 section 4.2.1)."""
    word: str


def port_of(outgoing: Outgoing) -> int:
    """The port named, or the standard one of RFC 8314, 6409 and 5321."""
    return outgoing.port or _STANDARD_PORTS[outgoing.security]


class Server:
    """A connection to the server of `[outgoing]`, opened by the `with` statement.

    Entering raises `Misconfigured` where something is missing, `Unavailable` where the server cannot be reached, cannot
    be trusted or refuses the login, and `LoginNeeded` where there is no OAuth2 token any more.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings, self._outgoing = settings, settings.outgoing
        self._null_refused = False
        self.user = ""
        """Whom it knows us as; empty where it asked for no login."""

    def __enter__(self) -> Self:
        if not self._outgoing.host:
            raise Misconfigured("[outgoing] host: there is no server to send by; expected a server's name")
        context = _trust(self._outgoing, self._settings.file.parent if self._settings.file else None)
        who = credentials(self._settings)
        self._client = _session(self._outgoing, context, who)
        self.user = who.user if who and (who.required or self._client.has_extn("auth")) else ""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(smtplib.SMTPException, OSError, ValueError):
            self._client.quit()
        self._client.close()

    def hand(self, mail: Mail) -> Said:
        """Give a letter to the server. Raises `Unavailable` where the connection ends before it answered, and where it
        refuses who we are: that is not the letter's fault.
        """
        with speaking_to(self._outgoing):
            options = self._options(mail)
            if options is None:
                return Said(taken=False, for_good=True, word="no-smtputf8")
            code, words = self._transaction(mail, options)
        if code >= 300:
            # Some hang up after a refusal: it counts all the same, and the next letter finds out
            with suppress(smtplib.SMTPException, OSError):
                self._client.rset()
        return _said(code, words)

    def _options(self, mail: Mail) -> tuple[str, ...] | None:
        """None where the server cannot take such an address (RFC 6531)."""
        if not mail.utf8:
            return ()
        return ("SMTPUTF8", "BODY=8BITMIME") if self._client.has_extn("smtputf8") else None

    def _transaction(self, mail: Mail, options: tuple[str, ...]) -> tuple[int, bytes]:
        self._from(mail, options)
        code, words = self._heard(*self._client.rcpt(mail.recipient))
        if code >= 300:
            return code, words
        try:
            return self._heard(*self._client.data(mail.raw))
        except smtplib.SMTPDataError as refusal:  # to DATA itself
            return self._heard(refusal.smtp_code, _bytes(refusal.smtp_error))

    def _from(self, mail: Mail, options: tuple[str, ...]) -> None:
        """An empty path where the letter wants one; many providers take it from nobody, and get our address then."""
        for sender in dict.fromkeys((mail.sender, mail.author)):
            if not sender and self._null_refused:
                continue
            code, words = self._heard(*self._client.mail(sender, options))
            if code < 300:
                return
            self._client.rset()
            if sender or code < 500:
                raise smtplib.SMTPSenderRefused(code, words, sender)
            self._null_refused = True

    def _heard(self, code: int, words: bytes) -> tuple[int, bytes]:
        """RFC 5321 section 3.8: after 421 the server hangs up; smtplib says -1 for what is no answer."""
        if code in {_CLOSING, -1}:
            raise smtplib.SMTPServerDisconnected(_text(words) or str(code))
        return code, words


def _said(code: int, words: bytes) -> Said:
    match = _ENHANCED.match(words)
    word = f"{code} {match[1].decode()}" if match else str(code)
    taken = code < 300
    return Said(taken=taken, for_good=taken or (code >= 500 and not {word, str(code)} & _BUSY), word=word)


def _session(outgoing: Outgoing, context: ssl.SSLContext, who: Credentials | None) -> smtplib.SMTP:
    """Open, and logged in; twice at most: a token may be revoked, or end, before its time."""
    try:
        return _logged_in(outgoing, context, who)
    except Unavailable as refusal:
        fresh = who.renewed() if who and isinstance(refusal.__cause__, smtplib.SMTPAuthenticationError) else None
        if fresh is None:
            raise
    return _logged_in(outgoing, context, fresh)


def _logged_in(outgoing: Outgoing, context: ssl.SSLContext, who: Credentials | None) -> smtplib.SMTP:
    with speaking_to(outgoing):
        client = _open(outgoing, context)
        try:
            # A relay on this very machine asks for no login, and gets no password
            if who and (client.has_extn("auth") or who.required):
                _log_in(client, who)
        except BaseException:
            client.close()
            raise
    return client


def _log_in(client: smtplib.SMTP, who: Credentials) -> None:
    offered = client.esmtp_features.get("auth", "").upper().split()
    if not who.token:
        if (who.user + who.password).isascii():
            client.login(who.user, who.password)
            return
        code, words = client.docmd("AUTH", f"PLAIN {who.plain()}")
        if code != _LOGGED_IN:
            raise smtplib.SMTPAuthenticationError(code, words)
        return
    for mechanism, first in who.oauth():
        if mechanism in offered:
            _log_in_by(client, mechanism, first)
            return
    raise smtplib.SMTPNotSupportedError("OAUTHBEARER, XOAUTH2")


def _log_in_by(client: smtplib.SMTP, mechanism: str, first: str) -> None:
    said = iter((first,))
    # A refusal is a challenge first, to be answered before the 535: RFC 7628 section 3.2.3 with one byte, XOAUTH2 with
    # none
    rest = "\1" if mechanism == "OAUTHBEARER" else ""
    client.auth(mechanism, lambda _challenge=None: next(said, rest))


def _open(outgoing: Outgoing, context: ssl.SSLContext) -> smtplib.SMTP:
    """Connected and encrypted as the settings say."""
    seconds = min(_CONNECT_SECONDS, outgoing.timeout_seconds or _CONNECT_SECONDS)
    told: dict[str, Any] = {"local_hostname": _ME, "timeout": seconds}
    if outgoing.security == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(outgoing.host, port_of(outgoing), context=context, **told)
    else:
        client = smtplib.SMTP(outgoing.host, port_of(outgoing), **told)
    try:
        if outgoing.security == "starttls":
            client.starttls(context=context)
        if client.sock:
            client.sock.settimeout(outgoing.timeout_seconds or None)
        client.ehlo_or_helo_if_needed()
    except BaseException:
        client.close()
        raise
    return client


def _trust(outgoing: Outgoing, base: Path | None) -> ssl.SSLContext:
    if not outgoing.cafile:
        return ssl.create_default_context()
    path = (base or Path()) / Path(outgoing.cafile).expanduser()
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:
        raise Misconfigured(f"[outgoing] cafile: {path}: {error.strerror or 'not a certificate in PEM'}") from None


@contextmanager
def speaking_to(outgoing: Outgoing) -> Iterator[None]:
    """Turns whatever smtplib, the socket and TLS raise into `Unavailable`, in one line."""
    try:
        yield
    except (smtplib.SMTPException, OSError, ValueError) as error:
        where = f"{outgoing.host}:{port_of(outgoing)}"
        why = next((words(error, outgoing) for kind, words in _WORDS if isinstance(error, kind)), repr(error))
        why = " ".join(why.split())[:300]
        raise Unavailable(_("serveur d’envoi {where} : {why}").format(where=where, why=why)) from error


def _text(words: bytes | str) -> str:
    return words if isinstance(words, str) else words.decode("utf-8", "replace")


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode("utf-8", "replace")


_WORDS: tuple[tuple[type[Exception], Callable[[Any, Outgoing], str]], ...] = (
    (
        ssl.SSLCertVerificationError,
        lambda error, _to: _("certificat refusé : {error}").format(error=error.verify_message or error.reason),
    ),
    (ssl.SSLError, lambda error, _to: _("échec du chiffrement TLS : {error}").format(error=error.reason or error)),
    (TimeoutError, lambda _error, to: _("pas de réponse (en {seconds} s)").format(seconds=to.timeout_seconds)),
    (socket.gaierror, lambda error, _to: _("ce nom de serveur est inconnu ({e})").format(e=error.strerror)),
    (ConnectionRefusedError, lambda _error, _to: _("connexion refusée")),
    (
        smtplib.SMTPAuthenticationError,
        lambda error, _to: _("identification refusée : {code} {error}").format(
            code=error.smtp_code, error=_text(error.smtp_error)
        ),
    ),
    (
        smtplib.SMTPSenderRefused,
        lambda error, _to: _("il n’accepte pas notre adresse : {code} {error}").format(
            code=error.smtp_code, error=_text(error.smtp_error)
        ),
    ),
    (smtplib.SMTPNotSupportedError, lambda error, _to: _("il ne sait pas faire : {error}").format(error=error)),
    (
        smtplib.SMTPResponseException,
        lambda error, _to: _("il refuse : {code} {error}").format(code=error.smtp_code, error=_text(error.smtp_error)),
    ),
    (smtplib.SMTPServerDisconnected, lambda error, _to: _("connexion perdue : {error}").format(error=error)),
    (OSError, lambda error, _to: _("connexion perdue : {error}").format(error=error.strerror or error)),
    (Exception, lambda error, _to: _("réponse illisible ({error})").format(error=repr(error))),
)
"""The first kind that fits gives the words, so that the order is from the particular to the general."""

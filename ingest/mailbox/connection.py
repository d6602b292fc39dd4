"""Opening a connection to the mailbox, and saying in one line what went wrong with it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError, ProtocolError

from ingest import settings as mur
from ingest.errors import Misconfigured, Unavailable
from ingest.mailbox import bearer
from ingest.words import _

if TYPE_CHECKING:
    from ingest.oauth.access import Access

_STANDARD_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_CONNECT_SECONDS = 20


def connect(settings: mur.Mailbox, *, base: Path | None, password: str) -> IMAPClient:
    """A connection that is encrypted as the settings say, and logged in.

    `base` is what relative paths are relative to. With `oauth` the password is not looked at. Raises `Misconfigured`
    where host, user, password or CA file are missing, `Unavailable` where the server cannot be reached, cannot be
    trusted, or refuses the login, and `LoginNeeded` where there is no token any more.
    """
    context = _trust(settings, base)
    _require(settings, password)
    if settings.oauth:
        from ingest.oauth.access import Access  # it keeps tokens in the store, which costs half a second to load

        return _with_token(settings, context, Access(settings, base))
    return _session(settings, context, lambda client: _log_in(client, settings.user, password))


def _with_token(settings: mur.Mailbox, context: ssl.SSLContext, access: Access) -> IMAPClient:
    """Log in, twice at most: a token may be revoked, or end, before its time."""
    token = access.token()
    try:
        return _session(settings, context, partial(bearer.log_in, settings=settings, token=token))
    except Unavailable as refusal:
        if access.is_fresh or not isinstance(refusal.__cause__, LoginError):
            raise
    fresh = access.renewed(token)
    return _session(settings, context, partial(bearer.log_in, settings=settings, token=fresh))


def _session(settings: mur.Mailbox, context: ssl.SSLContext, log_in: Callable[[IMAPClient], None]) -> IMAPClient:
    with speaking_to(settings):
        client = _open(settings, context)
        try:
            if settings.security == "starttls":
                client.starttls(context)
            log_in(client)
            _introduce(client)
        except BaseException:
            hang_up(client)
            raise
    return client


def hang_up(client: IMAPClient) -> None:
    """Close the connection without a word; whatever state it is in."""
    with suppress(IMAPClientError, OSError):
        client.shutdown()


@contextmanager
def speaking_to(settings: mur.Mailbox) -> Iterator[None]:
    """Turns whatever imapclient, the socket and TLS raise into `Unavailable`.

    An answer that imapclient cannot read surfaces from it as ValueError, TypeError, LookupError or AttributeError.
    """
    try:
        yield
    except (IMAPClientError, OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        where = f"{settings.host}:{port_of(settings)}"
        why = _plainly(error, settings)
        raise Unavailable(_("boîte aux lettres {where} : {why}").format(where=where, why=why)) from error


def port_of(settings: mur.Mailbox) -> int:
    """The port named, or the standard one of RFC 8314 and RFC 9051."""
    return settings.port or _STANDARD_PORTS[settings.security]


def _require(settings: mur.Mailbox, password: str) -> None:
    if not settings.host:
        raise Misconfigured("[mailbox] host: there is no mailbox to read; expected a server's name")
    if not settings.user:
        raise Misconfigured("[mailbox] user: expected the name that the mailbox is opened with")
    if not password and not settings.oauth:
        source = settings.password_file or f"the environment variable {settings.password_env}"
        raise Misconfigured(f"[mailbox] password_file, password_env: {source} holds no password")


def _trust(settings: mur.Mailbox, base: Path | None) -> ssl.SSLContext:
    if not settings.cafile:
        return ssl.create_default_context()
    path = (base or Path()) / Path(settings.cafile).expanduser()
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:
        raise Misconfigured(f"[mailbox] cafile: {path}: {error.strerror or 'not a certificate in PEM'}") from None


def _open(settings: mur.Mailbox, context: ssl.SSLContext) -> IMAPClient:
    client = IMAPClient(
        settings.host,
        port=port_of(settings),
        ssl=settings.security == "tls",
        ssl_context=context,
        timeout=SocketTimeout(
            connect=min(_CONNECT_SECONDS, settings.timeout_seconds) or None, read=settings.timeout_seconds or None
        ),
    )
    client.normalise_times = False
    quieten(client)
    return client


def quieten(client: Any) -> None:
    """Stops imaplib from formatting every literal for a log that nobody reads.

    imapclient 4.1 sets `debug = 5` on the imaplib object it wraps: fetching then costs fifteen times the CPU, and the
    text of mails would reach the log.
    """
    wrapped = getattr(client, "_imap", None)
    if wrapped is not None and hasattr(wrapped, "debug"):
        wrapped.debug = 0


def _log_in(client: IMAPClient, user: str, password: str) -> None:
    # LOGIN sends its arguments as ASCII (RFC 3501 section 6.2.3); SASL PLAIN is UTF-8 (RFC 4616).
    if user.isascii() and password.isascii():
        client.login(user, password)
    else:
        client.plain_login(user, password)


def _introduce(client: IMAPClient) -> None:
    # RFC 2971. Some providers (NetEase, for one) refuse to SELECT for a client that did not say its name.
    if client.has_capability("ID"):
        try:
            client.id_({"name": "lemurparle"})
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            return


def _plainly(error: Exception, settings: mur.Mailbox) -> str:
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return " ".join(words(error, settings).split())
    return _("réponse illisible ({error})").format(error=repr(error))


def _certificate(error: ssl.SSLCertVerificationError, _settings: mur.Mailbox) -> str:
    return _("certificat refusé : {error}").format(error=error.verify_message or error.reason)


def _tls(error: ssl.SSLError, _settings: mur.Mailbox) -> str:
    return _("échec du chiffrement TLS : {error}").format(error=error.reason or error)


def _silence(_error: TimeoutError, settings: mur.Mailbox) -> str:
    return _("pas de réponse (en {seconds} s)").format(seconds=settings.timeout_seconds)


def _name(error: socket.gaierror, _settings: mur.Mailbox) -> str:
    return _("ce nom de serveur est inconnu ({error})").format(error=error.strerror)


def _refused(_error: ConnectionRefusedError, _settings: mur.Mailbox) -> str:
    return _("connexion refusée")


def _system(error: OSError, _settings: mur.Mailbox) -> str:
    return _("connexion perdue : {error}").format(error=error.strerror or error)


def _login(error: LoginError, settings: mur.Mailbox) -> str:
    return _("identification de {user} refusée : {error}").format(user=settings.user, error=error)


def _abort(error: IMAPClientAbortError, _settings: mur.Mailbox) -> str:
    return _("connexion perdue : {error}").format(error=error)


def _protocol(error: ProtocolError, _settings: mur.Mailbox) -> str:
    return _("réponse illisible ({error})").format(error=error)


def _answer(error: IMAPClientError, _settings: mur.Mailbox) -> str:
    return _("le serveur refuse : {error}").format(error=error)


_WORDS: tuple[tuple[type[Exception], Callable[[Any, mur.Mailbox], str]], ...] = (
    (ssl.SSLCertVerificationError, _certificate),
    (ssl.SSLError, _tls),
    (TimeoutError, _silence),
    (socket.gaierror, _name),
    (ConnectionRefusedError, _refused),
    (OSError, _system),
    (LoginError, _login),
    (IMAPClientAbortError, _abort),
    (ProtocolError, _protocol),
    (IMAPClientError, _answer),
)
"""The first kind that fits gives the words, so that the order is from the particular to the general."""

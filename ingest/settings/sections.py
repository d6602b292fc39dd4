"""What is particular to a wall, one frozen type a section of `mur.toml`. Everything has a default that serves."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ingest.oauth.keys import OAuthKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where articles, private state and the built site lie; relative to the folder of `mur.toml`."""

    content: Path = Path("content")
    state: Path = Path("var")
    output: Path = Path("output")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What visitors and contributors read of the wall."""

    name: str = "Le mur"
    address: str = ""
    """The public address; empty where the wall names none."""
    plus: bool = False
    """Whether its provider delivers `address+mur-142@…` too: reactions are then known by that."""
    tagline: str = ""
    invitation: str = ""
    """The invitation to write, in Markdown, on the home page."""
    notice: str = ""
    """A line above everything, for a time; empty for none."""
    url: str = ""
    """SITEURL, without a final slash; empty builds a site with relative addresses."""
    language: str = "fr"
    timezone: str = "Europe/Paris"
    byline: str = ""
    """How a contribution is signed whose author said nothing; empty for no name at all."""
    display_names: bool = False
    """Whether the display name of the From field may sign a contribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox(OAuthKeys):
    """The IMAP mailbox. Without `host`, `mur poll` says that there is none; everything else works."""

    host: str = ""
    port: int = 0
    """0: 993 for `tls`, 143 otherwise."""
    security: str = "tls"
    """`tls`, `starttls`, or `none`, which is refused but for a loopback address."""
    cafile: str = ""
    user: str = ""
    password_file: str = ""
    password_env: str = "MUR_MAILBOX_PASSWORD"  # noqa: S105 - a variable's name
    folders: tuple[str, ...] = ("INBOX",)
    spam_folders: tuple[str, ...] = ()
    """Read too, with a warning on each draft: false positives are the commonest silent loss."""
    filed: str = "Mur/Recu"
    """Where a mail is moved once it is safely on disk; created where missing."""
    idle: bool = True
    poll_seconds: int = 300
    """The longest time without a search, IDLE or not."""
    timeout_seconds: int = 60
    max_bytes: int = 26_000_000
    """A larger mail is not fetched: its header is, and it is refused by name."""
    authserv_id: str = ""
    """The authserv-id (RFC 8601) that our own server writes, `mx.google.com` say; empty: nothing is authenticated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one mail may cost."""

    text_bytes: int = 200_000
    part_seconds: int = 10
    mail_seconds: int = 90
    memory_bytes: int = 512 * 1024 * 1024
    """Of the child process that reads mails, its code not counted."""
    parts: int = 200
    depth: int = 20
    header_bytes: int = 256_000
    pictures: int = 20
    picture_pixels: int = 64_000_000
    free_bytes: int = 50_000_000
    """Left free on the disk: below it nothing is fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """For how many days documents are kept once somebody, or a rule, decided; 0: for ever."""

    raw_days: int = 30
    """The mail as it came, of what was decided on; its text and media stay."""
    refused_days: int = 30
    """Every document of what was refused or withdrawn."""
    discarded_days: int = 30
    """Every document of what was discarded, refused by a rule, or spam."""
    quarantined_days: int = 90
    """Every document of what could not be read."""
    astray_days: int = 3
    """What was meant for somebody else (a signed complaint, an identity card): erased, here and in the mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """What happens around a publication."""

    after: tuple[str, ...] = ()
    """A command and its arguments, run after the swap with `MUR_OUTPUT` set; rsync, say."""
    by_itself: bool = True
    """Whether `mur poll`, while it stays, publishes what was decided."""
    keep_builds: int = 2
    theme: str = ""
    """Another theme's folder; empty for ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the operator sees."""

    port: int = 0
    """`/health` and `/metrics` on 127.0.0.1, answered by the poller; 0: not at all."""
    log: str = "words"
    """`words` or `json`: the lines on standard error."""
    silence_minutes: int = 30
    """So long without a successful look into the mailbox is a failure; longer than `poll_seconds`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """The server that takes our letters (RFC 6409). Without `host`, none is sent; they wait for nobody and say so."""

    host: str = ""
    port: int = 0
    """0: 465 with `tls`, 587 with `starttls`, 25 with `none`."""
    security: str = "tls"
    """`tls`, `starttls`, or `none`, which is refused but for a loopback address."""
    cafile: str = ""
    user: str = ""
    """Empty: the mailbox's own user, with its password or its OAuth2 token."""
    password_file: str = ""
    password_env: str = "MUR_OUTGOING_PASSWORD"  # noqa: S105 - a variable's name
    address: str = ""
    """What letters are sent from; empty: the wall's public address."""
    daily: int = 400
    """Letters a day at most, below what the provider allows; the rest goes the next day. 0: as many as there are."""
    tries_days: int = 5
    """How long a letter that the server will not take is tried again (RFC 5321 section 4.5.4.1)."""
    kept_days: int = 90
    """For how many days it is remembered which letter went to whom; 0: for ever."""
    timeout_seconds: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Which letters whoever wrote is sent; none without `[outgoing] host` and `[mailbox] authserv_id`."""

    received: bool = True
    published: bool = True
    sent_back: bool = True
    refused: bool = True
    technical: bool = True
    """Too large, empty, unreadable."""
    withdrawn: bool = True
    changed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Letters to whoever asked for them. Nobody can ask without `[outgoing] host` and `[mailbox] authserv_id`."""

    enabled: bool = True
    day: str = "friday"
    """On which the weekly letter leaves, where there is news."""
    hour: int = 17
    """From which hour on, in the wall's time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floods:
    """What is too much at once. Nothing is dropped: what is beyond waits apart, and is said to."""

    sender_daily: int = 20
    """Mails that one sender may have in the queue in a day; 0: as many as come."""
    daily: int = 300
    """The same for all senders together; 0: as many as come."""
    queue: int = 100
    """From so many waiting on, moderators are told once that it is too much, not once for each mail; 0: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaying:
    """Campaigns passed on."""

    fetch: bool = False
    """Whether a moderator may have a thread read from its server's public API: the one thing of a mail ever fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fediverse:
    """What is published, as statuses of one account that speaks Mastodon's API. Without `server`, none is posted."""

    server: str = ""
    """`https://mamot.fr`, say."""
    token_file: str = ""
    token_env: str = "MUR_FEDIVERSE_TOKEN"  # noqa: S105 - a variable's name
    visibility: str = "unlisted"
    """`public`, `unlisted` or `private`."""
    kinds: tuple[str, ...] = ("article", "relay", "update", "event")
    """What is told there."""
    warning: str = ""
    """A content warning on every status; empty for none."""
    warn_tags: tuple[str, ...] = ()
    """A post with one of these tags has it as its content warning."""
    pictures: bool = True
    """Whether pictures go with it: those that somebody described."""
    daily: int = 20
    """Statuses a day at most; the rest goes the next day. 0: as many as there are."""
    tries_days: int = 2
    """How long one that the server will not take is tried again."""
    timeout_seconds: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """The moderators' pages and what their decisions need."""

    port: int = 8020
    """Of `mur serve`, on 127.0.0.1: a web server stands before it (deploy/)."""
    url: str = ""
    """Where moderators reach it, `https://moderation.example.org` say; empty: on this machine only."""
    by_mail: bool = True
    """Whether an answer to a notice may decide; it needs `[mailbox] authserv_id` as well."""
    link_days: int = 14
    """How long a notice can be answered."""
    session_hours: int = 12
    known_session_days: int = 30
    """On a device that its owner calls their own."""
    two_persons: tuple[str, ...] = ()
    """What needs the word of two moderators: `relay` and other kinds, `first` contributions, `named` third persons."""
    digest_hour: int = 18
    """When the daily digest leaves, in the wall's time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderator:
    """One of `[[moderators]]`: who may decide."""

    name: str
    """How the journal calls them."""
    address: str
    role: str = "moderator"
    """`moderator`, or `administrator`, who may also erase and block."""
    notices: str = "each"
    """`each` contribution, a `daily` digest, or `none`; a moderator can choose otherwise on their page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of `mur.toml`. `file` is where it was read, None for defaults alone."""

    file: Path | None = None
    database: str = ""
    """An SQLAlchemy URL; empty for `mur.db` in the state folder."""
    paths: Paths = field(default_factory=Paths)
    wall: Wall = field(default_factory=Wall)
    mailbox: Mailbox = field(default_factory=Mailbox)
    limits: Limits = field(default_factory=Limits)
    publish: Publish = field(default_factory=Publish)
    keeping: Keeping = field(default_factory=Keeping)
    watch: Watch = field(default_factory=Watch)
    outgoing: Outgoing = field(default_factory=Outgoing)
    letters: Letters = field(default_factory=Letters)
    following: Following = field(default_factory=Following)
    floods: Floods = field(default_factory=Floods)
    relay: Relaying = field(default_factory=Relaying)
    fediverse: Fediverse = field(default_factory=Fediverse)
    moderation: Moderation = field(default_factory=Moderation)
    moderators: tuple[Moderator, ...] = ()

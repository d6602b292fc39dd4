"""Addresses of links: only four schemes, out of their click counters, without what follows the reader."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from ingest.body.blocks import Inline, Link, Text
from ingest.body.contacts import ADDRESS

MAX_LENGTH = 2000
"""Characters; longer addresses are of no use to a reader and are left out."""
_WRAPPERS_DEEP = 5

_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u034f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]"
)
_MAIL = re.compile(r"mailto:[^\s<>\"@]+@[^\s<>\"@]+", re.IGNORECASE)
_PHONE = re.compile(r"tel:\+?[0-9()., -]{3,30}", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})|\d{1,3}(?:\.\d{1,3}){3}")
_ESCAPES = {ord(c): f"%{ord(c):02X}" for c in " \"'<>[]\\^`{|}"} | {0xA0: "%C2%A0"}


@dataclass(frozen=True, slots=True)
class CleanLink:
    """What became of an address: `href` is None where none may stand."""

    href: str | None
    removed: tuple[str, ...] = ()
    """Names of the parameters and services taken out, `utm_source` or `safelinks.protection.outlook.com` say."""
    warning: str | None = None
    """`link-redirect: HOST`, `link-login: HOST`, `link-scheme: SCHEME` or `link-too-long`."""


_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id"
    r"|_hs(?:enc|mi)|hsctatracking|__hs\w+|mkt_tok|vero_(?:id|conv)|oly_(?:anon|enc)_id|_openstat|wickedid|mibextid"
    r"|pk_(?:campaign|kwd|source|medium|content|cid)|mtm_\w+|piwik_\w+|matomo_\w+|at_(?:medium|campaign|custom\d)"
    r"|xtor|sc_(?:campaign|channel|content|medium|outcome|geo|country)|s_cid|rb_clickid|_ga|_gl|trk(?:contact|email)?"
    r"|ml_subscriber(?:_hash)?|ck_subscriber_id|sib_\w+|elq\w*|spm|ref_src|_branch_match_id|__s|sfmc_\w+)",
    re.IGNORECASE,
)


def _parameter(*names: str) -> Callable[[SplitResult], str | None]:
    def read(url: SplitResult) -> str | None:
        for piece in url.query.split("&"):
            name, _, value = piece.partition("=")
            if name.lower() in names and value:
                return unquote(value)
        return None

    return read


def _proofpoint_2(url: SplitResult) -> str | None:
    coded = _parameter("u")(url)
    return unquote(coded.replace("-", "%").replace("_", "/")) if coded else None


def _proofpoint_3(url: SplitResult) -> str | None:
    """`/v3/__ADDRESS__;BASE64!!…$`: each `*` of ADDRESS stands for the next character of BASE64, `**x` for several."""
    found = re.match(r"/v3/__(.+?)__(?:;([\w-]*)|;?)", urlunsplit(url).removeprefix(f"{url.scheme}://{url.netloc}"))
    if found is None:
        return None
    address, coded = found[1], found[2] or ""
    try:
        spare = list(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode())
    except (binascii.Error, UnicodeDecodeError):
        return None
    spare.reverse()
    address = re.sub(r"^(https?):/(?!/)", r"\1://", address)
    return re.sub(r"\*", lambda _: spare.pop() if spare else "*", address)


def _last_segment(url: SplitResult) -> str | None:
    return unquote(url.path.rsplit("/", 1)[-1])


def _inside(url: SplitResult) -> str | None:
    found = re.search(r"/(https?:/{1,2}[^/_].*?)(?:___\.|$)", url.path.replace("___", "/", 1))
    return re.sub(r"^(https?:)/(?!/)", r"\1//", found[1]) if found else None


WRAPPERS: tuple[tuple[str, str, Callable[[SplitResult], str | None]], ...] = (
    (r"(?:.+\.)?safelinks\.protection\.(?:outlook\.com|office365\.us)", r"", _parameter("url")),
    (r"(?:www\.)?google\.[a-z.]{2,6}", r"/url$", _parameter("q", "url")),
    (r"(?:lm?|www|m)\.(?:facebook|messenger)\.com", r"/(?:l\.php|flx/warn)", _parameter("u")),
    (r"l\.(?:instagram\.com|threads\.(?:net|com)|wl\.co)", r"", _parameter("u")),
    (r"urldefense\.proofpoint\.com", r"/v1/url", _parameter("u")),
    (r"urldefense\.proofpoint\.com", r"/v2/url", _proofpoint_2),
    (r"urldefense(?:\.proofpoint)?\.com|urldefense\.us", r"/v3/", _proofpoint_3),
    (r"(?:\w+\.)?linkedin\.com", r"/(?:redir/redirect|safety/go)", _parameter("url")),
    (r"(?:www\.)?youtube\.com", r"/redirect", _parameter("q")),
    (r"out\.reddit\.com", r"", _parameter("url")),
    (r"(?:www\.)?vk\.com", r"/away\.php", _parameter("to")),
    (r"t\.umblr\.com", r"/redirect", _parameter("z")),
    (r"slack-redir\.net", r"/link", _parameter("url")),
    (r"exit\.sc", r"", _parameter("url")),
    (r"deref-(?:gmx\.[a-z]{2,3}|web\.de|mail\.com|1und1\.de)", r"", _parameter("redirecturl")),
    (r"linkprotect\.cudasvc\.com", r"/url", _parameter("a")),
    (r"clicktime\.symantec\.com", r"", _parameter("u")),
    (r"urlsand\.(?:esvalabs\.)?com", r"", _parameter("u")),
    (r"secure-web\.cisco\.com", r"", _last_segment),
    (r"(?:www\.)?protect\.checkpoint\.com", r"/v\d/", _inside),
    (r"(?:www\.)?duckduckgo\.com", r"/l/", _parameter("uddg")),
    (r"(?:www\.)?bing\.com", r"/ck/", lambda _: None),
)
"""Click counters that carry the address they lead to: host, path, how it is read."""

_COUNTERS = re.compile(
    r"(?:.+\.)?(?:list-manage\d?\.com|sendgrid\.net|mjt\.lu|mailjet\.com|sendibt?\d*\.com|sendib\w\d?\.com|brevo\.com"
    r"|mailchi\.mp|mandrillapp\.com|hubspotlinks\.com|hs-sites\.com|cmail\d+\.com|createsend\d*\.com|rs6\.net"
    r"|mailerlite\.com|mlsend\d*\.com|sparkpostmail\d*\.com|mailgun\.(?:org|net)|sailthru\.com|exacttarget\.com"
    r"|emltrk\.com|awstrack\.me|mimecast(?:protect)?\.com|inky\.com|t\.co|bit\.ly|tinyurl\.com|ow\.ly|buff\.ly|lnkd\.in"
    r"|is\.gd|goo\.gl|cutt\.ly|vadesecure\.com|bing\.com|getresponse\.com|aweber\.com|klclick\d?\.com|substack\.com/redirect"
    r"|trk\.\w+|click\.\w+|clicks?\..+|links?\.(?:news|mail|email|e)\..+|track(?:ing)?\..+|trk\..+|r\.(?:mail|news)\..+)",
    re.IGNORECASE,
)
"""Shorteners and click counters whose target only they know."""


@lru_cache(maxsize=512)
def clean(href: str) -> CleanLink:
    """An address as it may stand on a page: http, https, mailto or tel, unwrapped and without tracking parameters.

    Never fetches anything. Linear in the length of `href`; raises nothing.
    """
    text = _INVISIBLE.sub("", href).strip().translate(_ESCAPES)
    if len(text) > MAX_LENGTH * 4:
        return CleanLink(None, warning="link-too-long")
    if text[:4].lower() == "www.":
        text = "https://" + text
    scheme = text.partition(":")[0].lower()
    if scheme == "mailto":
        return CleanLink(text) if _MAIL.match(text) else CleanLink(None, warning="link-scheme: mailto")
    if scheme == "tel":
        number = unquote(text)
        return CleanLink(number.replace(" ", "")) if _PHONE.fullmatch(number) else CleanLink(None)
    if scheme not in {"http", "https"}:
        named = scheme if re.fullmatch(r"[a-z][a-z0-9+.-]{0,20}", scheme) and ":" in text else ""
        return CleanLink(None, warning=f"link-scheme: {named}" if named else None)
    return _web(text)


def _web(text: str) -> CleanLink:
    removed: list[str] = []
    url = _split(text)
    for _ in range(_WRAPPERS_DEEP):
        target = _unwrapped(url) if url else None
        if target is None:
            break
        removed.append(url.hostname or "" if url else "")
        url = target
    if url is None:
        return CleanLink(None)
    login = "@" in url.netloc
    url = url._replace(netloc=url.netloc.rpartition("@")[2].lower())
    url, names = _without_tracking(url)
    text = urlunsplit(url).translate(_ESCAPES)
    if len(text) > MAX_LENGTH:
        return CleanLink(None, warning="link-too-long")
    return CleanLink(text, tuple(dict.fromkeys([*removed, *names])), _warning(url, login=login))


def _warning(url: SplitResult, *, login: bool) -> str | None:
    name = url.hostname or ""
    if login:
        return f"link-login: {name}"
    return f"link-redirect: {name}" if _COUNTERS.fullmatch(name) else None


def _split(text: str) -> SplitResult | None:
    """The parts of a web address; None where it is none that a browser would follow to a named host."""
    try:
        url = urlsplit(text)
        name, _ = url.hostname or "", url.port
    except ValueError:
        return None
    if url.scheme not in {"http", "https"} or not (name == "localhost" or _HOST.fullmatch(name)):
        return None
    return url._replace(netloc=url.netloc.lower() if "@" not in url.netloc else url.netloc)


def _unwrapped(url: SplitResult) -> SplitResult | None:
    host_name = url.hostname or ""
    for name, path, read in WRAPPERS:
        if re.fullmatch(name, host_name) and re.match(path, url.path):
            target = read(url)
            if target:
                return _split(_INVISIBLE.sub("", target).strip().translate(_ESCAPES))
    return None


def _without_tracking(url: SplitResult) -> tuple[SplitResult, list[str]]:
    """Without the parameters that follow a reader, and without those that hold somebody's mail address."""
    names: list[str] = []
    kept: list[str] = []
    for piece in url.query.split("&") if url.query else ():
        name = piece.partition("=")[0]
        if _TRACKING.fullmatch(name) or ADDRESS.search(unquote(piece.partition("=")[2])):
            names.append(name.lower())
        else:
            kept.append(piece)
    fragment = url.fragment
    if fragment.lower().startswith(("utm_", "xtor=")):
        names.append(fragment.partition("=")[0].lower())
        fragment = ""
    return url._replace(query="&".join(kept), fragment=fragment), names


# --- addresses as they stand in text

BARE = re.compile(r"https?://[^\s<>\"«»“”„`{}|\\^\[\]]{1,2000}", re.IGNORECASE)
"""A web address in text, with the punctuation that `ended` takes off."""
_TRAILING = ".,;:!?'’‘…*_~"


def host(href: str) -> str:
    """The host of a web address without `www.`, or an empty string."""
    url = _split(href)
    return (url.hostname or "").removeprefix("www.") if url else ""


def mismatch(shown: str, href: str) -> str | None:
    """A warning where a link shows another host than the one it leads to, else None."""
    shown = shown.strip()
    if len(shown) > MAX_LENGTH or not re.fullmatch(
        r"(?:https?://)?[\w.-]+\.[^\W\d_]{2,24}(?::\d+)?(?:[/?#]\S*)?", shown
    ):
        return None
    says = host(shown if shown.lower().startswith(("http:", "https:")) else f"https://{shown}")
    leads = host(href)
    if not says or not leads or says == leads or says.endswith("." + leads) or leads.endswith("." + says):
        return None
    return f"link-mismatch: {says} -> {leads}"


def linked(text: str) -> tuple[Inline, ...]:
    """`text` with the web addresses that stand in it as links, cleaned; punctuation that follows stays outside."""
    pieces: list[Inline] = []
    end = 0
    for found in BARE.finditer(text):
        address = ended(found[0])
        start = found.start()
        href = clean(address).href if not start or not text[start - 1].isalnum() else None
        if href is None:
            continue
        if start > end:
            pieces.append(Text(text[end:start]))
        pieces.append(Link(href, (Text(address),)))
        end = start + len(address)
    if end < len(text):
        pieces.append(Text(text[end:]))
    return tuple(pieces)


def ended(address: str) -> str:
    """Without the punctuation of the sentence, and without a closing bracket that opens before the address."""
    while address:
        last = address[-1]
        unopened = last == ")" and address.count(")") > address.count("(")
        if last not in _TRAILING and not unopened:
            break
        address = address[:-1]
    return address

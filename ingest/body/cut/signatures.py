"""What ends a mail and is not what its author wrote in it: signatures, the advertising of apps, contact blocks.

The closing words of a person ("Bises, Claudine") belong to the text. Everything here looks at the end of a stretch of
the author's own lines and goes upwards, a piece at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingest.body.contacts import ADDRESS, PHONE, STREET, TOWN
from ingest.body.cut import footers
from ingest.body.lines import DELIMITERS, Line
from ingest.model import Why

_LONGEST_SIGNATURE = 15
_MOST_PIECES = 60
_THING = (
    r"(?:iphone|ipad|ipod|apple|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|pixel|nokia|sony|htc|lg|motorola|blackberry"
    r"|windows|outlook|yahoo|gmail|proton ?mail|proton|thunderbird|k-9|bluemail|orange|sfr|free|bouygues"
    r"|la ?poste|webmail"
    r"|messagerie|zimbra|mail|courrier|mailbox|mailspring|airmail|spark|mobile|portable|t[ée]l[ée]phone|phone|smartphone"
    r"|appareil|tablette|tablet|device|fairphone|mailo|tutanota|tuta|hey|fastmail|infomaniak|e\.email|murena|móvil|telefono"
    r"|telefon|mobiltelefon|handy|cell(?:ulare)?|telem[óo]vel|celular|dispositivo)"
)
_MY = r"(?:my|mon|ma|mes|notre|un|une|meinem|meine|mi|mio|mia|meu|minha|mijn|el meu|min|mit|mój|moj\w*|moje\w*)"
_SENT = (
    r"(?:envoyée?s?|message envoyé|courriel envoyé|mail envoyé|transmis|sent|enviat|enviado|enviada"
    r"|gesendet|geschickt|inviato"
    r"|inviata|verzonden|verstuurd|gestuurd|sendt|skickat|skickades|lähetetty|wysłane|wysłano|odesláno|odoslané|küldve|trimis"
    r"|отправлено|надіслано|gönderildi)"
)
_WRITTEN = r"(?:écrit|rédigé|posté|written|typed|posted|escrit|escrito|geschrieben|scritto|geschreven)"
_FROM = (
    r"(?:de|depuis|à partir (?:de|d'|du)|avec|via|par|sur|du|d'|from|with|via|using|by|on|des de|des del"
    r"|des d'|desde|con|von"
    r"|mit|vom|da|dal|dalla|do|a partir do|vanaf|van|met|fra|från|z|ze|из|с|з|iz)"
)
_DEVICE = (
    re.compile(rf"(?:{_SENT}|{_WRITTEN}) {_FROM} ?{_MY} (?:{_THING}\b|(?-i:[A-Z0-9])).{{0,80}}", re.IGNORECASE),
    re.compile(rf"{_SENT} {_FROM} ?(?:\S+ ){{0,5}}\W?{_THING}\b.{{0,120}}", re.IGNORECASE),
    re.compile(rf"(?:\S+ ){{0,2}}from (?:my )?{_THING}\b.{{0,20}}", re.IGNORECASE),
    re.compile(
        r"(?:\S+ ){0,4}(?:von|mit|van|vanaf) (?:\S+ ){0,6}(?:gesendet|verzonden|verstuurd|geschickt)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:télécharge[rz]?|obten(?:ez|ir)|get|download|descarregar?|descargar|obtener|obtén"
        rf"|hol(?:en sie)? (?:sich|dir)|scarica"
        rf"|ottieni|obter|download|installe[rz]) (?:\S+ )?\W?(?:{_THING}|l'appli\w*)\b.{{0,120}}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:provenance|sent from|envoyé depuis) ?: (?:\S+ ){{0,2}}\W?{_THING}\b.{{0,80}}", re.IGNORECASE),
    re.compile(r"(?:從我的|发自我的|從|发自|寄自).{1,30}(?:傳送|寄出)?|(?:iPhone|iPad|Android)ﾞ?から送信"),
    re.compile(
        r"(?:please )?(?:excuse|pardon|désolée? pour|excusez|pardonnez) .{0,40}(?:typo|faute|brièveté|brevity"
        r"|concision).{0,40}",
        re.IGNORECASE,
    ),
)
_URL = re.compile(r"[<(\[]?(?:https?://|www\.)\S+[>)\]]?", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:(?:très |bien )?(?:cordialement|sincèrement|amicalement|fraternellement|solidairement"
    r"|chaleureusement|respectueusement)"
    r"|bien à (?:vous|toi)|à (?:vous|toi)|(?:mes |nos )?(?:sincères|meilleures|cordiales"
    r"|respectueuses)? ?salutations[\w ]{0,30}"
    r"|cdlt|cdt|bàv|sentiments [\w ]{0,20}|(?:veuillez|je vous prie|recevez).{0,90}"
    r"|(?:best|kind|warm|many)? ?regards|sincerely|yours[\w ]{0,12}|cheers|best(?: wishes)?|(?:many )?thanks|thank you"
    r"|salutacions|cordialment|atentament|saludos|atentamente|un saludo|mit freundlichen grüßen|mfg|viele grüße"
    r"|cordiali saluti|distinti saluti|saluti|atenciosamente|cumprimentos|met vriendelijke groet(?:en)?"
    r"|groet(?:en|jes)?)"
    r"(?: et .{1,30})?[ ,.;!:]*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:tél(?:éphone)?|tel|port(?:able)?|mob(?:ile)?|fixe|fax|gsm|standard|ligne directe|e-?mail|mail"
    r"|courriel|site|web|adresse"
    r"|phone|cell|skype|linkedin|mastodon|facebook|twitter|instagram)\b",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"p\.? ?-?s\.? ?\d?[ :]", re.IGNORECASE)

Trim = Callable[[Sequence[Line], int, int], tuple[int, Why] | None]
"""Given a stretch `lo` to `hi`, where its last piece starts and why that is no text of the author, or None."""


def _divider(lines: Sequence[Line], _lo: int, hi: int) -> tuple[int, Why] | None:
    line = lines[hi - 1]
    bare = line.plain.replace(" ", "")
    hollow = not line.picture and not bare.strip(DELIMITERS) and (len(bare) > 1 or bare == "\u1427")
    return (hi - 1, Why.SIGNATURE) if hollow else None


def _device(lines: Sequence[Line], _lo: int, hi: int) -> tuple[int, Why] | None:
    line = lines[hi - 1]
    return (hi - 1, Why.SIGNATURE) if not line.picture and is_device(line.plain) else None


def is_device(text: str) -> bool:
    """Whether a line is what a telephone or an app adds: "Envoyé de mon iPhone"."""
    bare = text.replace("’", "'").strip(" <>()[]*_-–—.•|").replace("](", " ").replace("[", "")
    return len(bare) <= 200 and any(pattern.fullmatch(bare) for pattern in _DEVICE)


def _link_below_device(lines: Sequence[Line], lo: int, hi: int) -> tuple[int, Why] | None:
    if hi - lo < 2 or not _URL.fullmatch(lines[hi - 1].plain):
        return None
    return (hi - 2, Why.SIGNATURE) if is_device(lines[hi - 2].plain) else None


def _delimited(lines: Sequence[Line], lo: int, hi: int) -> tuple[int, Why] | None:
    """RFC 3676 section 4.3: "-- " alone on a line, and nothing long below it."""
    found = None
    for number in range(hi - 1, max(lo, hi - _LONGEST_SIGNATURE - 1) - 1, -1):
        if lines[number].plain == "--" and not lines[number].picture:
            found = number
    if found is None or sum(len(line.plain) for line in lines[found:hi]) > 1200:
        return None
    return found, Why.FOOTER if footers.of_a_list(lines[found:hi]) else Why.SIGNATURE


def _contact(lines: Sequence[Line], lo: int, hi: int) -> tuple[int, Why] | None:
    """ "Cordialement, Jean Dupont, 06 …": a closing, then short lines, one of them at least a way to reach somebody."""
    for number in range(hi - 1, max(lo, hi - 10) - 1, -1):
        line = lines[number].plain
        if len(line) > 90 or _POSTSCRIPT.match(line):
            return None
        if _CLOSING.fullmatch(line) and number < hi - 1:
            below = lines[number + 1 : hi]
            return (number, Why.SIGNATURE) if any(_reaches(one.plain) for one in below) else None
    return None


def _reaches(text: str) -> bool:
    rest = text
    for pattern in (ADDRESS, PHONE, _URL, STREET, TOWN):
        rest = pattern.sub("", rest)
    return rest != text and sum(map(str.isalpha, _LABEL.sub("", rest))) <= 25


def _marked(lines: Sequence[Line], lo: int, hi: int) -> tuple[int, Why] | None:
    marker = lines[hi - 1].marker
    if marker not in {"signature", "footer"}:
        return None
    start = hi - 1
    while start > lo and lines[start - 1].marker == marker:
        start -= 1
    return start, Why.SIGNATURE if marker == "signature" else Why.FOOTER


TRIMS: tuple[Trim, ...] = (
    _marked, _divider, _device, _link_below_device, footers.antivirus, footers.mailing_list,
    footers.disclaimer, _delimited, _contact,
)  # fmt: skip


def trim(lines: Sequence[Line], lo: int, hi: int) -> list[tuple[int, int, Why]]:
    """The pieces (start, end, why) to fold at the end of the stretch `lo` to `hi`, last one first."""
    pieces: list[tuple[int, int, Why]] = []
    while hi > lo and len(pieces) < _MOST_PIECES:
        found = next(filter(None, (each(lines, lo, hi) for each in TRIMS)), None)
        if found is None:
            break
        pieces.append((found[0], hi, found[1]))
        hi = found[0]
    return pieces

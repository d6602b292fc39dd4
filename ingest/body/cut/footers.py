"""What servers, offices and lists add below a mail: disclaimers, antivirus lines, how to unsubscribe."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.body.lines import Line
from ingest.model import Why

_LONGEST_DISCLAIMER = 40
_STRONG = re.compile(
    r"ce (?:message|courriel|mail|e-mail|courrier)[^.]{0,60}(?:pièces? jointes?|confidentiel)"
    r"|(?:reçu|recevez) ce (?:message|courriel|mail|e-mail|courrier)[^.]{0,30} par erreur"
    r"|(?:pens(?:ez|ons)|think|consider|penseu)[^.]{0,60}(?:environnement|environment|planète"
    r"|medi ambient)[^.]{0,80}(?:imprim|print)"
    r"|avant d'imprimer|n'imprime[rz] ce|before printing this"
    r"|this (?:e-?mail|message|communication)[^.]{0,80}(?:confidential|intended|privileged|scanned|swept)"
    r"|the information in this e-?mail|if you (?:have received|are not the intended)[^.]{0,60}"
    r"|diese (?:e-mail|nachricht)[^.]{0,80}vertraulich|este (?:mensaje|correo)[^.]{0,80}confidencial"
    r"|esta mensagem[^.]{0,80}confidencial|questo messaggio[^.]{0,80}(?:riservat|confidenzial)"
    r"|dit bericht[^.]{0,80}vertrouwelijk"
    r"|aquest (?:missatge|correu)[^.]{0,80}confidencial"
    r"|the original of this e-?mail was scanned|e-?mail messages are routinely monitored|monitored centrally",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"confidenti|destinataire|intended (?:recipient|solely|only|for)|in error|par erreur|détrui|supprimer"
    r"|expéditeur|sender|addressee"
    r"|virus|intégrité|altéré|unlawful|prohibited|interdite?|monitor|privileged|disclos|divulgation|disclaimer|responsabilité"
    r"|copy|distribut|whom (?:it|they)|data protection",
    re.IGNORECASE,
)
_ANTIVIRUS = re.compile(
    r"(?:l'absence de virus|aucun virus|garanti sans virus|ce (?:courrier|message|courriel"
    r"|mail)[^.]{0,40}(?:virus|antivirus|antispam)"
    r"|virus-free|virenfrei|libre de virus|no virus found|sense virus|senza virus|sem vírus|scanned by"
    r"|this email has been (?:checked|scanned))"
    r".{0,200}|(?:https?://)?(?:www\.)?(?:avast|avg|mailinblack|vaderetro|vadesecure|bitdefender|kaspersky|eset)\.(?:com|fr)\S*",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"listinfo|liste de (?:diffusion|discussion)|mailing.?list|framalistes?|framaliste|groups\.google"
    r"|google groupes?|yahoogroups"
    r"|(?:se |vous |me )?(?:désinscrire|désinscription|désabonner|désabonnement)|unsubscribe"
    r"|abonné au groupe|sympa\b|/sympa/|listes\.\w"
    r"|darse de baja|donar-se de baixa|abmelden|disiscri|annulla l'iscrizione|cancelar a (?:inscri|assin)"
    r"|afmelden|riseup\.net",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"(?:caution|warning|attention|avertissement|\[?extern[ea]l?\]?)\b.{0,40}(?:originated from|outside"
    r"|extérieur|externe|external).{0,300}"
    r"|(?:ce (?:message|courriel|mail|e-mail)) (?:provient|vient|a été envoyé) (?:de |d')?(?:l'extérieur"
    r"|un expéditeur externe).{0,300}",
    re.IGNORECASE,
)


def antivirus(lines: Sequence[Line], _lo: int, hi: int) -> tuple[int, Why] | None:
    """ "Garanti sans virus. www.avast.com", with the address on a line of its own or not."""
    line = lines[hi - 1]
    if line.picture or len(line.plain) > 300 or not _ANTIVIRUS.match(line.plain.replace("’", "'").strip("<>[]()*_ ")):
        return None
    return hi - 1, Why.FOOTER


def of_a_list(lines: Sequence[Line]) -> bool:
    """Whether lines tell of a mailing list or how to leave it."""
    return any(_LIST.search(line.plain[:500]) for line in lines)


def mailing_list(lines: Sequence[Line], lo: int, hi: int) -> tuple[int, Why] | None:
    """Mailman's line of 47 underscores and what is below; or a last paragraph of how to unsubscribe."""
    for number in range(hi - 1, max(lo, hi - 9) - 1, -1):
        if _ruled(lines[number]) and number < hi - 1:
            return (number, Why.FOOTER) if of_a_list(lines[number + 1 : hi]) else None
    start = _paragraph(lines, lo, hi)
    if hi - start > 4 or not _leaving(lines[start:hi]):
        return None
    return start, Why.FOOTER


_LEAVING = re.compile(
    r"(?:pour |to |cliquez .{0,20}pour |si vous ne souhaitez plus .{0,60})?.{0,30}"
    r"(?:désinscri|désabonn|unsubscri|darse de baja|abmelden|afmelden)", re.IGNORECASE
)  # fmt: skip


def _leaving(lines: Sequence[Line]) -> bool:
    return sum(len(line.plain) for line in lines) < 400 and bool(
        _LEAVING.match(lines[0].plain) or _LEAVING.match(lines[-1].plain)
    )


def _ruled(line: Line) -> bool:
    bare = line.plain.replace(" ", "")
    return len(bare) >= 20 and not bare.strip("_-*=#")


def _paragraph(lines: Sequence[Line], lo: int, hi: int) -> int:
    start = hi - 1
    while start > lo and not lines[start].gap and hi - start <= _LONGEST_DISCLAIMER:
        start -= 1
    return start


def disclaimer(lines: Sequence[Line], lo: int, hi: int) -> tuple[int, Why] | None:
    """A last paragraph in the words of legal departments; below a long rule, everything down to the next or the end."""
    for number in range(hi - 1, max(lo, hi - _LONGEST_DISCLAIMER) - 1, -1):
        if _ruled(lines[number]) and number < hi - 1:
            if _legal(lines[number + 1 : hi], ruled=True):
                return number, Why.FOOTER
            break
    start = _paragraph(lines, lo, hi)
    return (start, Why.FOOTER) if _legal(lines[start:hi]) else None


def _legal(lines: Sequence[Line], *, ruled: bool = False) -> bool:
    text = " ".join(line.plain for line in lines)[:4000].replace("’", "'")
    strong = len({found[0].lower() for found in _STRONG.finditer(text)})
    weak = len({found[0].lower() for found in _WEAK.finditer(text)})
    return strong >= 2 or (strong == 1 and (ruled or weak >= 2 or len(text) < 200))


def banner(lines: Sequence[Line]) -> int:
    """How many of the first lines are an office's warning that the mail comes from outside."""
    return (
        1
        if lines and len(lines[0].plain) < 400 and _BANNER.match(lines[0].plain.replace("’", "'").strip("*_[] "))
        else 0
    )

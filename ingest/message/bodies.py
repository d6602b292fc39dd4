"""The texts of a mail put together from its parts, and its attachments: decoded, cleaned, nothing left out."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from ingest.message import armour, charsets, flowed, smime, tnef
from ingest.message.parts import HTML, Sorted
from ingest.message.tree import Part
from ingest.model import Attachment

ENCRYPTED = "encrypted"
"""Warning: the text is encrypted, and so is not read."""
ENCRYPTED_PART = "encrypted-part"
"""Warning: something beside the text is encrypted."""
WINMAIL = "winmail"
"""Warning: sent as Outlook's own format (TNEF), read as far as it can be."""

PICTURE = "\ufffc"
"""Before `<content-id>`, alone on a line of a plain text: the picture that an iPhone put between two texts."""

_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_CID = re.compile(r"cid:([^\"'\s<>)]{1,300})", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_TAG = re.compile(r"</?[A-Za-z0-9-]{1,60}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """What a mail holds. `attached` is the first message/rfc822 part's bytes, `attached_name` what it was called."""

    plain: str | None
    flowed: bool
    html: str | None
    attachments: tuple[Attachment, ...]
    attached: bytes | None
    attached_name: str
    warnings: tuple[str, ...]

    def unopened(self) -> tuple[Attachment, ...]:
        """The attached message as the file that it is."""
        if self.attached is None:
            return ()
        return (
            Attachment(
                name=self.attached_name, declared_type="message/rfc822", content_id="", inline=False, data=self.attached
            ),
        )


def fill(parts: Sorted) -> Bodies:
    """The texts and attachments of sorted parts. Linear; raises nothing."""
    return _Filling().bodies(parts)


@dataclass(slots=True)
class _Filling:
    warnings: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    attached: bytes | None = None
    attached_name: str = ""
    winmail: tnef.Unpacked | None = None
    encrypted: bool = False
    texts: dict[int, str] = field(default_factory=dict)

    def bodies(self, parts: Sorted) -> Bodies:
        markup = self._markup(parts.markup)
        between = _between(parts.plain) if markup is None else set()
        plain = self._plain(parts.plain, between)
        named = {unquote(cid) for cid in _CID.findall(markup or "")}
        pictures = between | {id(part) for part in parts.markup if part.kind == "image" and markup is not None}
        for part, within in parts.others:
            self._other(part, within, named, shown=id(part) in pictures)
        if self.winmail and not (plain or "").strip() and not markup:
            plain, markup = self.winmail.plain, self.winmail.html
        if plain is not None:
            plain = self._unarmoured(plain)
        if plain is not None and markup and not plain.strip():
            plain = None
        if self.encrypted:
            alone = armour.says_little(plain if plain is not None else _TAGS.sub("", markup or ""))
            self.warnings.append(ENCRYPTED if alone else ENCRYPTED_PART)
        return Bodies(
            plain=plain,
            flowed=plain is not None
            and bool(parts.plain)
            and all(_is_flowed(part) for part in parts.plain if part.kind == "text"),
            html=markup if plain is None or (markup or "").strip() else None,
            attachments=tuple(self.attachments),
            attached=self.attached,
            attached_name=self.attached_name,
            warnings=tuple(dict.fromkeys(self.warnings)),
        )

    def _plain(self, parts: tuple[Part, ...], pictures: set[int]) -> str | None:
        """The plain rendering; None where a part of it exists as HTML alone."""
        texts = [part for part in parts if part.kind == "text" or part.type in HTML]
        if not texts or any(part.type in HTML for part in texts):
            return None
        shown = (part for part in parts if part.kind == "text" or id(part) in pictures)
        pieces = [piece for piece in map(self._piece, shown) if piece.strip()]
        return "\n\n".join([piece.strip("\n") for piece in pieces[:-1]] + pieces[-1:])

    def _markup(self, parts: tuple[Part, ...]) -> str | None:
        """The HTML rendering; None where no part of it is HTML."""
        if not any(part.type in HTML for part in parts):
            return None
        pages = [self._text(part) for part in parts if part.type in HTML]
        if len(parts) == 1:
            return pages[0]
        named = {unquote(cid) for page in pages for cid in _CID.findall(page)}
        said = _letters(html.unescape(_TAGS.sub("", "".join(pages))))
        pieces = []
        for part in parts:
            if part.type in HTML:
                pieces.append(self._text(part))
            elif part.kind == "image" and part.content_id not in named:
                pieces.append(f'<p><img src="cid:{html.escape(_cid(part))}"></p>')
            elif part.kind == "text" and not _repeats(_letters(self._text(part)), said):
                pieces.append(_paragraphs(self._text(part)))
        return "\n".join(pieces)

    def _piece(self, part: Part) -> str:
        """A text, or a picture by its name, in a plain rendering; Apple leaves bare U+FFFC where something stood."""
        return f"{PICTURE}<{_cid(part)}>" if part.kind == "image" else self._text(part).replace(PICTURE, "")

    def _text(self, part: Part) -> str:
        """A text part, decoded once."""
        if id(part) not in self.texts:
            self.texts[id(part)] = self._decoded(part)
        return self.texts[id(part)]

    def _decoded(self, part: Part) -> str:
        decoded = charsets.decode(part.data, part.parameters.get("charset", ""), html=part.type in HTML)
        if decoded.guessed:
            self.warnings.append(charsets.GUESSED)
        if charsets.has_bidi_override(decoded.text):
            self.warnings.append(charsets.BIDI)
        text = charsets.clean(decoded.text)
        if part.type in _ENRICHED:
            text = _TAG.sub("", text.replace("<<", "&lt;")).replace("&lt;", "<")
        if _is_flowed(part):
            text = flowed.unwrap(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
        return text

    def _other(self, part: Part, within: str, named: set[str], *, shown: bool) -> None:
        """A leaf that is no text: what it says of the mail, or an attachment."""
        if part.type in _SIGNATURES:
            self.warnings.append(smime.SIGNED)
        elif part.type in _MESSAGES and self.attached is None:
            self.attached, self.attached_name = part.data, part.name
        elif part.type in _TNEF or part.name.lower() == "winmail.dat":
            self._unpack(part)
        elif part.type != "application/applefile":
            if within == "multipart/encrypted" or part.type == "application/pgp-encrypted" or _is_enveloped(part):
                self.encrypted = True
            content_id = _cid(part) if shown else part.content_id
            inline = part.disposition == "inline" or content_id in named or within == "multipart/related" or shown
            self.attachments.append(_attachment(part, content_id, inline=inline))

    def _unpack(self, part: Part) -> None:
        self.warnings.append(WINMAIL)
        unpacked = tnef.unpack(part.data)
        if unpacked is None:
            self.attachments.append(_attachment(part, part.content_id, inline=False))
        else:
            self.winmail = unpacked
            self.attachments += unpacked.attachments

    def _unarmoured(self, text: str) -> str:
        if armour.is_encrypted(text):
            self.encrypted = True
        unsigned = armour.unsigned(text)
        if unsigned != text:
            self.warnings.append(smime.SIGNED)
        return unsigned


def _between(parts: tuple[Part, ...]) -> set[int]:
    """The pictures that stand above a text; those below the last one need no place."""
    last = max((number for number, part in enumerate(parts) if part.kind == "text" and part.data.strip()), default=0)
    return {id(part) for part in parts[:last] if part.kind == "image" and "<" not in part.content_id}


def _is_flowed(part: Part) -> bool:
    return part.parameters.get("format", "").lower() == "flowed" and part.type not in HTML


def _is_enveloped(part: Part) -> bool:
    is_smime = part.type in smime.TYPES or part.name.lower().endswith(".p7m")
    return is_smime and smime.is_enveloped(part.data)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _repeats(letters: str, said: str) -> bool:
    """Whether a plain text beside an HTML one only says the same: senders that meant an alternative."""
    return letters == said or (len(letters) >= 40 and letters in said)


def _cid(part: Part) -> str:
    """The Content-ID; for a picture without one that stands between texts, one made of its place in the mail."""
    return part.content_id or f"picture-{part.position}.invalid"


def _attachment(part: Part, content_id: str, *, inline: bool) -> Attachment:
    return Attachment(name=part.name, declared_type=part.type, content_id=content_id, inline=inline, data=part.data)


def _paragraphs(text: str) -> str:
    """A plain text that stands among HTML ones."""
    blocks = re.split(r"\n[ \t]*\n", html.escape(text, quote=False).strip("\n"))
    return "\n".join(f"<p>{block.replace(chr(10), '<br>' + chr(10))}</p>" for block in blocks if block.strip())

"""Bytes to text: a ladder of charsets, and the characters that text may not hold.

What mail declares is often wrong in known ways: cp1252 sent as ISO-8859-1 or ASCII (WHATWG Encoding, section 4.2,
reads them all as cp1252 for that reason), UTF-8 sent as anything, names that no registry knows. Each rung is tried
strictly and the next one taken; the last never fails, and says that it guessed.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

GUESSED = "charset"
"""Warning: the bytes are not what was declared, and what stands here was guessed."""
BIDI = "bidi"
"""Warning: characters that reverse the reading direction were taken out."""

_WESTERN = frozenset({"ascii", "latin-1", "cp1252", "iso8859-15", "utf-8", ""})
"""Declared names that say nothing certain: UTF-8 is tried first, since Western text is valid UTF-8 only by being
UTF-8.
"""

# WHATWG Encoding section 4.2 for the families, then names seen in mail that Python's registry does not know.
_ALIASES = {
    "x-user-defined": "",
    "x-unknown": "",
    "unknown": "",
    "unknown-8bit": "",
    "default": "",
    "8bit": "",
    "binary": "",
    "none": "",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "ascii": "ascii",
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode20utf8": "utf-8",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "dos-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "iso-ir-58": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "x-euc-jp": "euc-jp",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "korean": "cp949",
    "macintosh": "mac-roman",
    "mac": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "koi8": "koi8-r",
    "koi": "koi8-r",
    "cp-850": "cp850",
}
_FAMILIES = (
    (re.compile(r"(?:x-)?(?:windows|win|cp|ms)[-_]?(125[0-8])"), r"cp\1"),
    (re.compile(r"(?:x-)?iso[-_ ]?8859[-_ ]?(1[0-6]|[1-9])(?!\d)"), r"iso8859-\1"),
    (re.compile(r"(?:x-)?utf[-_ ]?8"), r"utf-8"),
    (re.compile(r"(?:x-)?utf[-_ ]?(16|32)[-_ ]?([lb]e)?"), r"utf-\1\2"),
    (re.compile(r"us[-_ ]?ascii|ansi[_-]x3\.|iso[-_]?646|ascii"), r"ascii"),
    (re.compile(r"latin[-_ ]?1"), r"latin-1"),
    (re.compile(r"(?:ibm|cp)[-_]?(437|850|852|858|865|866)"), r"cp\1"),
)
# A codec of Python that turns text into text or bytes into bytes is no charset.
_NO_CHARSET = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "undefined", "unicode-escape"}
    | {"raw-unicode-escape", "mbcs", "oem", "palmos"}
)
_SIBLINGS = {"iso2022_jp": ("iso2022_jp_3", "iso2022_jp_ext"), "euc_jp": ("euc_jis_2004",), "gb18030": ("hz",)}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\(J")
_META = re.compile(rb"<meta[^>]{0,300}?charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([\w.:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text as decoded, not yet cleaned; `guessed` where no strict reading was possible."""

    text: str
    guessed: bool = False


def decode(data: bytes, declared: str = "", *, html: bool = False) -> Decoded:
    """Text of `data`, whose sender declared the charset `declared` (any string, perhaps empty).

    With `html`, a `<meta charset>` in the first 2,048 bytes is a further rung. Linear; raises nothing.
    """
    for bom, name in _BOMS:
        if data.startswith(bom) and (text := _strictly(data, name)) is not None:
            return Decoded(text)
    named, known = codec(declared)
    rungs = ["utf-8", named] if named in _WESTERN else [named, "utf-8"]
    if _ISO_2022_JP.search(data) and not named.startswith(("iso2022", "utf-16", "utf-32")):
        rungs.insert(0, "iso2022_jp")
    if html and (meta := _META.search(data[:2048])):
        rungs.insert(1 if named in {"", "ascii"} else len(rungs), _meta(meta[1]))
    trusted = known or data.isascii()
    for rung in _expanded(rungs):
        text = _strictly(data, rung)
        if text is not None:
            return Decoded(text, guessed=not trusted or (bool(named) and rung not in {named, "utf-8", "cp1252"}))
    return Decoded(_salvaged(data, named), guessed=True)


def codec(declared: str) -> tuple[str, bool]:
    """Python's name for a declared charset, or `""`; and whether the declaration is one that can be trusted.

    UTF-7 (RFC 2152) is read where the mail itself declares it, with a warning: old mail is in it, and what is
    published is always UTF-8, so that nothing can hide in it. A `<meta>` cannot ask for it.
    """
    name = declared.strip().strip("\"'<>=; ").lower().partition("*")[0].strip()
    if not name:
        return "", True
    if "utf-7" in name or name == "utf7":
        return "utf-7", False
    for pattern, to in _FAMILIES:
        if match := pattern.match(name):
            name = match.expand(to)
            break
    name = _ALIASES.get(name.replace(" ", "-"), name)
    if not name:
        return "", False
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return "", False
    if found in _NO_CHARSET or found.replace("_", "-").removesuffix("-codec") in _NO_CHARSET:
        return "", False
    return {"iso8859-1": "latin-1"}.get(found, found), True


def clean(text: str) -> str:
    """Text that any later stage can hold: LF line ends, NFC, no control, surrogate, non-character or bidi override.

    Zero-width spaces go too, since they only hide words from the eye; the joiners that emoji and Persian need stay.
    Linear.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LINE_ENDS.sub("\n", text)
    text = _FORBIDDEN.sub("", text)
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _long_runs().sub(lambda run: run[0][:30], text))


def one_line(text: str) -> str:
    """`clean` text with each run of white space, line ends among them, made one space."""
    return " ".join(clean(text).split())


def has_bidi_override(text: str) -> bool:
    """Whether `clean` would take out a character that reverses the reading direction (Unicode UAX 9, section 2)."""
    return _OVERRIDES.search(text) is not None


_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


@cache
def _long_runs() -> re.Pattern[str]:
    """More than 30 combining marks in a row: no script needs them (UAX 15, section 13); to sort them is quadratic."""
    marks = "".join(chr(point) for point in range(0x300, 0x1E94B) if unicodedata.combining(chr(point)))
    return re.compile(f"[{re.escape(marks)}]{{31,}}")


def _expanded(rungs: list[str]) -> list[str]:
    steps: list[str] = []
    for rung in rungs:
        steps += [rung, *_SIBLINGS.get(rung, ())] if rung not in {"", "ascii", "latin-1"} else ["cp1252"]
    return list(dict.fromkeys(steps))


def _meta(name: bytes) -> str:
    named, known = codec(name.decode("ascii", "replace"))
    return named if known else ""


def _strictly(data: bytes, name: str) -> str | None:
    """The text where the codec takes every byte and makes only characters; else None."""
    try:
        if name.startswith(("utf-16", "utf-32")):
            return _wide(data, name)
        text = data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None
    return text if isinstance(text, str) else None


def _wide(data: bytes, name: str) -> str | None:
    """UTF-16 or UTF-32. Without a byte order mark, the side on which the zeros of Latin letters fall says the order."""
    if data and b"\0" not in data and name in {"utf-16", "utf-32"} and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    if name == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16-be" if data[0::2].count(0) > data[1::2].count(0) else "utf-16-le"
    text = data.decode(name)
    return None if "\ufffd" in text and b"\xfd\xff" not in data and b"\xff\xfd" not in data else text


def _salvaged(data: bytes, named: str) -> str:
    """What can be read of bytes that no rung takes whole."""
    if named in _WESTERN or named.startswith(("utf-16", "utf-32")):
        return _patched(data)
    try:
        return str(data, named, "replace")
    except (UnicodeError, LookupError, ValueError):
        return _patched(data)


def _patched(data: bytes) -> str:
    """Text that mostly is UTF-8: its stray bytes as cp1252, save a character cut off at the very end."""
    text = data.decode("utf-8", "surrogateescape")
    if _CUT_OFF.search(text[-3:]) and _BEYOND_ASCII.search(text):
        text = text[:-3] + _CUT_OFF.sub("", text[-3:])
    return text.translate(_STRAY)


_STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0x100)}
_CUT_OFF = re.compile("[\udcc2-\udcf4][\udc80-\udcbf]{0,2}\\Z")
_BEYOND_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")

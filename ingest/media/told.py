"""What a picture tells beside its pixels, in words that a volunteer understands. Never the values themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PIL import ExifTags, Image

from ingest.media.words import listed

# EXIF 2.32, TIFF 6.0 and Windows' XP tags, by what they tell.
_TELLING: tuple[tuple[str, frozenset[int]], ...] = (
    ("date de prise de vue", frozenset({0x0132, 0x9003, 0x9004})),
    ("appareil", frozenset({0x010F, 0x0110, 0x0131, 0xA431, 0xA433, 0xA434, 0xA435, 0xC62F})),
    ("auteur", frozenset({0x013B, 0x8298, 0x9C9D, 0xA430})),
    ("commentaire", frozenset({0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F})),
)


def told(image: Image.Image, data: bytes) -> str:
    """`lieu et date de prise de vue (GPS, EXIF)`; empty where there was nothing to tell. Call it after loading."""
    words, carriers = _exif(image)
    info = image.info
    for carrier, word, there in (
        ("XMP", "informations cachées", bool(info.get("xmp") or info.get("XML:com.adobe.xmp"))),
        ("IPTC", "légende", bool(info.get("photoshop"))),
        ("texte", "commentaire", bool(info.get("comment") or _png_text(image))),
        ("fin de fichier", "données ajoutées à l’image", _trailing(image, data)),
    ):
        if there:
            carriers.append(carrier)
            words.append(word)
    if not words:
        return ""
    return f"{listed(tuple(dict.fromkeys(words)))} ({', '.join(carriers)})"


def _exif(image: Image.Image) -> tuple[list[str], list[str]]:
    exif = image.getexif()
    tags: set[int] = {*_filled(exif), *_filled(exif.get_ifd(ExifTags.IFD.Exif))}
    words = [word for word, telling in _TELLING if tags & telling]
    carriers = ["EXIF"] if words else []
    if any(_filled(exif.get_ifd(ExifTags.IFD.GPSInfo))):
        return ["lieu", *words], ["GPS", *carriers]
    return words, carriers


def _filled(tags: Mapping[int, object]) -> Iterable[int]:
    return (tag for tag, value in tags.items() if value not in (None, "", b""))


def _png_text(image: Image.Image) -> bool:
    texts = getattr(image, "text", None)
    return isinstance(texts, dict) and any(key != "XML:com.adobe.xmp" for key in texts)


def _trailing(image: Image.Image, data: bytes) -> bool:
    """Whether something follows the picture: a phone's film, a second picture (MPO), a ZIP file …"""
    tail = data[-64:].rstrip(b"\0\r\n ")
    if image.format in {"JPEG", "MPO"}:
        return image.format == "MPO" or not tail.endswith(b"\xff\xd9")
    if image.format == "PNG":
        return b"IEND\xaeB`\x82" not in tail[-8:]
    return image.format == "GIF" and not tail.endswith(b";")

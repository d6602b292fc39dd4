"""Sounds: written anew without tags, cover pictures and places, and read back to make sure."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import mutagen
from mutagen.aac import AAC
from mutagen.flac import FLAC
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from ingest.media import containers, mp4, mpeg
from ingest.media.kinds import Kind
from ingest.media.remade import Remade, Unusable, media
from ingest.media.words import stripped
from ingest.model import Attachment

_LARGEST = 20_000_000
_WRITERS: Mapping[str, tuple[str, Callable[[bytes], bytes], tuple[Callable[[io.BytesIO], object], ...]]] = {
    "audio/mpeg": ("mp3", mpeg.mp3, (MP3,)),
    "audio/aac": ("aac", mpeg.adts, (AAC,)),
    "audio/wav": ("wav", containers.wav, (WAVE,)),
    "audio/flac": ("flac", containers.flac, (FLAC,)),
    "audio/ogg": ("ogg", containers.ogg, (OggOpus, OggVorbis)),
    "audio/mp4": ("m4a", mp4.m4a, (MP4,)),
}


def sound(attachment: Attachment, kind: Kind) -> Remade:
    """One sound as it may be published.

    Raises `Unusable` where it is too heavy, broken, or not what browsers play.
    """
    if len(attachment.data) > _LARGEST:
        raise Unusable("trop lourd (20\u00a0Mo au plus)")
    extension, write, readers = _WRITERS[kind.type]
    try:
        clean = write(attachment.data)
        _read_back(clean, readers)
    except mutagen.MutagenError:
        raise Unusable("illisible ou abîmé") from None
    shown = media(attachment, clean, (kind.type, extension), size=None, alt="")
    if clean == attachment.data:
        return Remade(media=(shown,))
    line = stripped(attachment, "étiquettes du fichier (titre, auteur, date, appareil, pochette…)")
    return Remade(media=(shown,), removed=(line,))


def _read_back(clean: bytes, readers: tuple[Callable[[io.BytesIO], object], ...]) -> None:
    """Another program's view of what was written: it is a sound, and no tag is left in it."""
    for number, reader in enumerate(readers, start=1):
        try:
            found = reader(io.BytesIO(clean))
        except mutagen.MutagenError:
            if number == len(readers):
                raise
            continue
        if getattr(found, "tags", None) or getattr(found, "pictures", None):
            raise Unusable("ses étiquettes n’ont pas pu être retirées")
        return

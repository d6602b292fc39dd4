"""Sounds are written anew: what is heard is the same, what stood beside it is gone."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable

import mutagen
import pytest
from mutagen.mp4 import MP4

from ingest.media import Remade, remake
from ingest.model import Why
from ingest.settings import Limits
from tests.media import making
from tests.media.making import attachment

KINDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "mp3": (making.mp3, "audio/mpeg"),
    "wav": (making.wav, "audio/wav"),
    "flac": (making.flac, "audio/flac"),
    "ogg": (making.opus, "audio/ogg"),
    "m4a": (making.m4a, "audio/mp4"),
}


def done(data: bytes, name: str = "voix.dat") -> Remade:
    return remake((attachment(name, data),), limits=Limits())


@pytest.mark.parametrize("extension", KINDS)
def test_no_mark_is_left_in_any_format(extension: str) -> None:
    """Titles, artists, covers, places, dates, chapters, junk between and behind."""
    make, mime = KINDS[extension]
    data = make()
    assert making.MARK in data
    result = done(data)
    (piece,) = result.media
    assert making.MARK not in piece.data
    assert (piece.type, piece.name.rsplit(".", 1)[1]) == (mime, extension)
    assert not mutagen.File(io.BytesIO(piece.data)).tags
    assert [line.why for line in result.removed] == [Why.METADATA]
    assert done(data) == result


def test_mp3_frames_are_all_there() -> None:
    """Forty frames came, forty frames stay, byte for byte."""
    assert done(making.mp3()).media[0].data == making.MP3_FRAME * 40


def test_junk_between_frames_does_not_come_along() -> None:
    """Two frames in a row take the thread up again."""
    data = making.MP3_FRAME * 5 + b"\xff" + making.MARK + b"\xff\xfb" + making.MP3_FRAME * 5
    assert done(data).media[0].data == making.MP3_FRAME * 10


def test_raw_aac_is_its_frames() -> None:
    """As some recorders write it."""
    (piece,) = done(making.ADTS_FRAME * 60 + b"TAG" + making.MARK).media
    assert (piece.data, piece.type) == (making.ADTS_FRAME * 60, "audio/aac")


def test_wav_samples_are_all_there() -> None:
    """A second of sound stays a second of the same sound."""
    with (
        wave.open(io.BytesIO(making.wav())) as before,
        wave.open(io.BytesIO(done(making.wav()).media[0].data)) as after,
    ):
        assert after.getparams() == before.getparams()
        assert after.readframes(9000) == before.readframes(9000)


def test_m4a_samples_are_found_again_without_dates() -> None:
    """The samples lie behind the new table of chunks, which points at each of them."""
    (piece,) = done(making.m4a()).media
    assert piece.data.endswith(b"".join(making.SAMPLES))
    assert b"\x7f\x3a\x7f\x3a" not in piece.data
    table = piece.data[piece.data.index(b"stco") + 8 :]
    offsets = [int.from_bytes(table[4 * index : 4 * index + 4], "big") for index in range(1, 4)]
    starts = (making.SAMPLES[0], making.SAMPLES[4], making.SAMPLES[8])
    assert [piece.data[at : at + len(first)] for at, first in zip(offsets, starts, strict=True)] == list(starts)
    assert MP4(io.BytesIO(piece.data)).info.length == pytest.approx(10240 / 44100, abs=0.01)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"ID3\x04\0\0\0\0\0\x05hello", "il n’y a pas de son dedans"),
        (b"ID3" + b"\xff" * 3_000_000, "il n’y a pas de son dedans"),
        (making.m4a(codec=b"samr"), "codage que les navigateurs ne lisent pas"),
        (making.m4a()[:500], "illisible ou abîmé"),
        (making.wav()[:40], "il n’y a pas de son dedans"),
        (b"OggS" + b"\0" * 24 + b"OpusHead", ""),
        (making.MP3_FRAME * 50_000, "trop lourd (20\u00a0Mo au plus)"),
    ],
)
def test_what_is_no_playable_sound_is_left_out_with_the_reason(data: bytes, reason: str) -> None:
    """Named, and nothing of it published."""
    result = done(data)
    assert result.media == ()
    assert result.removed[0].text.endswith(reason)

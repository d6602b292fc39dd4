"""winmail.dat beyond the mails of `eml/`: counts that lie, sizes that lie, streams that break off."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.message import tnef

START = b"\x78\x9f\x3e\x22\x01\x00"


def attribute(name: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", 1, name, 6, len(data)) + data + b"\0\0"


@pytest.mark.parametrize("data", [b"", b"\x78\x9f\x3e", b"PK\x03\x04 une archive"])
def test_what_is_no_tnef_is_left_alone(data: bytes) -> None:
    """The caller keeps it as the file that it is."""
    assert tnef.unpack(data) is None


def test_a_stream_that_breaks_off_gives_what_stands_before() -> None:
    """Cut anywhere, the files before the cut are there."""
    whole = START + attribute(0x9002, b"") + attribute(0x8010, b"a.txt\0") + attribute(0x800F, b"texte")
    for size in range(len(START), len(whole)):
        assert tnef.unpack(whole[:size]) is not None
    found = tnef.unpack(whole)
    assert found is not None
    assert [(file.name, file.data) for file in found.attachments] == [("a.txt", b"texte")]


@pytest.mark.parametrize("kind", [0x05, 0x1002, 0x1E, 0x101F, 0x00, 0x0D])
def test_a_count_that_lies_ends_the_list_of_properties(kind: int) -> None:
    """Four thousand million values are announced, none is there."""
    lying = struct.pack("<IHHI", 0xFFFFFFFF, kind, 0x1000, 0xFFFFFFFF)
    found = tnef.unpack(START + attribute(0x9003, lying))
    assert found == tnef.Unpacked(plain=None, html=None, attachments=())


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_after_the_signature_are_unpacked(data: bytes) -> None:
    """Nothing is raised, whatever the attributes say."""
    assert isinstance(tnef.unpack(START + data), tnef.Unpacked)
    assert isinstance(tnef.unpack(START + attribute(0x9003, data)), tnef.Unpacked)

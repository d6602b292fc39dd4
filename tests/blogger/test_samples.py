"""A sample of the older format that others publish: the one that Pelican tests its own importer with."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from tests.blogger.conftest import Wall


def test_pelican_s_sample_is_read(wall: Wall):
    """Its drafts are left out, its comment stands under its post, the post at its old address."""
    sample = Path(str(files("pelican") / "tests" / "content" / "bloggerexport.xml"))
    if not sample.is_file():
        pytest.skip("this Pelican came without its tests")

    told = wall.bring(sample)
    wall.publish()

    assert (told["posts"], told["pages"], told["reactions"]) == (1, 1, 1)
    assert {it["why"] for it in told["skipped"]} == {"draft"}
    assert 'class="h-cite p-comment"' in wall.page("/2010/11/the-steel-windpipe.html")

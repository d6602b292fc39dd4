"""Any bytes end as a draft, a refusal or a quarantine, with nothing on the page that acts: a target for atheris.

    python -m tests.fuzz.fuzz_convert [FOLDER] [-max_total_time=360 …]      options are libFuzzer's

FOLDER keeps what was found interesting from run to run; without one it is a scratch folder. The seeds are the mails
that the tests hold, and the bodies among them; one that begins with the bytes 0 to 2 gets its header put in front.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ingest", "plugins"]):
    from tests.properties.page import complaints, outcome

ROOT = Path(__file__).parent.parent
SEEDS = (ROOT.parent / "ingest/demo/messages", ROOT / "message/eml", ROOT / "messages")
LARGEST = 16_384
_HEAD = b"From: marcel@example.org\nSubject: x\nContent-Type: text/%s; charset=utf-8\n\n"
HEADS = {b"\0": _HEAD % b"html", b"\1": _HEAD % b"plain", b"\2": _HEAD % b"plain; format=flowed"}


def one(data: bytes) -> None:
    """One input."""
    head = HEADS.get(data[:1], b"")
    wrong = complaints(outcome(head + data[1:] if head else data))
    if wrong:
        raise AssertionError(wrong)


def seeded(folder: Path) -> Path:
    """The folder with the mails of the tests in it."""
    for seed in (path for place in SEEDS for path in place.glob("*.eml")):
        if seed.stat().st_size <= LARGEST:
            shutil.copyfile(seed, folder / seed.name)
            _head, _blank, body = seed.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
            for number, mark in enumerate(HEADS):
                (folder / f"{seed.stem}-{number}").write_bytes(mark + body)
    return folder


def main() -> None:
    """Run until libFuzzer's options say that it is enough, or something was found."""
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    folder = seeded(Path(folders[0] if folders else tempfile.mkdtemp(prefix="fuzz-")))
    standard = [
        f"-max_len={LARGEST}",
        "-timeout=20",
        "-rss_limit_mb=1500",
        f"-dict={Path(__file__).parent / 'mail.dict'}",
    ]
    atheris.Setup([sys.argv[0], *standard, *options, str(folder)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

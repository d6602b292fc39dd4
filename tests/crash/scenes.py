"""The commands that are killed: where each starts, what it is called with, and what is run after a death."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.crash import stage as mails
from tests.crash.oracle import Seen, at_any_instant, at_the_end, holding, look
from tests.crash.stage import NOW, CrashWall, Stage


def id_of(raw: bytes) -> str:
    """The id of the contribution that a mail becomes."""
    return hashlib.sha256(raw).hexdigest()[:16]


FIRST, SECOND, THIRD = (id_of(raw) for raw in (mails.WITH_PICTURE, mails.PLAIN, mails.THIRD))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A command, and the wall that it is run on."""

    name: str
    words: tuple[str, ...]
    before: Callable[[Stage, CrashWall], None] = lambda _stage, _wall: None
    """What happened on the wall already."""
    inbox: tuple[bytes, ...] = ()
    filed: tuple[bytes, ...] = ()
    again: tuple[int, ...] = (0,)
    """The exit codes with which the command may end that is run after a death: a decision that stands is refused."""
    gone: bytes = b""
    """Words that nothing holds at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A scene built up: the wall to copy, and what the command makes of it when nobody interrupts."""

    scene: Scene
    stage: Stage
    start: Path
    before: Seen
    after: Seen
    said: str

    def wall(self) -> CrashWall:
        """A fresh copy."""
        return self.stage.wall(self.start, inbox=self.scene.inbox, filed=self.scene.filed)

    def strike(self) -> None:
        """Remove what it is copied from."""
        shutil.rmtree(self.start, ignore_errors=True)

    def words(self, wall: CrashWall) -> list[str]:
        """The command, for this wall."""
        return [word.format(folder=wall.folder) for word in self.scene.words]

    def killed(self, wall: CrashWall, said: str) -> list[str]:
        """What is wrong right after a death."""
        return at_any_instant(look(wall), self.before, self.after, said)

    def again(self, wall: CrashWall, *, broken: str = "") -> list[str]:
        """Run the command once more, to its end, and say what is wrong then."""
        run = self.stage.mur(wall, *self.words(wall), broken=broken)
        wrong = at_the_end(look(wall), self.after)
        if run.code not in self.scene.again or "Traceback" in run.error:
            wrong.append(f"other: run again it ends with {run.code}: {run.error.strip()}")
        if self.scene.gone:
            wrong += holding(wall, self.scene.gone)
        return wrong


def build(scene: Scene, stage: Stage) -> Set:
    """Prepare a scene, and run its command once."""
    first = stage.wall()
    scene.before(stage, first)
    ready = Set(scene=scene, stage=stage, start=first.folder, before=look(first), after=look(first), said="")
    wall = ready.wall()
    before = look(wall)
    run = stage.mur(wall, *ready.words(wall))
    assert run.code == 0, f"{scene.name}: {run.code} {run.error}"
    after = look(wall)
    stage.strike(wall)
    return Set(scene=scene, stage=stage, start=first.folder, before=before, after=after, said=run.out)


def _takes(*raws: bytes) -> Callable[[Stage, CrashWall], None]:
    def take(stage: Stage, wall: CrashWall) -> None:
        for number, raw in enumerate(raws):
            path = wall.folder / f"{number}.eml"
            path.write_bytes(raw)
            _sound(stage, wall, "import", str(path))
            path.unlink()

    return take


def _existing(stage: Stage, wall: CrashWall) -> None:
    """A wall that is there already, with its database and its key."""
    _takes(mails.THIRD)(stage, wall)


def _two_held(stage: Stage, wall: CrashWall) -> None:
    _takes(mails.WITH_PICTURE, mails.PLAIN)(stage, wall)


def _to_correct(stage: Stage, wall: CrashWall) -> None:
    _two_held(stage, wall)
    (wall.folder / "corrige.md").write_text("Venez dimanche, et non samedi.\n\nAna\n", encoding="utf-8")


def _online(stage: Stage, wall: CrashWall) -> None:
    """Two online, one held."""
    _takes(mails.WITH_PICTURE, mails.PLAIN, mails.THIRD)(stage, wall)
    for minute, id_ in enumerate((FIRST, SECOND)):
        _sound(stage, wall, "accept", id_, minute=minute)
    _sound(stage, wall, "publish")


def _to_publish(stage: Stage, wall: CrashWall) -> None:
    """Of two online one was withdrawn and one corrected; and a new one was accepted."""
    _online(stage, wall)
    text = wall.folder / "corrige.md"
    text.write_text("Le banc est revenu, repeint.\n\nAna\n", encoding="utf-8")
    _sound(stage, wall, "edit", SECOND, "--from", str(text))
    _sound(stage, wall, "accept", SECOND, THIRD, minute=2)
    _sound(stage, wall, "withdraw", FIRST)


def _sound(stage: Stage, wall: CrashWall, *words: str, minute: int = 0) -> None:
    """Articles of the very same second have no order of their own: each is accepted in a minute of its own."""
    run = stage.mur(wall, *words, now=NOW.replace(":30:", f":{minute + 10}:"))
    assert run.code == 0, f"{words}: {run.code} {run.error}"


_NEW = (mails.WITH_PICTURE, mails.UNREADABLE, mails.AUTOMATIC)

SCENES: Sequence[Scene] = (
    Scene(name="poll", words=("poll", "--once"), before=_existing, inbox=_NEW),
    Scene(name="first poll", words=("poll", "--once"), inbox=_NEW),
    Scene(name="accept", words=("accept", FIRST, SECOND), before=_two_held, again=(0, 1)),
    Scene(name="edit", words=("edit", FIRST, "--from", "{folder}/corrige.md"), before=_to_correct),
    Scene(
        name="erase",
        words=("erase", FIRST, "--yes"),
        before=_online,
        filed=(mails.WITH_PICTURE, mails.PLAIN),
        gone=mails.CANARY.encode(),
    ),
    Scene(name="publish", words=("publish",), before=_to_publish),
)
BY_NAME = {scene.name: scene for scene in SCENES}

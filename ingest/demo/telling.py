"""What the person in front of the terminal reads."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.demo.ending import Fate, Left
from ingest.states import State

_FATES = {
    State.HELD: "attend une décision",
    State.PUBLISHED: "en ligne",
    State.REJECTED: "refusé, avec un motif",
    State.DISCARDED: "écarté",
    State.WITHDRAWN: "retiré après publication",
    State.QUARANTINED: "illisible, mis de côté",
}
_SENDERS = {True: "vérifié", False: "non vérifié"}
_STYLES = {State.PUBLISHED: "green", State.HELD: "yellow"}
_RULES = {"auto-reply": "réponse automatique", "bounce": "retour à l’envoyeur"}

console = Console(highlight=False, soft_wrap=True)


def step(words: str) -> None:
    """Something begins."""
    console.print(Text(f"\n{words}", style="bold"))


def line(words: str) -> None:
    """Something happened."""
    console.print(Text(f"  {words}"))


def command(arguments: Iterable[str]) -> None:
    """What a moderator would have typed."""
    console.print(Text(f"  $ mur {shlex.join(arguments)}", style="cyan"))


def table(told: Iterable[Fate]) -> None:
    """The mails and what became of them."""
    grid = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("courriel", "titre", "expéditeur", "ce qu’il devient"):
        grid.add_column(name, overflow="fold")
    for fate in told:
        rule = f" ({_RULES.get(fate.reason, fate.reason)})" if fate.reason else ""
        grid.add_row(
            Text(Path(fate.name).stem),
            Text(fate.title or "—"),
            _SENDERS[fate.authenticated] if fate.title else "—",
            Text(_FATES.get(fate.state, fate.state.value) + rule, style=_STYLES.get(fate.state, "")),
        )
    Console(highlight=False).print(grid)


def letters(left: Iterable[Left], folder: Path) -> None:
    """How many letters left, by what they are, and where to read them."""
    counted = Counter(letter.subject.partition(" : ")[0][:40] for letter in left)
    step("Des lettres sont parties, jusque-là et pas plus loin que cette machine")
    for subject, number in counted.most_common(6):
        line(f"{number} × {subject}")
    line(f"à lire dans {folder / 'lettres'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What there is to look at."""

    url: str
    login: str
    """Of the moderators' pages, for one time."""
    folder: Path
    file: Path
    smtp_port: int
    address: str
    page: str
    """One that is online, relative to `url`."""
    held: str
    """The id of a contribution that waits, or empty."""


def where(places: Places) -> None:
    """Where to look, and what to try."""
    mur = Path(sys.executable).with_name("mur")
    step("Où regarder")
    line(f"le site        {places.url}")
    line(f"la modération  {places.login}  (ce lien sert une fois)")
    line(f"une page       {places.url}{places.page}")
    line(f"les fichiers   {places.folder}  (content/ : les articles ; var/ : l’état privé ; output : le site)")
    step("À essayer dans un autre terminal")
    line(f"export MUR_CONFIG={shlex.quote(str(places.file))}")
    line(f"{mur} queue")
    if places.held:
        line(f"{mur} show {places.held[:8]}")
        line(f"{mur} accept {places.held[:8]}")
    to = f"smtp://127.0.0.1:{places.smtp_port} --mail-from moi@example.org --mail-rcpt {places.address}"
    line(f"curl {to} -T mon-courriel.eml")
    step("Ctrl-C arrête tout : il ne restera ni processus, ni port, ni fichier.")


def fail(words: str) -> None:
    """Something went wrong; on standard error."""
    sys.stderr.write(f"demo: {words}\n")

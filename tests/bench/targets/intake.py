"""From a mailbox to held drafts, beside what only downloads, a naive script, and a library that converts nothing."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote

from ingest.settings import Settings
from ingest.states import State
from ingest.store import Store
from tests.bench import mailboxes, mails, peers, rows, sites, walls
from tests.bench.bench import Bench
from tests.bench.mailboxes import PASSWORD, Mails, Server
from tests.bench.measuring import ROOT, Cost, Failed, Pairs, in_turn, run
from tests.bench.rows import Fit, Line

_HERE = Path(__file__).resolve().parents[1]
_SECRET = {"MUR_MAILBOX_PASSWORD": PASSWORD}


class Ways:
    """What can be done with a mailbox, each with an account and a folder of its own, gone when it is done."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server, self._folder, self._number = server, folder, 0

    def fetch(self, box: Mails) -> Cost:
        """Ours: fetch and fsync."""
        return self._with(box, lambda user, home: self._fetched(user, home, box.count))

    def poll(self, box: Mails) -> Cost:
        """Ours: the whole way, until nothing is left in the mailbox."""
        return self._with(box, lambda user, home: polled(wall(home, self._server.port, user), box.count))

    def write(self, box: Mails) -> Cost:
        """The same bytes in files that last, from this disk: what is left of fetching without a server."""
        words = (sys.executable, "-m", "tests.bench.writing", box.folder)
        return self._with(box, lambda _user, home: run((*words, home / "out"), cwd=ROOT))

    def mbsync(self, box: Mails) -> Cost:
        """Into an empty Maildir, fsync'd as it is by default."""
        return self._with(box, self._synced)

    def naive(self, box: Mails) -> Cost:
        """The script of an afternoon."""
        words = ("127.0.0.1", str(self._server.port))
        program = (sys.executable, "-m", "tests.bench.naive")
        return self._with(box, lambda user, home: run((*program, *words, user, PASSWORD, home / "out"), cwd=ROOT))

    def django(self, box: Mails) -> Cost:
        """django-mailbox; its tables are made before."""
        return self._with(box, self._djangoed)

    def _with(self, box: Mails, way: Callable[[str, Path], Cost]) -> Cost:
        self._number += 1
        home = self._folder / str(self._number)
        home.mkdir()
        user = self._server.account(box)
        try:
            return way(user, home)
        finally:
            self._server.close(user)
            shutil.rmtree(home, ignore_errors=True)

    def _fetched(self, user: str, home: Path, count: int) -> Cost:
        settings = wall(home, self._server.port, user)
        words = (sys.executable, "-m", "tests.bench.fetching", settings.file or "", home / "out")
        cost = run(words, env=_SECRET, cwd=ROOT)
        _all_there(len(list((home / "out").glob("*.eml"))), count)
        return cost

    def _synced(self, user: str, home: Path) -> Cost:
        (home / "mbsyncrc").write_text(
            textwrap.dedent(f"""\
                IMAPAccount wall
                Host 127.0.0.1
                Port {self._server.port}
                User {user}
                Pass {PASSWORD}
                SSLType None
                AuthMechs LOGIN

                IMAPStore far
                Account wall

                MaildirStore near
                Path {home}/out/
                Inbox {home}/out/INBOX

                Channel wall
                Far :far:
                Near :near:
                Patterns INBOX
                Sync Pull
                SyncState *
                """)
        )
        (home / "out").mkdir()
        return run((peers.mbsync().program, "-q", "-c", home / "mbsyncrc", "-a"))

    def _djangoed(self, user: str, home: Path) -> Cost:
        python, program = peers.django_mailbox().program, _HERE / "djangoing.py"
        run((python, program, "prepare", home / "db"))
        uri = f"imap://{quote(user, safe='')}:{PASSWORD}@127.0.0.1:{self._server.port}"
        return run((python, program, "fetch", home / "db", uri))


def wall(home: Path, port: int, user: str) -> Settings:
    """A wall that reads an account and finds nothing too much."""
    return walls.new_wall(
        home / "wall",
        f'\n[mailbox]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nuser = "{user}"\n'
        "\n[floods]\nsender_daily = 0\ndaily = 0\nqueue = 0\n",
    )


def polled(settings: Settings, count: int) -> Cost:
    """`mur poll --once`, and every mail is a held draft. Raises `Failed` where one is not."""
    home = (settings.file or Path()).parent
    cost = run((*sites.mur(), "--config", settings.file or "", "poll", "--once"), env=_SECRET, cwd=home)
    with Store.open(settings, readonly=True) as store:
        _all_there(store.count([State.HELD]), count)
    return cost


def fetch(bench: Bench) -> Iterator[Line | Fit]:
    """Fetching, and the whole way, beside mbsync, which only downloads: three things in turn."""
    beside = "mbsync -a, which only downloads"
    try:
        beside = f"{peers.mbsync().name} -a, which only downloads"
        with ready(bench) as ways:
            box = mailboxes.written(bench, "mix", bench.sizes.mails, mails.mails(bench.sizes.mails))
            taken: dict[str, list[Cost]] = {"fetch": [], "poll": [], "mbsync": []}
            with bench.steps(f"{box.count:,} mails, {beside}", 3 * bench.sizes.pairs) as tick:
                for number in range(bench.sizes.pairs):
                    for name in sorted(taken, reverse=bool(number % 2)):
                        taken[name].append(getattr(ways, name)(box))
                        tick()
    except peers.Missing as error:
        yield rows.unmeasured("fetch", "fetch and fsync", beside, "0.30", str(error))
        return
    measure = f"fetch and fsync of {box.count:,} mails"
    fetched = Pairs(ours=tuple(taken["fetch"]), theirs=tuple(taken["mbsync"]))
    whole = Pairs(ours=tuple(taken["poll"]), theirs=tuple(taken["mbsync"]))
    bench.say(f"fetch: {fetched}; the whole way: {whole}")
    yield rows.ratio("fetch", f"{measure}, CPU", beside, at_most=0.30, reached=fetched.ratio("cpu"))
    yield rows.ratio("fetch", f"{measure}, wall", beside, at_most=0.15, reached=fetched.ratio("wall"))
    peak = median(cost.peak for cost in taken["fetch"])
    yield rows.amount("fetch", f"{measure}, peak memory", at_most=64, reached=peak, unit=" MiB")
    measure = f"the whole way to held drafts, {box.count:,} mixed mails, wall"
    yield rows.ratio("fetch", measure, beside, at_most=1.0, reached=whole.ratio("wall"))


def writing(bench: Bench) -> Iterator[Line | Fit]:
    """The floor of fetching: writing the same mails, beside mbsync as well."""
    try:
        beside = f"{peers.mbsync().name} -a, which only downloads"
    except peers.Missing:
        return
    with ready(bench) as ways:
        box = mailboxes.written(bench, "mix", bench.sizes.mails, mails.mails(bench.sizes.mails))
        with bench.steps(f"{box.count:,} mails written, {beside}", 2 * bench.sizes.pairs) as tick:
            pairs = in_turn(lambda: ways.write(box), lambda: ways.mbsync(box), pairs=bench.sizes.pairs, tick=tick)
    bench.say(f"writing: {pairs}")
    for of, title in (("cpu", "CPU"), ("wall", "wall")):
        measure = f"floor: writing and fsync of {box.count:,} mails, {title}"
        yield rows.floor("writing", measure, beside, reached=pairs.ratio(of))


def whole(bench: Bench) -> Iterator[Line | Fit]:
    """The whole way beside the naive script, and beside django-mailbox."""
    beside = "a naive script of the same six packages"
    try:
        with ready(bench) as ways:
            few = mailboxes.written(bench, "mix", bench.sizes.few, mails.mails(bench.sizes.few))
            with bench.steps(f"{few.count:,} mails, {beside}", 2 * bench.sizes.pairs) as tick:
                pairs = in_turn(lambda: ways.poll(few), lambda: ways.naive(few), pairs=bench.sizes.pairs, tick=tick)
    except peers.Missing as error:
        yield rows.unmeasured("whole", "the whole way to held drafts", beside, "0.25", str(error))
        return
    bench.say(f"whole: {pairs}")
    measure = f"the whole way to held drafts, {few.count:,} mixed mails"
    yield rows.ratio("whole", f"{measure}, wall", beside, at_most=0.25, reached=pairs.ratio("wall"))


def texts(bench: Bench) -> Iterator[Line | Fit]:
    """CPU for each text mail beside django-mailbox."""
    measure, beside = f"the whole way, {bench.sizes.texts:,} text mails, CPU", "django-mailbox, which converts nothing"
    try:
        beside = f"{peers.django_mailbox().name}, which converts nothing"
        with ready(bench) as ways:
            made = mails.mails(bench.sizes.texts, seed="text", photos=False)
            box = mailboxes.written(bench, "text", bench.sizes.texts, made)
            with bench.steps(f"{box.count:,} text mails, {beside}", 2 * bench.sizes.pairs) as tick:
                pairs = in_turn(lambda: ways.poll(box), lambda: ways.django(box), pairs=bench.sizes.pairs, tick=tick)
    except peers.Missing as error:
        yield rows.unmeasured("texts", measure, beside, "1.00", str(error))
        return
    bench.say(f"texts: {pairs}")
    yield rows.ratio("texts", measure, beside, at_most=1.0, reached=pairs.ratio("cpu"))


@contextmanager
def ready(bench: Bench) -> Iterator[Ways]:
    """A server that runs, and a folder that goes again."""
    with mailboxes.serving() as server, bench.folder() as folder:
        yield Ways(server, folder)


def _all_there(found: int, count: int) -> None:
    if found != count:
        raise Failed(f"{found} of {count} mails are there")

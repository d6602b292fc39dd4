"""Cards of a wall: where they stand, and that one which is online already is not drawn again."""

from __future__ import annotations

from types import SimpleNamespace

from ingest.media.cards import Card, drawn
from plugins.cards import OF_WALL, Cards
from plugins.incremental.bodies import Bodies
from plugins.incremental.posts import Post, Posts
from plugins.incremental.work import Work

POST = Post(
    path="billets/bal.md", moment=0.0, slug="bal", url="2022/06/bal.html", month="2022/06", tags=(), kind="event",
    number="", changed="", turns=None, of="", agenda="", alive=False, media=(), said="", stamp="", body="",
)  # fmt: skip


def cards(output, online, siteurl: str = "https://mur.example.org") -> Cards:
    """The generator, as Pelican leaves it before it writes."""
    work = Work(folder=None, base=None, bodies=Bodies(None, ""), program="", fingerprint="", index=None)
    work.posts = Posts((POST,))
    settings = {"SITEURL": siteurl, "SITENAME": "Le mur", "SITESUBTITLE": "", "ONLINE": str(online), "WORK": work}
    article = SimpleNamespace(
        url=POST.url, title="Bal", relay=None, event=SimpleNamespace(words="mardi"), relative_source_path=POST.path
    )
    made = Cards({"articles": [article]}, settings, "", "", str(output))
    made.generate_context()
    put = SimpleNamespace(wants=work.wants, put=lambda name, data: work.put(output, name, data))
    made.generate_output(put)
    return made


def test_a_card_is_written_beside_its_month(tmp_path):
    """Named as the page is, so that two posts of one name do not share one."""
    made = cards(tmp_path / "new", tmp_path / "online")

    assert made.context["articles"][0].card == "cartes/2022/06/bal.png"
    assert (tmp_path / "new" / "cartes" / "2022" / "06" / "bal.png").read_bytes() == drawn(
        Card(title="Bal", wall="Le mur", over="mardi")
    )
    assert (tmp_path / "new" / OF_WALL).is_file()


def test_what_is_online_is_taken_and_what_says_something_else_is_drawn(tmp_path):
    """A drawing is known by its mark: what follows it is taken as it stands."""
    folder = tmp_path / "online" / "cartes" / "2022" / "06"
    folder.mkdir(parents=True)
    kept = drawn(Card(title="Bal", wall="Le mur", over="mardi")) + b"kept"
    (folder / "bal.png").write_bytes(kept)
    (tmp_path / "online" / OF_WALL).write_bytes(drawn(Card(title="Un autre mur", wall="")))
    cards(tmp_path / "new", tmp_path / "online")

    assert (tmp_path / "new" / "cartes" / "2022" / "06" / "bal.png").read_bytes() == kept
    assert (tmp_path / "new" / OF_WALL).read_bytes() == drawn(Card(title="Le mur", wall=""))


def test_a_site_without_an_address_has_none(tmp_path):
    """OpenGraph wants whole addresses."""
    made = cards(tmp_path / "new", tmp_path / "online", siteurl="")

    assert (made.context["wall_card"], made.context["articles"][0].card) == ("", "")
    assert not (tmp_path / "new").exists()

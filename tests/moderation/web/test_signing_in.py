"""Logging in: what a moderator does, and what whoever is none tries."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from ingest.moderation.web.application import create_app
from ingest.settings import Outgoing, load
from ingest.store import Store
from ingest.store.logins import ALL_HOURLY, EACH_HOURLY, TRIES, TooOften
from tests.moderation.web.visitors import Visitor

SAID = "Si cette adresse est celle"
CODE = "/connexion/code"


def ask(visitor: Visitor, address: str = "zoe@example.org", **more: str):
    """Fill in the first form."""
    return visitor.post("/connexion", {"address": address, **more})


def token_of(store: Store) -> str:
    """Of the newest letter."""
    return store.letters()[0].about["login"]


def wrong(store: Store, token: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(store.login_code(token)) + 1) % 1_000_000:06}"


def log_in(visitor: Visitor, store: Store, **more: str):
    """The whole way."""
    ask(visitor)
    return visitor.post(CODE, {"code": store.login_code(token_of(store)), **more})


def inside(visitor: Visitor) -> bool:
    """Whether a page that needs a login is shown."""
    return visitor.get("/moi").status_code == 200


def test_a_code_logs_in(client, store):
    """Address, code, in; the digits may stand in two groups."""
    assert ask(client).headers["Location"] == CODE
    assert SAID in client.get(CODE).text
    digits = store.login_code(token_of(store))

    answer = client.post(CODE, {"code": f" {digits[:3]} {digits[3:]} "})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert inside(client)


def test_neither_code_nor_cookie_lies_in_the_database(client, store, settings):
    """Whoever reads `mur.db` can log in nowhere."""
    log_in(client, store)
    token, cookie = token_of(store), client.cookie()
    data = b"".join(path.read_bytes() for path in settings.paths.state.glob("mur.db*"))

    assert token.encode() in data
    assert [each for each in (store.login_link(token), cookie, "zoe@example.org") if each.encode() in data] == []
    assert not re.search(rb"(?<![0-9a-f])" + store.login_code(token).encode() + rb"(?![0-9a-f])", data)


def test_nobody_learns_who_moderates(app, store):
    """For a stranger's address: same status, same page, same header fields, same statements; but no letter."""
    told = []
    for address in ("zoe@example.org", "lou@example.net"):
        visitor, statements = Visitor(app), []
        key = visitor.key("/connexion")
        count = lambda *told, into=statements: into.append(told[2].split()[0:3])  # noqa: E731
        sa.event.listen(store._database._engine, "before_cursor_execute", count)
        answer = visitor.client.post(
            "/connexion",
            data={"csrf_token": key, "address": address},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        sa.event.remove(store._database._engine, "before_cursor_execute", count)
        shapes = [" ".join(one) for one in statements if one[0] not in {"SAVEPOINT", "RELEASE", "ROLLBACK"}]
        fields = sorted(name for name, _value in answer.headers)
        page = re.sub(r'value="[^"]+"', "", visitor.get(CODE).text)
        told.append((answer.status, fields, answer.headers["Location"], len(statements), shapes, page))

    assert told[0] == told[1]
    assert len(store.letters()) == 1


def test_a_stranger_never_gets_in(client, store, clock):
    """Not even with the code that nobody was sent."""
    ask(client, "lou@example.net")
    with client.client.session_transaction() as session:
        token = session["login"]

    answer = client.post(CODE, {"code": store.login_code(token)})

    assert answer.status_code == 422
    assert not inside(client)


def test_five_wrong_codes_are_the_end_of_it(client, store):
    """The right one comes too late then; the page says how many are left."""
    ask(client)
    token = token_of(store)

    answers = [client.post(CODE, {"code": wrong(store, token)}) for _try in range(TRIES)]
    late = client.post(CODE, {"code": store.login_code(token)})

    assert "Il reste 4 essais" in answers[0].text
    assert "Il reste 1 essai." in answers[3].text
    assert "ne vaut plus" in answers[4].text
    assert (late.status_code, inside(client)) == (422, False)


def test_what_is_no_code_costs_no_try(client, store):
    """A finger that slipped."""
    ask(client)

    for text in ("", "12", "abcdef", "1" * 5000):
        client.post(CODE, {"code": text})

    assert client.post(CODE, {"code": store.login_code(token_of(store))}).status_code == 303


@pytest.mark.parametrize(("minutes", "in_time"), [(14, True), (15, False)])
def test_a_code_lasts_a_quarter_of_an_hour(client, store, clock, minutes, in_time):
    """And no minute longer."""
    ask(client)
    clock.pass_(minutes=minutes)

    client.post(CODE, {"code": store.login_code(token_of(store))})

    assert inside(client) == in_time


def test_a_code_serves_once(app, client, store):
    """A thousand replays log nobody in, at the same time or after one another."""
    ask(client)
    token = token_of(store)
    code = store.login_code(token)

    def tried(_n: int) -> bool:
        return store.try_code(token, code, now=app.extensions["mur"].clock()).who is not None

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(tried, range(100)))
    after = [tried(n) for n in range(900)]

    assert sum(together) + sum(after) == 1


def test_a_code_of_another_browser_does_not_serve(app, client, store):
    """It belongs to the browser that asked; so nobody can use up somebody else's tries, either."""
    ask(client)
    other = Visitor(app)

    answer = other.post(CODE, {"code": store.login_code(token_of(store))})

    assert answer.status_code == 422
    assert not inside(other)


def test_the_link_shows_and_the_button_acts(client, store):
    """A GET changes nothing, as often as it comes; the code is filled in already."""
    ask(client)
    token = token_of(store)
    link = f"/connexion/lien/{store.login_link(token)}"

    pages = [client.client.open(link, method=method) for method in ("HEAD", "GET", "GET")]
    assert [200] * 3 == [page.status_code for page in pages]
    assert f'value="{store.login_code(token)}"' in pages[1].text
    assert not inside(client)

    assert client.post(link, {"code": store.login_code(token)}).status_code == 303
    assert inside(client)
    assert client.get(link).status_code == 404


def test_a_link_alone_is_not_enough_elsewhere(app, client, store):
    """A link scanner that keeps cookies and presses every button stays outside: the page does not hold the code."""
    ask(client)
    token = token_of(store)
    scanner = Visitor(app)
    link = f"/connexion/lien/{store.login_link(token)}"

    page = scanner.get(link)
    scanner.post(link, {"code": ""})

    assert store.login_code(token) not in page.text
    assert not inside(scanner)
    assert scanner.post(link, {"code": store.login_code(token), "known": "yes"}).status_code == 303


@pytest.mark.parametrize(
    "link", ["x", "0" * 32, f"{'0' * 32}-{'0' * 32}", "%00", "../moi", "é" * 70, f"{'0' * 32}-{'0' * 32}%0a"]
)
def test_links_that_are_none_are_all_the_same(client, link):
    """404, and nothing to tell one from the other."""
    ask(client)

    assert client.get(f"/connexion/lien/{link}").status_code == 404


def test_a_used_an_old_and_a_false_link_give_one_page(client, store, clock):
    """Nobody learns which it was."""
    ask(client)
    token = token_of(store)
    old = f"/connexion/lien/{store.login_link(token)}"
    clock.pass_(minutes=16)
    false = old[:-1] + ("0" if old[-1] != "0" else "1")

    pages = {(client.get(link).status_code, client.get(link).text) for link in (old, false)}

    assert len(pages) == 1


def test_logging_in_makes_a_new_cookie(client, store):
    """Fixation: what a browser was given before is worth nothing afterwards, and no key of a form stays."""
    client.client.set_cookie("mur", "planted-by-somebody-else-0123456789abcdef")
    before = client.key("/connexion")

    log_in(client, store)

    assert client.cookie() not in {"", "planted-by-somebody-else-0123456789abcdef"}
    assert len(client.cookie()) == 43
    answer = client.client.post(
        "/moi/avis", data={"csrf_token": before, "notices": "none"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 400


def test_a_second_login_ends_the_first(zoe, store, clock):
    """The old cookie of the same browser is over."""
    old = zoe.cookie()
    with zoe.client.session_transaction() as session:
        session["login"] = store.ask_login("zoe@example.org", known=True, now=clock())
        token = session["login"]

    zoe.post(CODE, {"code": store.login_code(token)})

    assert zoe.cookie() != old
    assert store.session(old, now=clock()) is None


@pytest.mark.parametrize(("more", "kept"), [({}, False), ({"known": "yes"}, True)])
def test_a_device_of_ones_own_is_remembered(client, store, settings, clock, more, kept):
    """Hours on a shared one, and the cookie goes with the browser; days where the box was ticked."""
    answer = log_in(client, store, **more)

    cookie = next(field for field in answer.headers.getlist("Set-Cookie") if field.startswith("mur="))
    assert ("Expires=" in cookie) == kept
    assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie, "Path=/" in cookie) == (True, True, True)
    clock.pass_(hours=settings.moderation.session_hours)
    assert inside(client) == kept
    clock.pass_(days=settings.moderation.known_session_days)
    assert not inside(client)


def test_the_box_is_not_ticked_beforehand(client):
    """A library's computer is the case to think of."""
    ask(client)

    assert 'name="known" value="yes">' in client.get(CODE).text


def test_leaving_is_one_tap(zoe, store, clock):
    """The session is gone from the database, not from the browser alone."""
    cookie = zoe.cookie()

    answer = zoe.post("/deconnexion")

    assert answer.headers["Location"] == "/connexion"
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert "La session de cet appareil est fermée." in zoe.get("/connexion").text
    assert store.session(cookie, now=clock()) is None


def test_leaving_everywhere(zoe, store, clock):
    """Other devices, and codes on their way, are over, too; another person's are not."""
    who, other = store.who("zoe@example.org"), store.who("max@example.org")
    phone = store.open_session(who, device="Safari, iPhone", known=True, now=clock())
    theirs = store.open_session(other, device="Edge, Windows", known=True, now=clock())
    token = store.ask_login("zoe@example.org", known=True, now=clock())

    answer = zoe.post("/deconnexion/partout")

    assert answer.status_code == 303
    assert store.session(phone.cookie, now=clock()) is None
    assert store.session(theirs.cookie, now=clock()) is not None
    assert store.login_channel(token, now=clock()) == ""


def test_whoever_is_struck_from_the_list_is_out_at_once(tmp_path, clock):
    """`mur.toml` is read again when it changed: their next request is their last; while it is broken, nobody's in."""
    file = tmp_path / "mur.toml"
    zoe = '[[moderators]]\nname = "zoe"\naddress = "zoe@example.org"\n'
    file.write_text(zoe)
    settings = load(file)
    with Store.open(settings) as store:
        visitor = Visitor(create_app(settings, store, clock=clock))
        opened = store.open_session(store.who("zoe@example.org"), device="", known=False, now=clock())
        visitor.client.set_cookie("mur", opened.cookie)
        assert inside(visitor)

        file.write_text(zoe + "nonsense = 1\n")
        broken = visitor.get("/moi")
        file.write_text(zoe.replace("zoe", "max"))
        struck = inside(visitor)

    assert (broken.status_code, "nonsense" in broken.text) == (503, False)
    assert not struck


@pytest.mark.parametrize("address", ["zoe@example.org", "lou@example.net"])
def test_one_address_is_not_flooded(client, address):
    """Moderator or not, the answer is the same."""
    answers = [ask(client, address).status_code for _n in range(EACH_HOURLY + 1)]

    assert answers == [303] * EACH_HOURLY + [429]


def test_all_addresses_together_have_a_limit(store, clock):
    """And after an hour all is forgotten, the hashes of strangers' addresses, too."""
    for n in range(ALL_HOURLY):
        store.ask_login(f"{n}@example.net", known=False, now=clock())
    with pytest.raises(TooOften):
        store.ask_login("zoe@example.org", known=True, now=clock())

    clock.pass_(hours=1, seconds=1)
    store.ask_login("zoe@example.org", known=True, now=clock())

    with store._database.reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM login_code")) == 1


def test_a_link_from_the_terminal_needs_no_mail(app, store, clock):
    """For the day on which none goes out: one button, once."""
    visitor = Visitor(app)
    link = f"/connexion/lien/{store.grant_login('zoe@example.org', now=clock())}"

    assert 'name="code"' not in visitor.get(link).text
    assert visitor.post(link).status_code == 303
    assert inside(visitor)
    assert Visitor(app).post(link).status_code == 404


def test_without_outgoing_mail_the_page_says_so(settings, store):
    """And names the command that helps."""
    quiet = replace(settings, outgoing=Outgoing())
    store.settings = quiet
    page = Visitor(create_app(quiet, store)).get("/connexion").text

    assert "mur login-link NOM" in page
    assert 'name="address"' not in page


def test_an_address_that_is_none_is_said_to_be(client, store):
    """And is shown again as it was typed, harmless."""
    page = ask(client, '"><b>zoe')

    assert page.status_code == 422
    assert "&#34;&gt;&lt;b&gt;zoe" in page.text
    assert store.letters() == ()

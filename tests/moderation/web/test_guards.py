"""What every request passes, and what every answer carries."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from ingest.moderation.web.application import FORM_BYTES, create_app
from ingest.settings import Moderation
from tests.moderation.web.filled import fill
from tests.moderation.web.visitors import Visitor
from tests.store import walls

SAME = {"Sec-Fetch-Site": "same-origin"}
AVIS = "/moi/avis"


def at(settings, store, clock, url: str) -> Visitor:
    """A visitor of pages that are reached by `url`."""
    wall = replace(settings, moderation=Moderation(url=url))
    store.settings = wall
    visitor = Visitor(create_app(wall, store, clock=clock))
    opened = store.open_session(store.who("zoe@example.org"), device="", known=False, now=clock())
    name = "__Host-mur" if url.startswith("https") else "mur"
    visitor.client.set_cookie(name, opened.cookie, domain=urlsplit(url).hostname or "localhost", secure=True)
    return visitor


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 403),
        ({"Origin": "http://localhost:8020"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "http://localhost.example.org"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_a_form_comes_from_a_page_of_ours(zoe, store, settings, headers, status):
    """By what the browser says of it, whatever key it holds."""
    answer = zoe.client.post(AVIS, data={"csrf_token": zoe.key(), "notices": "none"}, headers=headers)

    assert answer.status_code == status
    assert store.notices_of(settings.moderators[0]) == ("none" if status == 303 else "each")


def test_a_form_holds_the_key_of_its_login(zoe, admin, store, settings):
    """None, another person's, one that was changed, one from before the login: nothing happens."""
    stranger = Visitor(zoe.app).key("/connexion")

    for key in ("", "x", admin.key(), zoe.key() + "x", stranger):
        answer = zoe.client.post(AVIS, data={"csrf_token": key, "notices": "none"}, headers=SAME)
        assert answer.status_code == 400

    assert store.notices_of(settings.moderators[0]) == "each"


def test_a_form_left_open_for_hours_still_goes(zoe, clock):
    """Its key lasts as long as the login, though the browser lost its other cookie."""
    key = zoe.key("/moi")
    clock.pass_(hours=11)
    zoe.client.delete_cookie("mur-form")

    answer = zoe.client.post(AVIS, data={"csrf_token": key, "notices": "none"}, headers=SAME)

    assert answer.status_code == 303


def test_looking_around_sets_no_cookie(zoe):
    """But the first time: of two answers at once, none undoes what the other one said."""
    first, second = zoe.get("/moi"), zoe.get("/journal")

    assert [field.partition("=")[0] for field in first.headers.getlist("Set-Cookie")] == ["mur-form"]
    assert second.headers.getlist("Set-Cookie") == []


def test_what_was_written_is_shown_to_whoever_lost_their_login(client):
    """Unsaved work can be copied from the page that says so."""
    text = "Un long texte,\nque personne ne veut <écrire> deux fois."

    page = client.client.post(AVIS, data={"csrf_token": "x", "body": text, "title": "court"}, headers=SAME)

    assert page.status_code == 401
    assert html.escape(text) in page.text


@pytest.mark.parametrize("url", ["", "https://moderation.example.org", "http://127.0.0.1:8020"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.example",
        "localhost.example",
        "moderation.example.org.evil.example",
        "",
        "127.0.0.1@x",
    ],
)
def test_only_our_own_name_is_answered(settings, store, clock, url, host):
    """421 for every other Host, and it stands nowhere in the answer."""
    visitor = at(settings, store, clock, url)

    answer = visitor.client.get("/moi", headers={"Host": host, "X-Forwarded-Host": "moderation.example.org"})

    assert answer.status_code == 421
    assert not host or host not in answer.text


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("", "127.0.0.1:8020"),
        ("", "localhost"),
        ("", "[::1]:9000"),
        ("https://moderation.example.org", "Moderation.Example.org"),
        ("https://example.org:8443/moderation", "example.org:8443"),
    ],
)
def test_our_own_name_is_answered(settings, store, clock, url, host):
    """Without an `url`, this machine's names at any port; with one, that host alone."""
    visitor = at(settings, store, clock, url)

    assert visitor.client.get("/a-propos", headers={"Host": host}).status_code == 200


def test_behind_tls_cookies_are_bound_to_the_host(settings, store, clock):
    """`__Host-`, Secure, HSTS; and no proxy's field turns it off."""
    visitor = Visitor(at(settings, store, clock, "https://moderation.example.org").app)
    own = {"Host": "moderation.example.org", "Origin": "https://moderation.example.org", **SAME}
    page = visitor.client.get(
        "/connexion", headers={**own, "X-Forwarded-Proto": "http"}, base_url="https://moderation.example.org"
    )

    cookies = page.headers.getlist("Set-Cookie")
    assert [c for c in cookies if not (c.startswith("__Host-mur") and "Secure" in c and "Path=/;" in c)] == []
    assert cookies
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("seen", ["/moderation/moi", "/moi"])
def test_under_a_prefix_every_address_has_it(settings, store, clock, seen):
    """Whether the web server takes it off or not."""
    visitor = at(settings, store, clock, "https://example.org/moderation")
    headers = {"Host": "example.org"}

    page = visitor.client.get(seen, headers=headers, base_url="https://example.org")

    assert page.status_code == 200
    links = re.findall(r'(?:href|action|src)="([^"#]+)"', page.text)
    assert [link for link in links if not link.startswith("/moderation/")] == []


@pytest.mark.parametrize(
    "text",
    [
        *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)"),
        *("/%2f/evil.example", "/..//evil.example", "/.evil.example", "/journal@evil.example", "/\tevil", "/\n/evil"),
        *("evil.example", "/rien", "/connexion", "/deconnexion", "/journal?" + "a" * 600, "///", "/static/x/../../y"),
    ],
)
def test_a_login_leads_to_a_page_of_ours(client, store, text):
    """Whatever `suite` says, the way goes on in these pages."""
    client.post("/connexion", {"address": "zoe@example.org", "suite": text})
    token = store.letters()[0].about["login"]
    answer = client.post("/connexion/code", {"code": store.login_code(token)})

    assert answer.headers["Location"] in {"/", "/static/x/../../y"}
    assert not urlsplit(answer.headers["Location"]).netloc


@pytest.mark.parametrize("path", ["/journal?quoi=decisions&qui=zoe", "/moi", "/chiffres"])
def test_whoever_followed_a_link_gets_there_after_the_login(client, store, path):
    """From a notice to the page, by way of the code."""
    login = client.get(path).headers["Location"]
    wanted = html.unescape(re.search(r'name="suite" value="([^"]*)"', client.get(login).text)[1])
    client.post("/connexion", {"address": "zoe@example.org", "suite": wanted})
    token = store.letters()[0].about["login"]

    assert path == client.post("/connexion/code", {"code": store.login_code(token)}).headers["Location"]


def test_every_answer_carries_the_fields(zoe, client, app):
    """Each route, known and unknown, logged in and not."""
    routes = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and "<" not in rule.rule]

    for visitor in (zoe, client):
        for path in [*routes, "/rien", "/connexion/lien/x", "/static/rien.css"]:
            fields = visitor.get(path).headers
            policy = fields["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'"), path
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert "base-uri 'none'" in policy
            assert (fields["X-Content-Type-Options"], fields["Referrer-Policy"]) == ("nosniff", "same-origin")
            assert fields["Cache-Control"] == ("no-cache" if path.startswith("/static/") else "no-store")
            assert "noindex" in fields["X-Robots-Tag"]
            assert fields["Cross-Origin-Opener-Policy"] == fields["Cross-Origin-Resource-Policy"] == "same-origin"


def test_every_page_but_a_few_needs_a_login(client, app):
    """A new page is shut unless it says otherwise; these say so."""
    public = set()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<int:[^>]+>", "1", rule.rule)
        path = re.sub(r"<[^>]+>", "0123456789abcdef", path)
        methods = rule.methods & {"GET", "POST"}
        for method in methods:
            answer = client.client.open(path, method=method, headers=SAME)
            shut = answer.status_code == 401 or answer.headers.get("Location", "").startswith("/connexion?suite=")
            if not shut:
                public.add(f"{method} {rule.rule}")

    ours = {each for each in public if not each.startswith("GET /vue/")}
    assert {each for each in ours if each.startswith("POST")} == {
        *("POST /connexion", "POST /connexion/code", "POST /connexion/lien/<link>", "POST /quitter/<token>")
    }
    assert {
        *("GET /connexion", "GET /connexion/code", "GET /connexion/lien/<link>", "GET /accueil", "GET /a-propos"),
        *("GET /source.zip", "GET /application.webmanifest", "GET /static/<path:filename>"),
    } <= ours


@pytest.mark.parametrize("path", ["/equipe"])
def test_what_is_an_administrators_is_theirs(zoe, admin, client, path):
    """403 for a moderator, the login for whoever is none."""
    assert (zoe.get(path).status_code, admin.get(path).status_code) == (403, 200)
    assert client.get(path).status_code == 303


def test_too_long_is_said_before_it_is_read(zoe):
    """On a page of ours."""
    answer = zoe.client.post(AVIS, data={"csrf_token": "x", "body": "é" * FORM_BYTES}, headers=SAME)

    assert answer.status_code == 413
    assert "C’est trop long" in answer.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/rien", 404), ("DELETE", "/journal", 405)])
def test_what_is_not_there_is_said_in_french(zoe, method, path, status):
    """One clear page, with the way back."""
    answer = zoe.client.open(path, method=method, headers=SAME)

    assert answer.status_code == status
    assert "Revenir à ce qui attend" in answer.text


def test_a_bug_shows_nothing(app, zoe, caplog):
    """Neither on the page nor, at the usual level, in the log: an exception may quote a mail."""

    @app.get("/bug")
    def bug() -> str:
        raise ValueError("canari-5501 zoe@example.org")

    answer = zoe.get("/bug")

    assert answer.status_code == 500
    assert "canari" not in answer.text
    assert ["GET bug: ValueError"] == [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert [record for record in caplog.records if record.exc_info and record.levelno > 10] == []


class _Found(HTMLParser):
    """The addresses and forms of a page, as a link scanner finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        self.links += [told[name] for name in ("href", "src", "action") if name in told]
        if tag == "form":
            self.forms.append((told.get("action", ""), told.get("method", "get"), {}))
        elif tag in {"input", "textarea", "select", "button"} and self.forms and told.get("name"):
            self.forms[-1][2][told["name"]] = told.get("value", "") or "oui"


def crawl(visitor: Visitor, starts: list[str]) -> set[str]:
    """GET and HEAD whatever can be found, then submit every form; gives back the addresses."""
    seen: set[str] = set()
    todo, forms = list(starts), {}
    while todo and len(seen) < 400:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        visitor.client.head(path)
        page = visitor.client.get(path)
        found = _Found()
        if page.mimetype == "text/html":
            found.feed(page.text)
        else:
            page.close()
        todo += [page.headers["Location"]] if "Location" in page.headers else []
        todo += [urljoin(path, link) for link in found.links if not urlsplit(link).netloc]
        forms |= {(urljoin(path, action), method): fields for action, method, fields in found.forms}
    for (action, method), fields in forms.items():
        visitor.client.open(action, method=method.upper(), data=fields, headers=SAME)
        visitor.client.open(action, method=method.upper(), data={**fields, "csrf_token": ""})
    return seen


def test_a_link_scanner_changes_nothing(app, store, zoe, clock):
    """It GETs and HEADs every link of a notice and of every page, and submits every form that a moderator sees."""
    fill(store, clock, weeks=2)
    before = walls.everything(store), store.letters(), store.notices_of(app.extensions["mur"].roll.moderators()[0])
    scanner, key = Visitor(app), store.ask_login("zoe@example.org", known=True, now=clock())
    starts = [f"/connexion/lien/{store.login_link(key)}", *(f"/contribution/{row.id}" for row in store.rows())]
    shown = [*starts, "/", "/journal", "/chiffres", "/moi", "/equipe", "/a-propos"]

    crawl(scanner, shown)
    addresses = set()
    for path in shown:
        found = _Found()
        page = zoe.get(path)
        found.feed(page.text if page.mimetype == "text/html" else "")
        addresses |= {(action, method, tuple(fields.items())) for action, method, fields in found.forms}
    for action, method, fields in addresses:
        data = {name: value for name, value in fields if name != "csrf_token"}
        scanner.client.open(action or "/", method=method.upper(), data=data, headers=SAME)

    after = walls.everything(store), store.letters()[1:], store.notices_of(app.extensions["mur"].roll.moderators()[0])
    assert before == after
    assert store.login_channel(key, now=clock()) == "mail"
    assert len(store.sessions_of(store.who("zoe@example.org"), now=clock())) == 1

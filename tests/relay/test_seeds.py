"""The page and the thread that the relay was made for, mailed in the shapes that people mail them in.

They lie beside the corpus that `MUR_CORPUS` names, and none of their sentences stands here.
"""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

import pytest

from ingest.model import Kind, Why
from ingest.relay.belonging import CERTAIN, Known, belonging, changes, proposed_update
from ingest.relay.model import Relay, When
from ingest.relay.proposals import as_front_matter
from tests.relay.shapes import PARIS, draft, flowed_latin9, gmail_forward, pasted_from_the_web, plain, values, word

SEEDS = Path(os.environ.get("MUR_CORPUS", ".")).parent / "seeds"
SIGN = "https://technopolice.fr/plainte/"
FORWARDED, SENT = datetime(2022, 9, 20, 9, tzinfo=PARIS), datetime(2022, 6, 8, 10, tzinfo=PARIS)
HEADINGS = re.compile(
    r"(?m)^(?:Dans le détail|Vidéosurveillance|Fichage|Reconnaissance faciale|Détection automatisée de comportements"
    r"|Plainte collective)[ \t]*$"
)

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not (SEEDS / "blog-page.txt").is_file(), reason="MUR_CORPUS names no corpus with seeds beside it"
    ),
]


@pytest.fixture(scope="module")
def blog():
    """The post, marked up as its page is: headings, a list, one line in bold."""
    text = (SEEDS / "blog-page.txt").read_text(encoding="utf-8").partition("technopolice\n")[2]
    text = HEADINGS.sub(lambda match: f"# {match[0].strip()}", text)
    return re.sub(r"(?m)^  • ", "- ", text).replace("A signer et diffuser partout", "**A signer et diffuser partout**")


@pytest.mark.parametrize("shape", [gmail_forward, flowed_latin9, word, pasted_from_the_web], ids=lambda it: it.__name__)
def test_the_page_is_proposed_as_a_relay(blog, shape):
    """Sign link, organiser, what it attacks, conditions, source; nothing of its form or of its typography is lost."""
    found = draft(shape(blog, "Plainte collective", SENT))
    head = as_front_matter(found.proposals)

    assert (Kind.RELAY, SIGN) == (found.draft.kind, found.draft.extra["Sign_url"])
    assert (SIGN, SIGN) == (head["Sign_url"], head["Source"])
    assert ("La Quadrature du Net", "la CNIL") == (head["Organiser"], head["Target"])
    assert 4 == len(values(found, "Attacks"))
    assert {"gratuit", "sans risque juridique"} <= set(head["Conditions"].split("; "))
    assert "La Quadrature du Net" == head["Conditions_by"]
    assert head["Who_may_join"].startswith("toute personne")
    assert "Deadline" not in head
    body = found.draft.body
    assert 3 == len(re.findall(r"(?m)^- ", body))
    if shape is not flowed_latin9:
        assert 6 == len(re.findall(r"(?m)^#{2,4} ", body))
        assert "**" in body
        assert "’" in body
        assert len(re.findall("[\u00a0\u202f]", body)) >= len(re.findall("[\u00a0\u202f]", blog)) // 2


THREAD = Known(
    key="mur-1",
    title="Porter plainte ensemble contre la Technopolice",
    relay=Relay(
        organiser="La Quadrature du Net",
        sign_url=SIGN,
        deadline=When.of_minute(datetime(2022, 9, 24, 23, 59, tzinfo=PARIS), PARIS),
    ),
)
OTHER = Known(key="mur-2", title="Le train du soir", relay=Relay(sign_url="https://petitions.example.org/train"))


@pytest.mark.parametrize("shape", [plain, pasted_from_the_web, gmail_forward], ids=lambda it: it.__name__)
def test_the_thread_becomes_an_update_of_it(shape):
    """Relay found; five of five cut links marked, none invented; count, deadline, pillars; furniture gone and told."""
    found = draft(shape((SEEDS / "mastodon-thread.txt").read_text(encoding="utf-8"), "Dans 4 jours", FORWARDED))
    matches = belonging(found.text, found.proposals, (OTHER, THREAD))

    assert Kind.UPDATE is found.draft.kind
    assert [("mur-1", True)] == [(match.key, match.score >= CERTAIN) for match in matches]
    assert "deadline: 2022-09-24" in matches[0].reasons
    assert 5 == found.draft.body.count("… (lien coupé dans le message reçu)")
    assert 5 == sum(warning.startswith("link-cut") for warning in found.warnings)
    assert not re.findall(r"https?://[^\s>)]*(?:laquadrature|lagazette)[^\s>)]*", found.draft.body)
    assert (["13380"], ["at-least"], ["2022-09-20"]) == (
        values(found, "Count"),
        values(found, "Count_qualifier"),
        values(found, "Count_date"),
    )
    assert ["2022-09-24"] == values(found, "Deadline")
    assert 4 == len(values(found, "Attacks"))
    assert 4 == sum(piece.why is Why.FOOTER for piece in found.removed)
    assert "Follow" not in found.text
    update = proposed_update(THREAD, found.proposals, zone=PARIS)
    assert {"Count"} == {change.key for change in changes(THREAD, update, now=FORWARDED, zone=PARIS)} - {"Filing"}

"""What moderators are sent: the text as it would be published, and nothing of the mail that it came in."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from PIL import Image

from ingest.correspondence.digest import post_digests
from ingest.correspondence.letter import Unsent
from ingest.moderation import Decision, decide
from ingest.moderation.edit import edit
from ingest.states import Action
from plugins.rendering import render
from tests.correspondence.answers.test_entitled import answer, code
from tests.correspondence.answers.wall import BO, CLAUDINE, NOW, contribution, html_of, opened, parsed, text_of

EVENING = NOW.replace(hour=17, minute=30)
"""Half past six in Paris."""
CANARIES = ("canari", "192.0.2.", "06 12 34", "0612", "75000")


def illustrated(pictures: int = 1, *, size: tuple[int, int] = (900, 600)) -> bytes:
    """A contribution with photographs."""
    mail = parsed(contribution("Voici la place hier soir, avec beaucoup de monde et de la musique partout."))
    for number in range(pictures):
        out = BytesIO()
        Image.effect_noise(size, 60 + number).convert("RGB").save(out, "JPEG", quality=92)
        mail.add_attachment(out.getvalue(), "image", "jpeg", filename=f"canari-fichier-{number}.jpg")
    return mail.as_bytes(policy=SMTP)


def test_a_notice_shows_the_text_and_why_it_waits(wall):
    """Title, signature, kind, reasons, what was taken out, the text, how to answer, the page."""
    row = wall.contribution()

    told = " ".join(text_of(wall.notice()).replace("\u202f", " ").split())

    for words in (
        "Titre : Une soirée sur la place",
        "Signée : sans nom",
        "Retenue : expéditeur non vérifié",
        "Ôté du courriel : signature, adresse masquée, numéro masqué",
        "Hier soir, sur la place du marché, nous étions une trentaine",
        "Écrivez à [adresse masquée] ou appelez le [téléphone masqué].",
        f"https://moderation.example.org/contribution/{row.id}",
        "1 contribution attend.",
        "« plus tard »",
    ):
        assert words in told


def test_nothing_of_the_original_is_in_any_letter(wall):
    """Addresses, telephone, header, names of files, signature: in no notice, digest or answer."""
    wall.store.choose_notices(wall.store.settings.moderators[1], "daily", now=NOW)
    row = wall.contribution()
    other = wall.store.find(wall.take(illustrated(2), at=NOW).id)
    post_digests(wall.store.settings, wall.store, now=EVENING)
    wall.take(answer(code(wall, row), text="non : hors sujet"))
    wall.take(answer(code(wall, other), text="oui mais"))
    wall.take(answer(code(wall, row), more="Message-ID: <2@example.net>\n"))

    letters = [*wall.letters(), *wall.letters("digest", BO)]
    mails = [mail for letter in letters if isinstance(mail := wall.written(letter, at=EVENING), EmailMessage)]

    assert {"notice", "digest", "answer-done", "answer-unclear", "answer-already"} == {one.kind for one in letters}
    assert 4 <= len(mails)
    for mail in mails:
        shown = "".join(
            part.as_bytes().decode("ascii") + str(part.get_content()) for part in mail.walk() if not part.is_multipart()
        )
        assert [] == [canary for canary in CANARIES if canary in f"{mail.items()}{shown}".lower()]


def test_pictures_are_small_and_few(wall):
    """The narrow copies, inline, and no more than a mailbox bears."""
    wall.take(illustrated(9, size=(1600, 1200)), at=NOW)

    notice = wall.notice()
    pictures = [part for part in notice.walk() if part.get_content_maintype() == "image"]

    assert 1 <= len(pictures) <= 6
    assert all(400 == Image.open(BytesIO(part.get_content())).width for part in pictures)
    assert sum(len(part.get_content()) for part in pictures) <= 600_000
    assert all(f"cid:{part['Content-ID'].strip('<>')}" in html_of(notice) for part in pictures)
    assert "[image 1" in text_of(notice)


def test_markup_of_a_contribution_stays_text(wall):
    """Title and text are somebody's."""
    wall.contribution(
        "<script>alert(1)</script> et <b>du gras</b>, longuement raconté ici.", "<img src=x onerror=alert(1)>"
    )

    page = html_of(wall.notice())

    assert "<script" not in page
    assert "<img src=x" not in page


def test_who_wants_none_gets_none(wall):
    """Their notices are dropped when they would be written, so that a choice counts at once."""
    wall.contribution()
    wall.store.choose_notices(wall.store.settings.moderators[0], "daily", now=NOW)

    assert [Unsent(why="not-wanted")] * 2 == [wall.written(wall.letters("notice", to)[0]) for to in (CLAUDINE, BO)]


def test_what_was_decided_meanwhile_is_not_sent(wall):
    """Nor what changed."""
    row, other = wall.contribution(), wall.contribution(subject="Autre")
    decide(wall.store, Decision(action=Action.REJECT, id=row.id, by="Bo", digest=None, channel="web", at=NOW))
    document = wall.store.document(other.id).replace("trentaine", "vingtaine")
    edit(wall.store, other.id, document, seen=other.digest, by="Bo", channel="web", at=NOW)

    assert [Unsent(why="decided"), Unsent(why="changed")] == [wall.written(one) for one in wall.letters("notice")]


def test_a_flood_brings_no_notice_for_each(tmp_path):
    """One letter for all of them comes from elsewhere."""
    wall = opened(tmp_path, more="[floods]\nqueue = 2")
    wall.contribution()
    wall.contribution(subject="Autre")

    assert [Unsent(why="flood")] * 2 == [wall.written(one) for one in wall.letters("notice")]
    wall.close()


@pytest.mark.parametrize("raw", [b"From: a@example.net\r\nAuto-Submitted: auto-replied\r\n\r\nx", b"\0"])
def test_what_does_not_wait_brings_none(wall, raw):
    """Refused, quarantined."""
    wall.take(raw)

    assert () == wall.letters()


def test_a_digest_comes_once_a_day_at_its_hour_if_something_is_new(tmp_path):
    """Not before, not twice, not for what is old."""
    wall = opened(tmp_path, notices="daily")
    settings, store = wall.store.settings, wall.store
    empty = post_digests(settings, store, now=EVENING)
    wall.contribution()

    posted = [post_digests(settings, store, now=EVENING + timedelta(minutes=n)) for n in (-60, 0, 5, 60, 300, 1440)]

    assert (0, [0, 1, 0, 0, 0, 0]) == (empty, posted)
    wall.close()


def test_a_digest_links_to_a_mail_that_decides(tmp_path):
    """Its links hold the code of one text each; an answer to the digest itself decides nothing."""
    wall = opened(tmp_path, notices="daily")
    row, other = wall.contribution(), wall.contribution(subject="Autre")
    post_digests(wall.store.settings, wall.store, now=EVENING)
    digest = wall.written(wall.letters("digest")[0], at=EVENING)
    link = next(part for part in html_of(digest).split('"') if part.startswith("mailto:") and "Autre" in unquote(part))
    subject = parse_qs(urlsplit(link).query)["subject"][0]
    later = EVENING + timedelta(hours=1)

    begun = answer(subject.rpartition("#")[2].strip(")"), text="oui")
    replied = answer("x", more=f"In-Reply-To: {digest['Message-ID']}\n")
    taken = [wall.take(begun, at=later), wall.take(replied, at=later)]

    assert ["handled", "handled"] == [one.outcome for one in taken]
    assert ("held", "accepted") == (wall.state(row), wall.state(other))
    assert ["digest"] == [one.about["why"] for one in wall.letters("answer-unclear")]
    assert "#" not in text_of(digest)
    assert "duquel il s’agit" in " ".join(text_of(wall.written(wall.letters("answer-unclear")[0])).split())
    wall.close()


def test_a_correction_keeps_pictures_and_links_and_drops_the_name_below(wall):
    """What a plain answer cannot say is kept from the draft."""
    row = wall.store.find(wall.take(illustrated(2), at=NOW).id)
    document = wall.store.document(row.id).replace("hier soir", "hier [soir](https://example.org/soir)", 1)
    row = edit(wall.store, row.id, document, seen=row.digest, by="Bo", channel="web", at=NOW)
    text = "Voici la grande place hier soir <https://example.org/soir>, avec du monde et de la musique partout."

    raw = answer(code(wall, row), text=f"corrigé :\nTitre : La place\n\n[image 2]\n\n{text}\n\nMerci,\nClaudine")
    wall.take(raw)

    draft = wall.store.draft(row.id)
    body = draft.body
    assert ("accepted", "La place") == (wall.state(row), draft.title)
    assert "hier [soir](https://example.org/soir)" in body
    assert 2 == body.count("](media:")
    assert body.index("![") < body.index("Voici la grande place") < body.rindex("![")
    assert "Claudine" not in body


def test_a_correction_is_written_by_our_own_writer(wall):
    """What looks like Markdown or HTML in an answer is text."""
    row = wall.contribution()
    body = text_of(wall.notice()).partition("publié ========")[2].partition("====")[0]

    wall.take(
        answer(
            code(wall, row),
            text=f"corrigé :\n{body}\n<script>alert(1)</script> [x](javascript:alert(1)) bo@example.com",
        )
    )

    published = render(wall.store.draft(row.id).body)
    assert "accepted" == wall.state(row)
    assert "&lt;script&gt;" in published
    assert "<a " not in published
    assert "bo@example.com" not in published

"""Proposals are kept beside the draft, with the mail they came of, and leave with it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.policy import SMTP
from pathlib import Path

from ingest.conversion import convert
from ingest.model import ContributionId
from ingest.publication.article import document, parse
from ingest.store.facts import Arrival, dump, facts_of, load
from tests.relay.shapes import PARIS, SETTINGS, gmail_forward

CALL = (Path(__file__).parent / "campaigns" / "antenne.txt").read_text(encoding="utf-8")
NOW = datetime(2022, 10, 5, 12, tzinfo=UTC)


def facts():
    """What is kept of a call to sign."""
    raw = gmail_forward(CALL, "À signer", datetime(2022, 10, 1, 9, tzinfo=PARIS)).as_bytes(policy=SMTP)
    found = convert(raw, settings=SETTINGS, now=NOW)
    arrival = Arrival(
        id=ContributionId("0" * 16), raw=raw, contribution=found.contribution, received_at=NOW, now=NOW, channel="poll"
    )
    return found.outcome, facts_of(arrival, found.outcome, lambda purpose, text: f"{purpose}:{len(text)}")


def test_proposals_are_read_back_as_they_were():
    """From `contribution.json`; a folder of an older version has none."""
    outcome, kept = facts()
    older = json.loads(dump(kept))
    del older["proposals"]

    assert outcome.proposals
    assert outcome.proposals == load(dump(kept)).proposals
    assert () == load(json.dumps(older).encode()).proposals


def test_no_proposal_names_the_sender_or_who_wrote_what_is_forwarded():
    """They are made of the draft, after its masks."""
    _outcome, kept = facts()
    told = json.dumps([[one.value, one.where, *one.notes] for one in kept.proposals], ensure_ascii=False)

    assert "Hocine" not in told
    assert "@" not in told


def test_no_proposal_stands_in_the_draft_by_itself():
    """Its front matter holds where to sign and until when, as it always did."""
    outcome, _kept = facts()

    assert {"Sign_url", "Deadline"} == set(parse(document(outcome.draft)).extra)

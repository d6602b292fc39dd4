"""What our own mail server said of the sender: RFC 8601 section 5, RFC 7489.

A sender can write Authentication-Results fields too. Only the topmost one counts, since our server puts its own on
top, and only if it carries exactly the name that our server signs with; where that name is not set, nothing is
believed.
"""

from __future__ import annotations

from collections.abc import Mapping

import authres
import authres.dmarc

from ingest.model import Address, Authenticity

_CONTEXT = authres.FeatureContext(authres.dmarc)
_MAX_FIELD = 8_000
_MAX_COMMENTS = 50
_FAILURES = (authres.AuthResError, ValueError, TypeError, AttributeError, LookupError, RecursionError)


def judge(fields: Mapping[str, tuple[str, ...]], sender: Address | None, authserv_id: str) -> Authenticity:
    """PASS where our server says `dmarc=pass` for the very domain of the one From address; FAIL where it says
    otherwise of it.

    `authserv_id` empty, several From fields or addresses, no field of ours on top, an unreadable one: UNKNOWN.
    """
    topmost = next(iter(fields.get("authentication-results", ())), "")
    if not authserv_id or not topmost or sender is None or len(fields.get("from", ())) != 1:
        return Authenticity.UNKNOWN
    if len(topmost) > _MAX_FIELD or topmost.count("(") > _MAX_COMMENTS:
        return Authenticity.UNKNOWN
    try:
        parsed = _CONTEXT.parse_value(topmost.rstrip("; "))
        if str(parsed.authserv_id).lower() != authserv_id.lower():
            return Authenticity.UNKNOWN
        verdicts = [
            (str(result.result).lower(), _domain(result.header_from))
            for result in parsed.results
            if result.method == "dmarc"
        ]
    except _FAILURES:
        return Authenticity.UNKNOWN
    return _verdict(verdicts, _domain(sender.address))


def signed_by(value: str) -> str:
    """The authserv-id that an Authentication-Results field carries, in lower case; empty where it cannot be read."""
    if len(value) > _MAX_FIELD or value.count("(") > _MAX_COMMENTS:
        return ""
    try:
        return str(_CONTEXT.parse_value(value.rstrip("; ")).authserv_id).lower()
    except _FAILURES:
        return ""


def _verdict(verdicts: list[tuple[str, str]], domain: str) -> Authenticity:
    """All that is said must be a pass of this very domain; other words than pass and fail say nothing."""
    if any(result == "fail" or (result == "pass" and of != domain) for result, of in verdicts):
        return Authenticity.FAIL
    passed = bool(domain and verdicts) and all(result == "pass" for result, _ in verdicts)
    return Authenticity.PASS if passed else Authenticity.UNKNOWN


def _domain(address: object) -> str:
    """The domain of an address, or a domain alone, as its ASCII form in lower case (RFC 5890)."""
    domain = str(address or "").rpartition("@")[2].strip().strip(".").lower()
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""

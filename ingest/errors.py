"""Failures, by who must act. A refusal is a value, not an exception.

    MurError
    ├── Misconfigured   the operator: `mur.toml` or a secret is wrong; says the key and the line    exit 2
    ├── Refused         whoever asked: not possible in this state, unknown id, somebody was faster  exit 1
    ├── BuildFailed     the site could not be built; the old one stays                              exit 1
    ├── BadMessage      the sender's bytes: this mail is quarantined and the next goes on
    └── Unavailable     mailbox, mail server or disk: nothing lost, run again                       exit 75
        └── LoginNeeded the mailbox's OAuth token is over: `mur login`; who waits goes on by itself exit 1

Anything else that is raised is a bug of ours.
"""

from __future__ import annotations


class MurError(Exception):
    """Root of what this program says to people: `str()` is one clear line."""

    exit_code = 1


class Misconfigured(MurError):
    """A setting is wrong. The line names the file, the line of it, the key and what was expected."""

    exit_code = 2


class Refused(MurError):
    """What was asked cannot be done, and nothing was changed."""


class BuildFailed(MurError):
    """Pelican refused, or what it built is not what was accepted."""


class BadMessage(MurError):
    """A mail that cannot be read. `reason` is the word that its quarantine keeps.

    Example: `raise BadMessage("too-deep", "multiparts nested deeper than 20")`.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


class Unavailable(MurError):
    """Not now. EX_TEMPFAIL of sysexits.h."""

    exit_code = 75


class LoginNeeded(Unavailable):
    """Not before somebody ran `mur login`. The poller waits for that; for a command, running it again is no help."""

    exit_code = 1

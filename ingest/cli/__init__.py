"""`mur`: what it answers stands in `docs/commands.md`. Nothing is decided here.

A command's module is imported only when it is called, so that `mur queue` does not wait for Pelican, Pillow or IMAP.
"""

from __future__ import annotations

import gc
import importlib
import sys
import textwrap
import traceback
from pathlib import Path

import click

from ingest.cli.beginnings import BEGINNINGS
from ingest.cli.wall import WallContext
from ingest.errors import MurError
from ingest.words import _

_COMMANDS = {
    "poll": "reading",
    "import": "reading",
    "import-blogger": "importing",
    "convert": "converting",
    "replay": "reading",
    "queue": "showing",
    "show": "showing",
    "search": "following",
    "journal": "following",
    "figures": "following",
    "tags": "following",
    "moderators": "following",
    "accept": "deciding",
    "reject": "deciding",
    "discard": "deciding",
    "spam": "deciding",
    "defer": "deciding",
    "withdraw": "deciding",
    "undo": "deciding",
    "take": "deciding",
    "release": "deciding",
    "block": "guarding",
    "unblock": "guarding",
    "blocked": "guarding",
    "edit": "editing",
    "keep": "editing",
    "adopt": "campaigning",
    "fetch-thread": "campaigning",
    "publish": "publishing",
    "send": "sending",
    "outbox": "sending",
    "followers": "subscribers",
    "fediverse": "fediverse",
    "erase": "keeping",
    "export": "keeping",
    "tidy": "keeping",
    "backup": "keeping",
    "restore": "keeping",
    "doctor": "watching",
    "login": "logging_in",
    "serve": "serving",
    "login-link": "serving",
}


_LONGEST = 200


class Commands(click.Group):
    """The commands, each found in its module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of a mail’s life."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`, or None."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"ingest.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of `mur --help`, without loading a command."""
        del ctx
        room = formatter.width - 6 - max(map(len, _COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl([(name, _short(BEGINNINGS[name], room)) for name in _COMMANDS])


def _short(text: str, room: int) -> str:
    """The first sentence, cut between two words where it is longer than the line."""
    sentence = text.partition(". ")[0].removesuffix(".") + "."
    return sentence if len(sentence) <= room else textwrap.shorten(sentence, room, placeholder="...")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), help=_("mur.toml ; sinon $MUR_CONFIG, sinon ./mur.toml."))
@click.option("--by", envvar="MUR_MODERATOR", help=_("Qui agit, pour le journal ; par défaut le nom de session."))
@click.option("--debug", is_flag=True, help=_("Montrer la trace d’une erreur et les détails."))
@click.version_option(package_name="lemurparle", prog_name="mur")
@click.pass_context
def group(ctx: click.Context, config: Path | None, by: str | None, *, debug: bool) -> None:
    """Le mur parle : un blog que ses lectrices et lecteurs écrivent par courriel."""
    ctx.obj = WallContext(config=config, by=by, debug=debug)


def main() -> None:
    """The entry point: exit codes of `docs/commands.md`, one line for people, no traceback without `--debug`."""
    debug = "--debug" in sys.argv
    try:
        code = group.main(standalone_mode=False)
        gc.freeze()  # at its end Python would look once more through all that was imported
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except MurError as error:
        _complain(str(error), debug=debug)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last boundary: a person never sees a traceback
        _complain(
            _("erreur inattendue : {error} (mur --debug … en dit plus)").format(error=_bounded(error)), debug=debug
        )
        sys.exit(1)


def _bounded(error: Exception) -> str:
    """One line: the exception may hold a whole mail."""
    words = repr(error)
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"


def _complain(line: str, *, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    click.echo(f"mur: {line}", err=True)

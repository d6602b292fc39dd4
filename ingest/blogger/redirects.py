"""What leads from the addresses that only Blogger had: pages for any host, and rules for nginx and Caddy. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote

from ingest.blogger.model import Moved
from ingest.words import _

MARK = "<!-- mur import-blogger -->"
"""Begins each page of ours, so that one written by hand is never replaced."""
NGINX, CADDY = "redirections-blogger.nginx.conf", "redirections-blogger.caddy"
_LEGAL_FILE = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|]{1,120}")
_LEGAL_RULE = re.compile(r"[^\x00-\x20\x7f\"'\\${};#`<>~]+(?: [^\x00-\x20\x7f\"'\\${};#`<>~]+)*")
"""What a rule may name: nothing that either server reads as more than a letter."""
_FEEDS = (
    ("/atom.xml", "/feeds/all.atom.xml"),
    ("/rss.xml", "/feeds/all.rss.xml"),
    ("/feeds/posts/summary", "/feeds/all.atom.xml"),
    ("/feeds/comments/default", "/feeds/reactions.atom.xml"),
    ("/feeds/comments/summary", "/feeds/reactions.atom.xml"),
)


def moves(months: Iterable[str], labels: Mapping[str, str], moved: Iterable[Moved]) -> tuple[Moved, ...]:
    """Every old address that a page can answer: archives of months (`2022-06`), labels with their tag's slug, posts."""
    found = [Moved(old=f"/{it.replace('-', '_')}_01_archive.html", new=f"/{it.replace('-', '/')}/") for it in months]
    found += [Moved(old=f"/search/label/{it}", new=f"/mot/{slug}/") for it, slug in labels.items() if slug]
    return tuple(sorted({*found, *moved}, key=lambda it: it.old))


def pages(all_moves: Iterable[Moved], *, site: str, lang: str = "fr") -> dict[str, str]:
    """Files for `content/extra/`, by path. `site` is the wall's address without a slash, or empty;
    `lang` its language (BCP 47).

    What no file can be called like is left to the rules of a server.
    """
    return {
        path: _page(path, move.new, site, lang)
        for move in all_moves
        if (path := _file(move.old)) and all(part not in {".", ".."} for part in path.split("/"))
    }


def nginx(all_moves: Iterable[Moved]) -> str:
    """A file for `http { include … }`, with what the `server` has to say."""
    rules = "".join(f'    "{it.old}" "{_target(it.new)}";\n' for it in all_moves if _fits(it))
    feeds = "".join(f'    "{old}" "{new}";\n' for old, new in _FEEDS)
    return (
        "# Written by `mur import-blogger`. Include it in `http { }`, and put into the wall's `server { }`:\n"
        "#     if ($arg_m = 1) { return 301 $uri; }\n"
        "#     if ($mur_blogger) { return 301 $mur_blogger; }\n"
        "map $arg_alt $mur_blogger_feed {\n"
        '    default "/feeds/all.atom.xml";\n'
        '    "rss" "/feeds/all.rss.xml";\n'
        "}\n"
        "map $uri $mur_blogger {\n"
        '    default "";\n'
        '    "/feeds/posts/default" $mur_blogger_feed;\n'
        f"{feeds}"
        '    "~^/feeds/[0-9]+/comments/(?:default|summary)$" "/feeds/reactions.atom.xml";\n'
        '    "~^/feeds/posts/(?:default|summary)/-/" "/mot/";\n'
        '    "/search" "/recherche.html?q=$arg_q";\n'
        f"{rules}"
        '    "~^/search/label/" "/mot/";\n'
        '    "~^/(?<mur_y>[0-9][0-9][0-9][0-9])_(?<mur_m>[0-9][0-9])_[0-9][0-9]_archive\\.html$" "/$mur_y/$mur_m/";\n'
        "}\n"
    )


def caddy(all_moves: Iterable[Moved]) -> str:
    """A snippet to `import` into the wall's site block; a directive a line, the first that fits counts."""
    rules = "".join(f'        redir "{it.old}" "{_target(it.new)}" permanent\n' for it in all_moves if _fits(it))
    feeds = "".join(f"        redir {old} {new} permanent\n" for old, new in _FEEDS)
    return (
        "# Written by `mur import-blogger`. Put `import redirections-blogger.caddy` into the wall's site block.\n"
        "route {\n"
        "    @mobile query m=1\n"
        "    redir @mobile {path} permanent\n"
        "    @rss {\n        path /feeds/posts/default\n        query alt=rss\n    }\n"
        "    redir @rss /feeds/all.rss.xml permanent\n"
        "    route {\n"
        "        redir /feeds/posts/default /feeds/all.atom.xml permanent\n"
        f"{feeds}"
        "        @comments path_regexp ^/feeds/[0-9]+/comments/\n"
        "        redir @comments /feeds/reactions.atom.xml permanent\n"
        "        redir /feeds/posts/default/-/* /mot/ permanent\n"
        "        redir /search /recherche.html?q={query.q} permanent\n"
        f"{rules}"
        "        redir /search/label/* /mot/ permanent\n"
        "        @archive path_regexp month ^/([0-9]{4})_([0-9]{2})_[0-9]{2}_archive\\.html$\n"
        "        redir @archive /{re.month.1}/{re.month.2}/ permanent\n"
        "    }\n"
        "}\n"
    )


def _file(old: str) -> str:
    path = old.strip("/")
    *folders, _last = path.split("/")
    if not all(map(_LEGAL_FILE.fullmatch, path.split("/"))) or any(it.endswith(".html") for it in folders):
        return ""
    return path if path.endswith(".html") else f"{path}/index.html"


def _page(path: str, new: str, site: str, lang: str) -> str:
    back = "../" * path.count("/")
    target = escape(back + quote(new.lstrip("/"), safe="/") or "./")
    canonical = f'<link rel="canonical" href="{escape(site)}{escape(quote(new))}">\n' if site else ""
    title, words = escape(_("Cette page a déménagé")), escape(_("La voici à sa nouvelle adresse"))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n{MARK}\n'
        f"<title>{title}</title>\n"
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0;url={target}">\n{canonical}</head>\n'
        f'<body>\n<main>\n<h1>{title}</h1>\n<p><a href="{target}">{words}</a></p>\n</main>\n</body>\n</html>\n'
    )


def _fits(move: Moved) -> bool:
    return bool(_LEGAL_RULE.fullmatch(move.old)) and "*" not in move.old


def _target(new: str) -> str:
    return quote(new, safe="/-_.")

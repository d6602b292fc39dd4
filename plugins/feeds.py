"""Feeds: Atom in the language of the wall, RSS, JSON Feed 1.1, and one for each kind of post.

Pelican (4.12) writes Atom and RSS without a language, which a screen reader needs, and no JSON Feed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from html import escape, unescape
from io import StringIO
from typing import Any

from feedgenerator import Atom1Feed, Rss201rev2Feed
from feedgenerator.django.utils.xmlutils import SimplerXMLGenerator
from pelican.writers import Writer

from ingest.model import Kind
from ingest.words import _
from plugins.incremental.pieces import ATOM, JSON, RSS
from plugins.incremental.posts import Post
from plugins.making import Maker
from plugins.paginating import glimpsed
from plugins.relays.shown import sign_line, state_line

JSON_FEED = "feeds/all.json"
KIND_FEEDS = {Kind.RELAY: "relais", Kind.EVENT: "agenda", Kind.UPDATE: "nouvelles-des-relais"}
"""`feeds/<name>.atom.xml`, written where there is such a post."""
_VERSION = "https://jsonfeed.org/version/1.1"


class _Kept:
    """A feed some of whose items are written already: each such item holds its dates, and its XML as `kept`."""

    def write_items(self, handler: Any) -> None:
        """Write all, in their order."""
        items: list[dict[str, Any]] = self.items  # type: ignore[has-type]
        for item in items:
            if "kept" in item:
                handler.ignorableWhitespace(item["kept"])  # as it is
            else:
                self.items = [item]
                super().write_items(handler)  # type: ignore[misc]
        self.items = items

    def item_xml(self) -> str:
        """The XML of its items."""
        said = StringIO()
        self.write_items(SimplerXMLGenerator(said, "utf-8", short_empty_elements=True))
        return said.getvalue()


class Rss(_Kept, Rss201rev2Feed):  # type: ignore[misc] # feedgenerator has no types
    """RSS 2.0."""


class Atom(_Kept, Atom1Feed):  # type: ignore[misc] # feedgenerator has no types
    """Atom (RFC 4287) whose entries say their language where it is not the feed's (section 2, `xml:lang`)."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """`xml:lang` of an entry."""
        lang = item.get("lang")
        return {"xml:lang": lang} if lang and lang != self.feed["language"] else {}


class FeedWriter(Writer):  # type: ignore[misc] # Pelican has no types
    """Pelican's writer with languages in its feeds."""

    def _create_new_feed(self, feed_type: str, feed_title: str | None, context: dict[str, Any]) -> Any:
        name = context["SITENAME"] + (f" – {feed_title}" if feed_title else "")
        tagline = context.get("SITESUBTITLE") or ""
        return (Rss if feed_type == "rss" else Atom)(
            title=name,
            link=f"{self.site_url}/",
            feed_url=self.feed_url,
            description=tagline,
            subtitle=tagline or None,
            language=context["DEFAULT_LANG"],
            feed_guid=self.feed_url,
        )

    def _add(self, feed: Any, item: Any, make: Callable[[], Any]) -> None:
        """Add an article, or what was kept of it; `make` makes such a feed."""
        kept = getattr(item, "kept", None)
        if kept is None:
            self._add_item_to_the_feed(feed, item)
            return

        def xml() -> str:
            self._add_item_to_the_feed(alone := make(), item)
            return str(alone.item_xml())

        told = kept.piece(RSS if isinstance(feed, Rss) else ATOM, xml)
        changed = datetime.fromisoformat(kept.post.changed)
        feed.items.append({"pubdate": item.date, "updateddate": changed, "kept": told})

    def _add_item_to_the_feed(self, feed: Any, item: Any) -> None:
        super()._add_item_to_the_feed(feed, item)
        for part in ("content", "description"):
            if feed.items[-1].get(part):
                feed.items[-1][part] = told_state(item) + feed.items[-1][part]
        feed.items[-1]["lang"] = item.lang
        feed.items[-1]["categories"] = [str(tag) for tag in getattr(item, "tags", ())]


def told_state(article: Any) -> str:
    """What stands before the text of a relay in a feed: how it is now, and where to sign while one may."""
    relay = getattr(article, "relay", None)
    if relay is None:
        return ""
    return "".join(f"<p>{escape(line)}</p>\n" for line in (state_line(relay), sign_line(relay)) if line)


class Feeds(Maker):
    """What Pelican's own generators do not write."""

    def generate_output(self, writer: Any) -> None:
        """One feed for each kind of post there is, and all of it as JSON."""
        most = self.settings["FEED_MAX_ITEMS"]
        for kind, name in KIND_FEEDS.items():
            path = f"feeds/{name}.atom.xml"
            if writer.wants(path) and (mine := self.articles(partial(_is, kind.value))):
                writer.write_feed(mine, self.context, path, feed_title=_title(kind))
        root = self.settings["FEED_DOMAIN"] or self.settings["SITEURL"]
        if root.startswith("http") and writer.wants(JSON_FEED):
            feed = json_feed(glimpsed(self.context["articles"][:most]), self.context, root)
            writer.put(JSON_FEED, (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode())


def _is(kind: str, post: Post) -> bool:
    return post.kind == kind


def _title(kind: Kind) -> str:
    return {
        Kind.RELAY: _("plaintes et appels à signer"),
        Kind.EVENT: _("agenda"),
        Kind.UPDATE: _("nouvelles des plaintes"),
    }[kind]


def json_feed(articles: Iterable[Any], context: dict[str, Any], root: str) -> dict[str, object]:
    """The document (jsonfeed.org/version/1.1) of a site at the absolute address `root`."""
    feed: dict[str, object] = {
        "version": _VERSION,
        "title": context["SITENAME"],
        "home_page_url": f"{root}/",
        "feed_url": f"{root}/{JSON_FEED}",
        "description": context.get("SITESUBTITLE") or "",
        "language": context["DEFAULT_LANG"],
        "items": [_item(article, root) for article in articles],
    }
    return feed


def _item(article: Any, root: str) -> dict[str, object]:
    kept = getattr(article, "kept", None)
    if kept is None:
        return _told(article, root)
    told: dict[str, object] = json.loads(kept.piece(JSON, lambda: json.dumps(_told(article, root))))
    return told


def _told(article: Any, root: str) -> dict[str, object]:
    item: dict[str, object] = {
        "id": f"{root}/{article.url}",
        "url": f"{root}/{article.url}",
        "title": str(article.title),
        "content_html": told_state(article) + str(article.get_content(root)),
        "summary": unescape(article.summary),  # which our reader escaped
        "date_published": article.date.isoformat(),
        "language": article.lang,
    }
    if hasattr(article, "modified"):
        item["date_modified"] = article.modified.isoformat()
    if article.byline:
        item["authors"] = [{"name": article.byline}]
    if article.tags:
        item["tags"] = [str(tag) for tag in article.tags]
    return item

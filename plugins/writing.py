"""Writes pages and feeds: those that somebody wants, whole or not at all, lists in pages that stay."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import StringIO
from typing import Any

from pelican import signals
from pelican.utils import get_relative_path, path_to_url, sanitised_join
from pelican.writers import FileOverwriteFailedError

from plugins.feeds import FeedWriter
from plugins.incremental.work import Work
from plugins.paginating import glimpsed, paginated, variables


class SiteWriter(FeedWriter):
    """Pelican's writer (4.12) with its two methods said anew, and nothing written that stands there already."""

    def __init__(self, output_path: str, settings: Any = None) -> None:
        super().__init__(output_path, settings=settings)
        self._work: Work = settings["WORK"]

    def put(self, name: str, data: bytes) -> None:
        """Write any other file of the site."""
        self._work.put(self.output_path, name, data)

    def wants(self, name: str) -> bool:
        """Whether a file is to be made."""
        return self._work.wants(name)

    def write_file(  # noqa: PLR0913, PLR0917 - Pelican's own signature
        self,
        name: str,
        template: Any,
        context: Any,
        relative_urls: bool = False,  # noqa: FBT001, FBT002
        paginated: object = None,
        template_name: str | None = None,
        override_output: bool = False,  # noqa: FBT001, FBT002
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Render one page, or all the pages of a list."""
        del paginated
        if not name:
            return
        if template_name in self.settings["PAGINATED_TEMPLATES"] and "articles" in kwargs:
            per_page = self.settings["PAGINATED_TEMPLATES"][template_name] or self.settings["DEFAULT_PAGINATION"]
            for page, more in _pages(name, url or "", kwargs, per_page):
                if self.wants(page):
                    self._page(page, template, context, relative_urls, override_output, kwargs | more)
        elif self.wants(name) or "page" in kwargs:
            self._page(name, template, context, relative_urls, override_output, kwargs)

    def write_feed(
        self,
        elements: Any,
        context: Any,
        path: str | None = None,
        url: str | None = None,
        feed_type: str = "atom",
        override_output: bool = False,  # noqa: FBT001, FBT002
        feed_title: str | None = None,
    ) -> Any:
        """Write one feed of the first of `elements`."""
        if path and not self.wants(path):
            return None
        self.site_url = context["SITEURL"]
        self.feed_domain = context["FEED_DOMAIN"]
        self.feed_url = self.urljoiner(self.feed_domain, url or path)
        make = partial(self._create_new_feed, feed_type, feed_title, context)
        feed = make()
        for item in glimpsed(elements[: self.settings["FEED_MAX_ITEMS"]]):
            self._add(feed, item, make)
        signals.feed_generated.send(context, feed=feed)
        if path:
            self._claim(path, override=override_output)
            feed.write(said := StringIO(), "utf-8")
            self.put(path, said.getvalue().encode("utf-8"))
            signals.feed_written.send(sanitised_join(self.output_path, path), context=context, feed=feed)
        return feed

    def _page(
        self,
        name: str,
        template: Any,
        context: Any,
        relative_urls: bool,  # noqa: FBT001
        override: bool,  # noqa: FBT001
        variables: dict[str, Any],
    ) -> None:
        local = context.copy()
        local["localsiteurl"] = local.get("localsiteurl", None)
        if relative_urls:
            local["SITEURL"] = local["localsiteurl"] = path_to_url(get_relative_path(name))
        local["output_file"] = name
        local.update(variables)
        if local["localsiteurl"]:
            context["localsiteurl"] = local["localsiteurl"]
        self._claim(name, override=override)
        self.put(name, template.render(local).encode("utf-8"))
        signals.content_written.send(sanitised_join(self.output_path, name), context=local)

    def _claim(self, name: str, *, override: bool) -> None:
        """One page has one author."""
        if name in self._written_files and not override:
            raise FileOverwriteFailedError(name)
        self._written_files.add(name)


def _pages(name: str, url: str, given: dict[str, Any], per_page: int) -> Iterator[tuple[str, dict[str, object]]]:
    """Each page of the lists that are `given` as `articles` and `dates`, which have one length and one order."""
    lists = [
        variables(key, paginated(name, url, given[key], per_page)) for key in ("articles", "dates") if key in given
    ]
    for same in zip(*lists, strict=True):
        yield same[0][0].save_as, {key: value for _page, more in same for key, value in more.items()}

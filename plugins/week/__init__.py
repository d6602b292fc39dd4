"""« Le mur de la semaine »: one sheet of A4 for a café's own wall, from what was posted in the last seven days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from plugins.making import Maker
from plugins.week.fitting import sheet
from plugins.week.reading import DAYS, read

PAGE = "semaine.html"


class WeekOnPaper(Maker):
    """Writes the sheet, where the theme has a page for it."""

    def generate_context(self) -> None:
        """`week_url` for the foot of each page; empty without the sheet."""
        self._wanted = self.has_template("week")
        self.context["week_url"] = PAGE if self._wanted else ""

    def generate_output(self, writer: Any) -> None:
        """The one page."""
        if not self._wanted:
            return
        now, root = self.settings["BUILD_NOW"], self.settings["SITEURL"]
        since = (now - timedelta(days=DAYS)).timestamp()
        week = read(self.articles(lambda it: it.alive or it.moment >= since), now=now)
        made = sheet(week, now=now, root=root if root.startswith("http") else "")
        template, relative = self.get_template("week"), self.settings["RELATIVE_URLS"]
        writer.write_file(PAGE, template, self.context, relative_urls=relative, url=PAGE, sheet=made)

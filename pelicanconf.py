"""Pelican's settings for a wall. What is particular to one stands in `mur.toml`, which `mur` reads too.

    pelican content -s pelicanconf.py

reads `./mur.toml`, or the file that `MUR_CONFIG` names.
"""

import logging
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from ingest.publication import addresses  # noqa: E402
from ingest.publication.finding import can_find  # noqa: E402
from ingest.settings import Settings, find, load  # noqa: E402
from ingest.words import speak  # noqa: E402
from plugins import mur  # noqa: E402
from plugins.dates import date_fr, datetime_iso, day_fr, month_fr, number_fr, time_fr, use  # noqa: E402
from plugins.lists import Once, articles_by_day, newest_first  # noqa: E402
from plugins.wall import build_now, wall_view  # noqa: E402

_file = find(None)
_wall = load(_file) if _file.exists() or _file != Path("mur.toml") else Settings()
speak(_wall.wall.language)
use(_wall.wall.language)

# --- this wall

SITENAME = _wall.wall.name
SITESUBTITLE = _wall.wall.tagline
SITEURL = _wall.wall.url
AUTHOR = _wall.wall.name  # of the feed's entries; `article.byline` is how one is signed
DEFAULT_LANG = _wall.wall.language
TIMEZONE = _wall.wall.timezone
PATH = str(_wall.paths.content.absolute())
OUTPUT_PATH = ONLINE = str(_wall.paths.output.absolute())  # a build goes elsewhere first: `-o`
WALL = wall_view(_wall.wall)
BUILD_NOW = build_now(ZoneInfo(TIMEZONE))

# --- the look

_theme = _wall.publish.theme
THEME = str(ROOT / "theme")
if _theme:
    _beside = (_wall.file or ROOT).parent / _theme
    THEME = str(_beside) if _beside.is_dir() else _theme  # Pelican knows `simple` and `notmyidea` by name
INCREMENTAL = not _theme  # `plugins.incremental.differences` knows what our own templates show, and no others'
DIRECT_TEMPLATES = ["index", "tags", "archives"]  # 404 and search where the theme has them: `plugins.mur`
JINJA_ENVIRONMENT = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "extensions": []}
JINJA_FILTERS = {
    "articles_by_day": articles_by_day,
    "date_fr": date_fr,
    "datetime_iso": datetime_iso,
    "day_fr": day_fr,
    "month_fr": month_fr,
    "number_fr": number_fr,
    "time_fr": time_fr,
}
JINJA_GLOBALS = {"build_now": BUILD_NOW, "once": Once()}

# --- the machine does not matter

LOCALE = ("C.UTF-8",)  # French comes from Babel
DEFAULT_DATE_FORMAT = "%Y-%m-%d"
CACHE_CONTENT = False
LOG_FILTER = [(logging.WARNING, "Feeds generated without SITEURL or FEED_DOMAIN set properly may not be valid")]
DELETE_OUTPUT_DIRECTORY = False
PLUGINS = [mur]  # unset, every `pelican.plugins.*` that is installed would run

# --- what is read

ARTICLE_PATHS = list(addresses.ARTICLE_FOLDERS)
PAGE_PATHS = [addresses.PAGE_FOLDER]
STATIC_PATHS = [addresses.MEDIA_FOLDER, addresses.EXTRA_FOLDER]
_extra = Path(PATH) / addresses.EXTRA_FOLDER
EXTRA_PATH_METADATA = {
    path.relative_to(PATH).as_posix(): {"path": path.relative_to(_extra).as_posix()}
    for path in (sorted(_extra.rglob("*")) if _extra.is_dir() else ())
    if path.is_file()
}
READERS = {"rst": None, "html": None, "htm": None}  # `.. include::` reads any file, HTML is anything
FORMATTED_FIELDS = []  # no Markdown outside of bodies
FILENAME_METADATA = r"(?!)"
INTRASITE_LINK_REGEX = r"(?P<what>(?!))"  # never: `{static}/../x` publishes any file
TYPOGRIFY = False
DEFAULT_METADATA = {"status": "draft"}  # never `skip`, which crashes 4.12 as a default
WITH_FUTURE_DATES = False
USE_FOLDER_AS_CATEGORY = False
DEFAULT_CATEGORY = "billets"
ARTICLE_TRANSLATION_ID = PAGE_TRANSLATION_ID = None  # by slug, two posts of one name would be « translations »

# --- what is written, and where

ARTICLE_URL = ARTICLE_SAVE_AS = ARTICLE_LANG_URL = ARTICLE_LANG_SAVE_AS = addresses.ARTICLE
PAGE_URL = PAGE_SAVE_AS = PAGE_LANG_URL = PAGE_LANG_SAVE_AS = addresses.PAGE
DRAFT_URL = DRAFT_SAVE_AS = DRAFT_LANG_URL = DRAFT_LANG_SAVE_AS = ""
DRAFT_PAGE_URL = DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_URL = DRAFT_PAGE_LANG_SAVE_AS = ""
YEAR_ARCHIVE_URL, YEAR_ARCHIVE_SAVE_AS = "{date:%Y}/", "{date:%Y}/index.html"
MONTH_ARCHIVE_URL, MONTH_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/", "{date:%Y}/{date:%m}/index.html"
ARCHIVES_URL = ARCHIVES_SAVE_AS = "archives.html"
SEARCH_URL = SEARCH_SAVE_AS = "recherche.html" if can_find() else ""
TAG_URL, TAG_SAVE_AS = "mot/{slug}/", "mot/{slug}/index.html"
TAGS_URL, TAGS_SAVE_AS = "mot/", "mot/index.html"
AUTHOR_URL = AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = ""
CATEGORY_URL = CATEGORY_SAVE_AS = CATEGORIES_SAVE_AS = ""
ARTICLE_ORDER_BY = newest_first
DEFAULT_PAGINATION = 12  # a list's first page has up to twice as many: `plugins.paginating`
PAGINATED_TEMPLATES = {"index": None, "tag": None} | ({} if _theme else {"month": None})
RELATIVE_URLS = not SITEURL

FEED_DOMAIN = SITEURL
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
RSS_FEED_SUMMARY_ONLY = False
TAG_FEED_ATOM = "feeds/mot/{slug}.atom.xml"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 20

"""Our settings, theme and features on stock Pelican: see `tests.bench.stock`."""

from pelicanconf import *  # noqa: F403
from tests.bench import stock

PLUGINS = [stock]
PAGINATION_PATTERNS = [
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
]

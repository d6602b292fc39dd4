"""Settings for a site that is put online by hand: `pelican content -s publishconf.py`.

`mur publish` needs only `pelicanconf.py`. The address of the site is `[wall] url` in `mur.toml`.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pelicanconf import *  # noqa: F403

RELATIVE_URLS = False
DELETE_OUTPUT_DIRECTORY = False  # the old site stays until the new one is whole

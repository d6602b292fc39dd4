"""Asks the Nu HTML checker (npm `vnu-jar`, run by Java) about every page of the test wall: `make validate`.

Exit code 1 where it finds an error. Not a part of the suite: it needs Java.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.theme.conftest import built

VERSION = "26.9.27"
NPM = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock")
_FILLING = re.compile(r"m[0-9]+\.html")


def main() -> int:
    """Build, check, tell."""
    if not shutil.which("java") or not shutil.which("npm"):
        sys.stderr.write("make validate needs npm and Java: apt-get install npm default-jre-headless\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        subprocess.run([*NPM, "--prefix", home / "npm", f"vnu-jar@{VERSION}"], check=True)
        jar = home / "npm" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
        (home / "wall").mkdir()
        output = built(home / "wall").output
        pages = sorted(it for it in output.rglob("*.html") if not _FILLING.fullmatch(it.name))
        done = subprocess.run(["java", "-jar", jar, "--errors-only", "--format", "gnu", *pages], check=False)
        style = subprocess.run(
            ["java", "-jar", jar, "--errors-only", "--css", *output.glob("theme/*.css")], check=False
        )
    print(f"{len(pages)} pages, Nu {VERSION}: {'no error' if not done.returncode else 'errors, above'}")
    print(f"style sheets: {'no error' if not style.returncode else 'errors, above'}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())

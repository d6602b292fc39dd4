"""Runs one command and tells what its whole process group cost: `python -I -S launch.py REPORT COMMAND…`.

A small process of its own, since a child begins with the peak of whoever forked it (`ru_maxrss`, getrusage(2)): under
a large parent, every small child would seem large. No import but of built-in modules.
"""

import os
import sys
import time


def main(report: str, *command: str) -> int:
    """Write `cpu wall peak-in-KiB code` to `report`; the exit code is the command's."""
    begin = time.monotonic()
    pid = os.posix_spawn(command[0], command, os.environ)
    _pid, status, used = os.wait4(pid, 0)
    wall = time.monotonic() - begin
    code = os.waitstatus_to_exitcode(status)
    with open(report, "w") as file:  # noqa: PTH123 - pathlib would be an import
        file.write(f"{used.ru_utime + used.ru_stime} {wall} {used.ru_maxrss} {code}\n")
    return 0 if code == 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

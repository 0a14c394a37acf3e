"""Who runs what: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from scripts.setup.errors import SetupError


class PopenAccount(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that choose the account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user of this machine, by number."""

    uid: int
    gid: int

    def arguments(self) -> PopenAccount:
        """What `subprocess.Popen` needs to run as this account; nothing when we are it."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_enter(self, folder: Path) -> bool:
        """Whether this account can reach and enter the folder."""
        probe = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        finished = subprocess.run(probe, check=False, capture_output=True, **self.arguments())
        return finished.returncode == 0


def is_root() -> bool:
    """Whether this process may do everything."""
    return os.geteuid() == 0


def database_account(state: Path) -> Account:
    """The account that runs the database server: `postgres` for root, else oneself.

    Raises:
        SetupError: run as root, there is no user `postgres`, or it may not enter the state folder.
    """
    if not is_root():
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError as missing:
        raise SetupError(
            "PostgreSQL does not run as root and this machine has no user 'postgres': "
            "run as an ordinary user, or name a database in WANGGE_DATABASE_URL."
        ) from missing
    account = Account(entry.pw_uid, entry.pw_gid)
    if not account.may_enter(state):
        raise SetupError(
            f"The database server runs as user 'postgres', who may not enter {state}: "
            "name another folder in WANGGE_STATE."
        )
    return account

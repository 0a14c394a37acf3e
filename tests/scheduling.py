"""Which tests one worker takes together: a file's, and all that need a browser."""

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"


class ByRoom(LoadScopeScheduling):
    """One worker has the browser and its server; the other takes file after file meanwhile.

    Files are handed out in the order of the tree, so that the browser, the longest, begins first.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        return BROWSER if file.startswith(BROWSER) else file

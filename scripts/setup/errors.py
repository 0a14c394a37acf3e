"""The one way set-up refuses: a sentence that says what to do."""


class SetupError(Exception):
    """Set-up cannot go on; the message is a sentence for the person at the terminal."""

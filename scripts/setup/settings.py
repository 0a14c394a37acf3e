"""The settings that set-up and `scripts/serve` read, and the keys they keep."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.setup.accounts import is_root
from scripts.setup.errors import SetupError

CHECKOUT = Path(__file__).resolve().parents[2]
SHORTEST_KEY = 32
FEWEST_SIGNS = 8
HIGHEST_PORT = 65535
KNOWN_KEYS = {"change-me", "changeme", "secret", "dev"}


@dataclass(frozen=True)
class Settings:
    """Where this checkout keeps its state and where it listens."""

    state: Path
    database_url: str | None = None
    bind: str = "127.0.0.1"
    port: int = 8000
    tls_cert: Path | None = None
    tls_key: Path | None = None

    @property
    def scheme(self) -> str:
        """`https` when a certificate is set, else `http`."""
        return "https" if self.tls_cert else "http"

    @property
    def logs(self) -> Path:
        """The folder of all logs."""
        return self.state / "logs"


def default_state(environ: Mapping[str, str], checkout: Path = CHECKOUT) -> Path:
    """The state folder of a checkout: one per user and checkout, outside the checkout."""
    name = hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    if is_root():
        return Path("/var/lib/wangge") / name
    base = environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "wangge" / name


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings as the environment has them; no file is touched.

    Raises:
        SetupError: a value that cannot be used.
    """
    env = os.environ if environ is None else environ
    cert, key = env.get("WANGGE_TLS_CERT"), env.get("WANGGE_TLS_KEY")
    if bool(cert) != bool(key):
        raise SetupError("WANGGE_TLS_CERT and WANGGE_TLS_KEY go together: set both or neither.")
    state = env.get("WANGGE_STATE")
    return Settings(
        state=Path(state).expanduser().resolve() if state else default_state(env),
        database_url=env.get("WANGGE_DATABASE_URL") or None,
        bind=env.get("WANGGE_BIND") or "127.0.0.1",
        port=read_port(env.get("WANGGE_PORT") or "8000"),
        tls_cert=_readable(cert),
        tls_key=_readable(key),
    )


def read_port(text: str) -> int:
    """A port number from its text.

    Raises:
        SetupError: not a number from 1 to 65535.
    """
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= HIGHEST_PORT:
        raise SetupError(f"WANGGE_PORT is '{text}'; it must be a number from 1 to {HIGHEST_PORT}.")
    return int(text)


def _readable(text: str | None) -> Path | None:
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    if not os.access(path, os.R_OK):
        raise SetupError(f"The file {path}, named in the TLS settings, cannot be read.")
    return path


def make_state(state: Path) -> Path:
    """Make and return the state folder, closed to others but for passing through as root.

    Raises:
        SetupError: the folder cannot be made or written.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        # The database server runs as another user then and must get to its own folder below.
        state.chmod(0o711 if is_root() else 0o700)
        (state / "logs").mkdir(mode=0o700, exist_ok=True)
        (state / "checkout").write_text(f"{CHECKOUT}\n", encoding="utf-8")
    except OSError as refused:
        raise SetupError(
            f"The state folder {state} cannot be used ({refused.strerror}): "
            "name another one in WANGGE_STATE."
        ) from refused
    return state


def secret_key(state: Path, environ: Mapping[str, str] | None = None) -> str:
    """The key that signs cookies: from WANGGE_SECRET_KEY, else made once and kept in the state.

    Raises:
        SetupError: the key of the environment is short or a well-known one.
    """
    given = (os.environ if environ is None else environ).get("WANGGE_SECRET_KEY")
    return _sound("WANGGE_SECRET_KEY", given) if given else _kept_key(state / "secret-key")


def field_key(state: Path, environ: Mapping[str, str] | None = None) -> str:
    """The keys that seal contacts, the newest first, with blanks between them.

    From WANGGE_FIELD_KEY, else made once and kept in the state.

    Raises:
        SetupError: a key of the environment is short or a well-known one.
    """
    given = (os.environ if environ is None else environ).get("WANGGE_FIELD_KEY", "").split()
    if given:
        return " ".join(_sound("WANGGE_FIELD_KEY", key) for key in given)
    return " ".join(_kept_key(state / "field-key").split())


def new_field_key(state: Path, keep: int) -> str:
    """Put a new key before the `keep` newest of those that the state keeps; 0 adds none.

    Returns all that are kept then, as `field_key` does.
    """
    path = state / "field-key"
    kept = _kept_key(path).split()
    fresh = [secrets.token_urlsafe(48), *kept[:keep]] if keep else kept[:1]
    _write_key(path, "\n".join(fresh))
    return " ".join(fresh)


def _sound(name: str, key: str) -> str:
    if len(key) < SHORTEST_KEY or key.lower() in KNOWN_KEYS or len(set(key)) < FEWEST_SIGNS:
        raise SetupError(
            f"{name} must be at least {SHORTEST_KEY} characters that nobody "
            "can guess; leave it out and one is made and kept."
        )
    return key


def _kept_key(path: Path) -> str:
    if path.exists() and len(kept := path.read_text(encoding="ascii").strip()) >= SHORTEST_KEY:
        return kept
    return _write_key(path, secrets.token_urlsafe(48))


def _write_key(path: Path, made: str) -> str:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(made + "\n")
    draft.replace(path)
    return made

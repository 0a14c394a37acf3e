"""Free ports of this machine."""

import socket
from errno import EADDRNOTAVAIL

from scripts.setup.errors import SetupError
from scripts.setup.settings import HIGHEST_PORT

TRIED = 100


def free(bind: str, first: int) -> int:
    """The first free port from `first` on, at the address `bind`.

    Raises:
        SetupError: the address is not this machine's, the port is reserved for root, or none
            of a hundred is free.
    """
    for port in range(first, min(first + TRIED, HIGHEST_PORT + 1)):
        if is_free(bind, port):
            return port
    raise SetupError(f"No port from {first} on is free at {bind}: choose one in WANGGE_PORT.")


def is_free(bind: str, port: int) -> bool:
    """Whether a server could listen at the address now.

    Raises:
        SetupError: the address is not this machine's, or the port is reserved for root.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            bind, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as unknown:
        raise SetupError(f"WANGGE_BIND is '{bind}', which is no address.") from unknown
    with socket.socket(family, kind, proto) as probe:
        # As the web server does: a port that only waits for old connections to end is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except PermissionError as refused:
            raise SetupError(f"Port {port} is reserved: choose one above 1023.") from refused
        except OSError as taken:
            if taken.errno == EADDRNOTAVAIL:
                raise SetupError(f"{bind} is not an address of this machine.") from taken
            return False
    return True

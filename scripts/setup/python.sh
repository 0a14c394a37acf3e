# Finds a Python of 3.11 or newer for the rest of the set-up, and goes to the checkout.
# Sourced by scripts/serve and scripts/test, with the checkout's path in $here.

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$python" -c '
import sys, ctypes, hashlib, json, ssl, venv
sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

if ! find_python; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "* Installing Python ..."
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy \
            --no-install-recommends python3 python3-venv; } >/dev/null || exit 1
    fi
    if ! find_python; then
        echo "Python 3.11 or newer is needed: on Debian 12 or Ubuntu 24.04, have an" \
            "administrator run 'apt-get install python3 python3-venv'." >&2
        exit 1
    fi
fi
cd "$here" || exit 1

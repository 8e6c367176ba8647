"""The health check of a container: whether its process is ready. Run as a file by bare Python, which is cheap."""

import http.client
import os
import sys


def main() -> int:
    """Return 0 if `/readyz` of this container answers 200."""
    port = int(os.environ.get("ZENGSHOU_HEALTH_PORT") or os.environ.get("ZENGSHOU_PORT") or 0)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/readyz")
        return int(connection.getresponse().status != 200)
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())

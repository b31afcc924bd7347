"""Container health check: exits 0 if the process reports ready, else prints its reasons and exits 1."""  # noqa: INP001 - a program of the image, no package

import os
import sys
import urllib.error
import urllib.request

host, _, port = os.environ.get("ADMIN_ADDRESS", "127.0.0.1:9100").rpartition(":")
address = f"http://{host or '127.0.0.1'}:{port}/health/ready"
try:
    with urllib.request.urlopen(address, timeout=4) as answer:
        sys.stdout.write(f"{answer.status}\n")
except urllib.error.HTTPError as error:
    sys.exit(error.read(2000).decode(errors="replace"))
except OSError as error:
    sys.exit(str(error))

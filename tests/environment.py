"""What the environment of a test run says, and what commands are run in it."""

import subprocess
from collections.abc import Callable

# Where the real data are.
REAL_DATA = "METRICS_STORE_REAL_DATA"
# Set where generated tests run in their long form: `make test-long`.
LONG = "LONG_TESTS"
# A password that no output may ever show; the embedded server trusts whoever reaches its socket.
PASSWORD = "shown-nowhere-5f1c"  # noqa: S105

RunMetrics = Callable[..., subprocess.CompletedProcess[str]]

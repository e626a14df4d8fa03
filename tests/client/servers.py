"""What the tests' server knows its callers by."""

TOKEN = "ms_the-token-of-the-python-client"  # noqa: S105

"""Golden files: certified values on known data, and drift from them."""

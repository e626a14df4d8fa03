"""Questions in plain values, as JSON and keyword arguments have them."""

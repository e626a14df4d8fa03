"""Roll-ups of what is live: which can be used, and which answers a question."""

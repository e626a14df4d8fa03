"""Tables that other tools landed, looked at."""

"""The server: one module a door, all of them over the one engine."""

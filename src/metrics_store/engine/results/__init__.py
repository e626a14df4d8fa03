"""Answers given before: in memory, and in files that the workers of a server share."""

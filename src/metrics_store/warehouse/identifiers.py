"""Limits of identifiers: names of tables and columns."""

# In bytes. PostgreSQL cuts longer names off without a word.
LONGEST_NAME = 63

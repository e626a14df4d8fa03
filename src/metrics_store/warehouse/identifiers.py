"""What names of tables and columns can be."""

# In bytes. PostgreSQL cuts longer names off without a word.
LONGEST_NAME = 63

"""The comparison with SQL by hand, at a small scale: it runs, compares, and ends when wrong."""

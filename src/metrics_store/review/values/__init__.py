"""The value diff: metrics of both revisions, queried on the same data."""

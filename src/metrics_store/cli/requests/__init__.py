"""Commands that make requests: `query`, `list`, `completion`."""

"""Commands that make a project: `init`, `upgrade`, `demo`."""

"""Review of a change of the definitions: what changed, what it means, which values move."""

"""The text of a filter becomes a tree: an allow-list, with nothing left over."""

"""Questions made at random: every way to answer one gives the same."""

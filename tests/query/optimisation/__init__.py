"""Plans made faster: the same answers, and what they read."""

"""Plans made faster: less is read and joined, and the answer stays the same."""

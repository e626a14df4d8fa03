"""What a change of definitions does to the numbers: both sides asked on the same data."""

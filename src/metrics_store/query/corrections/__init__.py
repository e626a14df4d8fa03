"""Where MetricFlow's own answer would be wrong without a word: plans made right, or refused."""

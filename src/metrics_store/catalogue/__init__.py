"""The catalogue of metrics: what each is, how it is worked out, and a real answer."""

"""The right rows, worked out from the seeds without any engine: a function a request."""

"""What all interfaces over HTTP share: middleware, errors, health, the identity of a request."""

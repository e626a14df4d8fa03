"""The REST interface: requests and listings over HTTP, with an OpenAPI document."""

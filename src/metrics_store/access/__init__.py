"""Access control: authentication, policies, authorisation, audit."""

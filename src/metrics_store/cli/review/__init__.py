"""Commands that review definitions: `diff`, `check`, `golden`, `changelog`."""

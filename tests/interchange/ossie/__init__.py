"""Tests of Ossie documents, written, checked and read."""

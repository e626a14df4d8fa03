"""Tests of the text for other layers."""

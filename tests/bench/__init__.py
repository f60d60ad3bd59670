"""Measurements, never assertions: `make bench` runs them all and prints tables."""

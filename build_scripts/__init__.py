"""Texts, figures and labels -> the handbook, and the `handbook` command line."""

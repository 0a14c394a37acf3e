"""Suggested grids: blocks between streets, units of whole buildings, and their balance."""

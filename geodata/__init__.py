"""The ground, the people on it, and what happens there; knows no browser."""

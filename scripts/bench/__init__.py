"""Benchmarks: ratios between two ways in one run, since machines are noisy; never tests."""

"""What arrives and leaves as a file."""

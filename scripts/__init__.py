"""The yard: set-up, and one module a job, run by `python -m scripts`."""

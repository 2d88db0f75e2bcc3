"""What measures the assistant: question sets, metrics, the runner, reports and speed.

Nothing imports this package; `python -m evals --help` tells what it can do.
"""

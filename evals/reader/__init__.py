"""How the built-in reader was made: data, training, export, calibration, figures.

Knows nothing of the library or the chain; what it makes is `assistant/reader/`.
"""

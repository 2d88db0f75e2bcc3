"""Makes the model that says whether words of a source carry a sentence, and measures it."""

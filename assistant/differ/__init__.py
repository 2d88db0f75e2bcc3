"""When answers of several sources differ, and whether that is a development or a contradiction."""

from assistant.differ.disagreement import Given, difference, latest, newest, wants_latest

__all__ = ["Given", "difference", "latest", "newest", "wants_latest"]

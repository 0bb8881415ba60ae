"""A class: a teacher with one laptop and a projector, and thirty students whose phones are the load."""

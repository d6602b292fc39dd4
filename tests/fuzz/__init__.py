"""Coverage-guided fuzzing: no part of `make test`, since it has no end."""

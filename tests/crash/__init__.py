"""The proof that nothing is lost: real commands, killed at every step by strace, at random, behind a bad network."""

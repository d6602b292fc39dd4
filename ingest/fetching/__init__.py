"""Asking a server that somebody's mail named: one JSON document, from a public address, bounded in bytes and time.

What is asked for was typed by a stranger, so that it may name this very machine, its neighbours, a server that answers
one letter a minute, or one that never ends. Nothing here runs unless a moderator says so.
"""

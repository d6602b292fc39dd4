"""The demonstration: an embedded mail server, and example mails that go the whole way through it."""

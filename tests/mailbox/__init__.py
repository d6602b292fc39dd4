"""The mailbox and the poller, against real servers and against one that misbehaves."""

"""The servers that these tests talk to."""

from tests.servers.fixtures import certificates, dovecot_server, mail_server, scripted

__all__ = ["certificates", "dovecot_server", "mail_server", "scripted"]

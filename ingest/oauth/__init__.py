"""OAuth 2.0 (RFC 6749) as a mail program needs it: a person says yes once, and a token is at hand ever after.

    keys (`mur.toml`) -> provider -> device | loopback -> token file, 0600 -> access: as it is, or refreshed

The token opens IMAP (`ingest.mailbox.bearer`) and, with the same account, SMTP. Everything is asked through
`ingest.oauth.endpoint`. No token, code or secret stands in a line that anybody reads, in a log or in a `repr`.
"""

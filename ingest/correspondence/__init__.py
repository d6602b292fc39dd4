"""Letters: which there are, to whom, when none may be sent, how they are written, and the server that takes them.

    a line of the journal -> policy: letters -> store: the outbox, in the same transaction
    the outbox -> guard -> fill, template -> a mail -> outgoing: a server takes it -> the outbox

A letter that waits is a kind and an id (`ingest.store.letters.Letter`). What it says is written when it is sent, from
what the store then knows; what nobody should be told any more is not sent. Another letter is a template, a line in
`kinds.KINDS` and a function in `policy._rules`.
"""

"""To the fediverse: what is published as statuses of one account of ours, on somebody's server (decision 0027).

    a line « publish » of the journal -> rules: a status waits in the outbox, in the same transaction
    the outbox -> wording: text, warning, pictures with their descriptions -> home: a server has it -> noted
    what does not stand here any more -> home: deleted there

Off unless `[fediverse] server` names one. Nothing is said there that is not online here, and nothing is read from there
but our own account.
"""

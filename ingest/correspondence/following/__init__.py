"""Letters to whoever asked for them: the wall's news, one subject, one campaign.

    a mail -> reading: a wish, or a letter of ours that came back -> door: believed? -> asked, confirmed, left
    the clock -> news, campaigns: what is due -> the outbox -> letters: written when sent

Nobody is written to who did not ask twice from an address that our own server vouches for; whoever leaves is forgotten.
"""

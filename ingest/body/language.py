"""Which language a text is in, from its small words. Pure; no model, no dependency.

Right enough for `lang` on a page, which tells a screen reader how to speak: a text too short or too mixed is taken to
be in the wall's own language.
"""

from __future__ import annotations

import re
from collections import Counter

_SMALL_WORDS = {
    "fr": "le la les des du et est un une dans pour que qui pas sur avec nous vous ce cette au aux sont ne se plus",
    "en": "the of and to in is that it for was on are with as be this at you not have from they we by or but what all",
    "ca": "el els les i és per amb que una dels del al aquest aquesta no més als són hi ho ens però com des fins o",
    "es": "el los las y es por con que una del al este esta no más son se lo pero como desde hasta o para nos su",
    "de": "der die das und ist nicht ein eine zu den mit von für auf sich des im dem auch wir es als an werden sind",
    "it": "il lo gli e è un una di che per con non del della sono si ma come dal alla nel più questo anche ci i",
    "pt": "o os as e é um uma de que para com não do da em são se mas como dos das mais por ao nos na no",
    "nl": "de het een en is van niet in dat op te voor met zijn aan er wij ook als maar om naar dit bij wordt",
}
_TABLE = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 12
_LEAD = 1.3


def language(text: str, *, default: str) -> str:
    """BCP 47 tag of `text` (its first 5,000 characters), or `default` where small words do not tell."""
    words = Counter(_WORD.findall(text[:5_000].lower()))
    if words.total() < _ENOUGH:
        return default
    scores = {tag: sum(words[word] for word in small) for tag, small in _TABLE.items()}
    first, second = sorted(scores.values(), reverse=True)[:2]
    best = max(scores, key=lambda tag: scores[tag])
    clear = scores[best] >= words.total() * 0.15 and first > second * _LEAD
    return best if clear else default

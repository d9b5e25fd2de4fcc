# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Whether somebody who reads back a handoff says it in their own words."""

import re
from difflib import SequenceMatcher

# Shorter words of a text may be the same by chance.
LEAST_COPY = 20
# As alike as two texts are when somebody changed a word or two of a copy.
COPY_RATIO = 0.9


def is_copied(answers, sources):
    """Tell whether an answer is taken from a source, or all answers together are one.

    Case, spaces and punctuation make no difference.

    :param answers: what the receiver says
    :param sources: texts of the handoff; empty ones are ignored
    """
    answers = [_plain(answer) for answer in answers]
    sources = [plain for plain in map(_plain, sources) if plain]
    whole = [*answers, "".join(answers)]
    return any(_is_copy(answer, source) for answer in whole for source in sources)


def _is_copy(answer, source):
    if not answer:
        return False
    if answer == source or (len(answer) >= LEAST_COPY and answer in source):
        return True
    return len(answer) >= LEAST_COPY and SequenceMatcher(None, answer, source).ratio() > COPY_RATIO


def _plain(text):
    return re.sub(r"[\W_]+", "", text or "").casefold()

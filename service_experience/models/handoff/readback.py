# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Whether somebody who reads back a handoff says it in their own words."""

import re
from difflib import SequenceMatcher

# Shorter words of a text may be the same by chance.
LEAST_COPY = 20
# As much of an answer as may come from a source in one piece.
COPY_SHARE = 0.6
# As alike as two texts are when somebody changed a word or two of a copy.
COPY_RATIO = 0.9
# Longer answers are judged by their beginning.
LONGEST = 2000


def is_copied(answers, sources):
    """Tell whether an answer is taken from a source, or all answers together are one.

    Case, spaces and punctuation make no difference.

    :param answers: what the receiver says
    :param sources: texts of the handoff; empty ones are ignored
    """
    answers = [_plain(answer)[:LONGEST] for answer in answers]
    sources = [plain for plain in map(_plain, sources) if plain]
    whole = [*answers, "".join(answers)]
    return any(_is_copy(answer, source) for answer in whole for source in sources)


def is_repeated(answers):
    """Tell whether two answers say the same."""
    plain = [_plain(answer) for answer in answers]
    return len(set(plain)) < len(plain)


def _is_copy(answer, source):
    if not answer:
        return False
    if answer == source:
        return True
    if len(answer) < LEAST_COPY:
        return False
    size = max(LEAST_COPY, round(COPY_SHARE * len(answer)))
    starts = range(len(answer) - size + 1)
    return any(answer[start : start + size] in source for start in starts) or (
        SequenceMatcher(None, answer, source[:LONGEST]).ratio() > COPY_RATIO
    )


def _plain(text):
    return re.sub(r"[\W_]+", "", text or "").casefold()

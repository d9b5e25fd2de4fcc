# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What makes a message about a delay worse: hints to whoever writes it. Plain Python."""

import re
import unicodedata

# An explanation in fewer words explains nothing.
SHORTEST = 8
# What is said when there is nothing to say, in the four languages of the customer's page.
EMPTY_PHRASES = (
    "as soon as possible",
    "asap",
    "at this time",
    "due to circumstances",
    "for any inconvenience",
    "for technical reasons",
    "high demand",
    "in due course",
    "technical reasons",
    "thank you for your patience",
    "unexpected circumstances",
    "unforeseen",
    "we are working on it",
    "we do our best",
    "we value your",
    "előre nem látható",
    "megértését köszönjük",
    "műszaki okok miatt",
    "rajta kívül álló okok",
    "rajtunk kívül álló",
    "szíves türelmét",
    "technikai okok",
    "a lehető leghamarabb",
    "از صبر و شکیبایی شما",
    "به دلایل فنی",
    "در اسرع وقت",
    "دلایل پیش‌بینی نشده",
    "پیش‌بینی نشده",
    "علی‌رغم میل",
    "күтпеген жағдай",
    "мүмкіндігінше тез",
    "техникалық себептер",
    "түсіністік танытқаныңызға",
    "шыдамдылығыңызға рахмет",
)


def find_empty_phrases(text):
    """Return the phrases of the text that say nothing, in the order of the list."""
    plain = _plain(text)
    return [phrase for phrase in EMPTY_PHRASES if _plain(phrase) in plain]


def is_short(text):
    """Tell whether there is a text that is too short to explain anything."""
    words = (text or "").split()
    return 0 < len(words) < SHORTEST


def is_same(text, draft):
    """Tell whether the text is the draft, unchanged but for spaces and capitals."""
    return bool(text and draft) and _plain(text) == _plain(draft)


def find_names(text, names):
    """Return the names that stand in the text as words of their own, sorted."""
    plain = f" {_words(text)} "
    return sorted({name for name in names if _words(name) and f" {_words(name)} " in plain})


def _words(text):
    return " ".join(re.findall(r"\w+", _plain(text)))


def _plain(text):
    normal = unicodedata.normalize("NFKC", text or "").casefold()
    # Whether a half-space joins two words of Persian is a matter of typing.
    return " ".join(normal.replace("\u200c", " ").split())

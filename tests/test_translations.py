"""Every text of both addons in Hungarian, Persian and Kazakh: whole, and in its own letters."""

import re

import polib
import pytest

from devtools.layout import ADDONS, CHECKOUT

LANGUAGES = ("hu", "fa", "kk")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\{.*?\}\}|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>|&\w+;")
# What a tag says to people, and may differ.
SAID = re.compile(r'(title|aria-label|placeholder|alt)="[^"]*"')
LETTERS = {
    "hu": re.compile(r"[a-záéíóöőúüű]", re.IGNORECASE),
    "fa": re.compile(r"[\u0600-\u06ff]"),
    "kk": re.compile(r"[\u0400-\u04ff]"),
}
# Not words but names of things: of formats, of files, of technical fields.
NAMES = re.compile(
    r"\b(?:SLA|ID|IDs|JSON|API|CSV|HTML|URL|PDF|ZIP|DWG|DXF|MP4|MOV|MB|UTC|RPC|XML|P50|P80|Odoo|"
    r"SMS|YYYY|Font|Awesome|awesome|fa-tasks|external_id|vat|email|true|false|PLAN|feature|Mitchell|"
    r"HTTP|Qweb|websocket)\b"
)
CODE = ("(object.name or", "doing", "policy_id")
LATIN_WORD = re.compile(r"\b[A-Za-z]{3,}\b")
ARABIC_LETTERS = re.compile(r"[\u064a\u0643]")
# How a text ends, whatever the letters; what closes after it is left out.
ENDINGS = {":": ":", "…": "…", "?": "?", "؟": "?"}
CLOSING = "\"'”»)]"
# A value stands behind these in the same line. English leads to it with a preposition; where a
# language has none there, it may set a colon. Captions stand above their value, or apart from it.
GO_ON = {
    "service_experience": {
        "In transfer to",
        "Measured by the working hours",
        "Promised for",
        "Sent on",
        "The message came back on",
        "This policy names no working hours: those of the company that does the work apply, here",
        "Times are in your time zone,",
        "after",
        "of the time zone",
        "since",
    },
    "service_experience_portal": {"Offline. Showing the state of"},
}


def texts(addon, language):
    return polib.pofile(str(CHECKOUT / addon / "i18n" / f"{language}.po"))


def is_code(text):
    return text.startswith(CODE)


def said_alike(text):
    return sorted(SAID.sub(r"\1", tag) for tag in TAG.findall(text))


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(addon, language):
    template = polib.pofile(str(CHECKOUT / addon / "i18n" / f"{addon}.pot"))
    translated = {entry.msgid: entry for entry in texts(addon, language)}
    assert len(template) > 100
    assert [entry.msgid for entry in template if entry.msgid not in translated] == []
    assert [text for text, entry in translated.items() if not entry.msgstr.strip()] == []
    assert [text for text, entry in translated.items() if entry.fuzzy] == []
    known = {entry.msgid for entry in template}
    assert [text for text in translated if text not in known] == []


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_are_intact(addon, language):
    broken = [
        (entry.msgid, entry.msgstr)
        for entry in texts(addon, language)
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
        or said_alike(entry.msgid) != said_alike(entry.msgstr)
    ]
    assert broken == []


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_those_of_the_language(addon, language):
    """No text stayed English; no English word stands in a Persian or Kazakh one."""
    left = []
    for entry in texts(addon, language):
        if is_code(entry.msgid):
            continue
        source, target = (
            TAG.sub(" ", PLACEHOLDER.sub(" ", text)) for text in (entry.msgid, entry.msgstr)
        )
        words = NAMES.sub(" ", source)
        if LATIN_WORD.search(words) and not LETTERS[language].search(target):
            left.append((entry.msgid, entry.msgstr))
        if language != "hu" and LATIN_WORD.search(NAMES.sub(" ", target)):
            left.append((entry.msgid, entry.msgstr))
        if language == "hu" and len(words.split()) > 3 and source == target:
            left.append((entry.msgid, entry.msgstr))
    assert left == []


@pytest.mark.parametrize("addon", ADDONS)
def test_persian_letters(addon):
    """Keyboards for Arabic write other letters, which no search for Persian words finds."""
    assert [e.msgstr for e in texts(addon, "fa") if ARABIC_LETTERS.search(e.msgstr)] == []


def ending(text):
    """Return the colon, ellipsis or question mark at the end of a text, or nothing."""
    said = TAG.sub("", text).rstrip().rstrip(CLOSING).replace("...", "…")
    return ENDINGS.get(said[-1:], "")


def goes_on(addon, text):
    return TAG.sub("", text).strip().rpartition("\n")[2].strip() in GO_ON[addon]


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_end_alike(addon, language):
    """A caption without a colon has none in any language, and a statement is no question."""
    different = [
        (entry.msgid, entry.msgstr)
        for entry in texts(addon, language)
        if ending(entry.msgid) != ending(entry.msgstr)
        and not (goes_on(addon, entry.msgid) and ending(entry.msgstr) == ":")
    ]
    assert different == []


@pytest.mark.parametrize("addon", ADDONS)
def test_texts_that_go_on_are_there(addon):
    template = polib.pofile(str(CHECKOUT / addon / "i18n" / f"{addon}.pot"))
    assert sum(goes_on(addon, entry.msgid) for entry in template) == len(GO_ON[addon])


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Promised for", ""),
        ("Missing:", ":"),
        ("<b>Missing: </b>", ":"),
        ("“What?”", "?"),
        ("چرا؟", "?"),
        ("Loading...", "…"),
        ("Loading…", "…"),
        ("Done.", ""),
        ("", ""),
    ],
)
def test_endings(text, end):
    assert ending(text) == end

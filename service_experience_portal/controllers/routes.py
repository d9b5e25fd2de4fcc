# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""How the pages of a service are reached, and how what a reader sends there is taken."""

MAX_ID = 2**31 - 1
SERVICE = f"/my/service/<int(max={MAX_ID}):project_id>"
REQUEST = f"{SERVICE}/request/<int(max={MAX_ID}):task_id>"
# Answers that differ from a page: what was sent cannot be taken, nothing waits for it, or it is
# not for this reader to send.
UNFIT, CLOSED, FORBIDDEN, GONE = 422, 409, 403, 404
# How every route of a page is reached: whoever has no account may have a link. The address is the
# same in every language, because the reader's own decides.
PUBLIC = {
    "type": "http",
    "auth": "public",
    "website": True,
    "multilang": False,
    "sitemap": False,
}
READ = {**PUBLIC, "methods": ["GET"], "readonly": True}
SEND = {**PUBLIC, "methods": ["POST"]}


def get_id(text):
    """Return the number that a reader sent, or None; it may be of nothing."""
    is_number = isinstance(text, str) and text.isascii() and text.isdecimal()
    return int(text) if is_number and len(text) <= len(str(MAX_ID)) else None


def get_text(text):
    """Return the words that a reader sent.

    The database takes no NUL; a form of a browser never sends one.
    """
    return str(text or "").replace("\x00", "")

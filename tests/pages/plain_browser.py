"""A browser that runs no scripts: it reads pages and sends the forms that it finds in them."""

from urllib.parse import urljoin

from lxml import html

HIDDEN = "ancestor-or-self::*[@hidden or contains(concat(' ', @class, ' '), ' visually-hidden ')]"


def get_values(form):
    """Give name and value of all that a form sends; lxml takes an empty choice for ``on``."""
    for name, value in form.form_values():
        chosen = form.xpath(
            f".//input[@name='{name}'][@type='radio' or @type='checkbox'][@checked]"
        )
        yield name, chosen[0].get("value", "on") if chosen else value


class PlainBrowser:
    """One browser.

    :param open_url: as ``HttpCase.url_open``, which keeps the session and follows redirections
    """

    def __init__(self, open_url):
        self._open_url = open_url

    def open(self, url):
        """Open an address, of this server or within the page."""
        self._show(self._open_url(url))

    def follow(self, path):
        """Follow the link with this path; it must be on the page."""
        [link, *_] = self.page.xpath(f"//main//a[@href='{path}' or @href='{self.url}{path}']")
        self.open(link.get("href"))

    def press(self, button, files=None, **fields):
        """Fill the form of a button and press it.

        :param button: what finds it: an XPath from the page on
        :param fields: what to enter, by name; they must be in the form
        """
        [found] = self.page.xpath(button)
        form = self._get_form(found)
        assert not found.xpath("ancestor-or-self::*[@disabled]"), f"{button} is disabled"
        for name, value in fields.items():
            form.fields[name] = value
        values = [*get_values(form)]
        if found.get("name"):
            values.append((found.get("name"), found.get("value") or ""))
        for upload in files or ():
            assert form.inputs[upload[0]].get("type") == "file"
        action = found.get("formaction") or form.get("action") or self.url
        assert form.get("method") == "post"
        self._show(self._open_url(urljoin(self.url, action), data=values, files=files))

    def get_words(self, path="//article"):
        """Return what can be read in a part of the page."""
        words = []
        for part in self.page.xpath(path):
            texts = part.xpath(f".//text()[not({HIDDEN}) and not(ancestor::script)]")
            words += " ".join(texts).split()
        return " ".join(words)

    def get_problem(self):
        """Return the sentence of the page that says why something was not taken."""
        return self.get_words("//main//*[@role='alert']")

    def get_thanks(self):
        return self.get_words("//main//*[contains(@class, 'o_service_page_thanks')]")

    def _get_form(self, button):
        owner = button.get("form")
        if owner:
            return self.page.get_element_by_id(owner)
        return button.xpath("ancestor::form[1]")[0]

    def _show(self, response):
        self.status, self.url = response.status_code, response.url
        self.page = html.fromstring(response.content, base_url=response.url)

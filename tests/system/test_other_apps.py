"""With the apps for sales, absences and websites: handoffs begin there, pages stay as they are."""

import re
from contextlib import closing

import pytest
import requests
from lxml import html

from devtools.web_server import WebServer

APPS = "sale_project,sale_crm,hr_holidays,website"
NOT_FOUND = 404


@pytest.fixture(scope="module")
def installed(databases, database):
    """Give a database with sales, opportunities, absences and a website."""
    databases.odoo.run_once(
        database, ["-i", APPS], what="Installing sales, absences, a website", log="system-apps"
    )
    return database


@pytest.fixture(scope="module")
def process(installed, start):
    """Give a process on that database."""
    return start(installed)


@pytest.fixture(scope="module")
def full(process):
    """Give a service in which the customer can do everything, on a website of two languages."""
    found = process.ask("create_full_service")
    process.ask("publish_language", lang="fa_IR")
    return found


@pytest.fixture(scope="module")
def site(databases, installed, full):
    """Give the address of a web server on that database."""
    with closing(WebServer(databases.odoo, installed, "system-apps-web")) as one:
        one.start()
        yield one.url


@pytest.fixture(scope="module")
def customer(site, full):
    """Give a function that opens an address as the customer, who has signed in."""
    with requests.Session() as session:
        login = html.fromstring(session.get(f"{site}/web/login").content)
        form = {
            "csrf_token": login.xpath("//input[@name='csrf_token']/@value")[0],
            "login": full["login"],
            "password": full["password"],
        }
        session.post(f"{site}/web/login", data=form).raise_for_status()
        yield lambda path: session.get(site + path)


PAGES = (
    "/my/services",
    "/my/service/{project}",
    "/my/service/{project}/request/{request}",
    "/my/service/{project}/messages",
    "/my/service/{project}/step/{step}",
    "/my/service/{project}/delay/{delay}/answer",
    "/my/service/{project}/preferences",
)


def check_page(response, lang="en-US", direction="ltr"):
    """Expect one page of ours: one language, one direction, one name, one heading."""
    [root] = re.findall(r"<html\b[^>]*>", response.text)
    assert re.findall(r"\s(lang|dir)=\"([^\"]*)\"", root) in (
        [("lang", lang), ("dir", direction)],
        [("dir", direction), ("lang", lang)],
    )
    page = html.fromstring(response.content)
    assert len(page.xpath("//h1")) == 1
    [title] = page.xpath("//head/title/text()")
    assert title.strip()
    return page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("prefix", "lang", "direction"), [("", "en-US", "ltr"), ("/fa", "fa-IR", "rtl")]
)
def test_pages_on_a_website(customer, full, path, prefix, lang, direction):
    response = customer(prefix + path.format(**full))
    assert response.status_code == 200
    assert response.history == [], "nobody is led to another address"
    page = check_page(response, lang, direction)
    [root] = page.xpath("//*[contains(concat(' ', @class, ' '), ' o_service_page ')]")
    assert (root.get("lang"), root.get("dir")) == (lang, direction)
    assert "noindex" in response.headers["X-Robots-Tag"]
    # Those in messages are absolute: they were sent like that.
    for link in root.xpath(".//a[starts-with(@href, '/')][contains(@href, '/my/service')]/@href"):
        assert link.startswith(f"{prefix}/my/service"), link


def test_a_link_on_a_website(site, full):
    """It leads to the page in one step, and does so for whoever has been on the website before."""
    for before in ("/", "/fa"):
        with requests.Session() as session:
            session.get(site + before)
            response = session.get(f"{site}/s/{full['token']}")
            assert response.status_code == 200
            assert [one.status_code for one in response.history] == [303]
            check_page(response)


def test_a_link_that_ended_on_a_website(site):
    response = requests.get(f"{site}/s/{'x' * 43}", timeout=60)
    assert (response.status_code, response.history) == (NOT_FOUND, [])
    check_page(response)
    assert "noindex" in response.headers["X-Robots-Tag"]


@pytest.mark.parametrize(
    ("prefix", "lang", "direction"), [("", "en-US", "ltr"), ("/fa", "fa-IR", "rtl")]
)
def test_a_page_that_is_not_there(customer, prefix, lang, direction):
    response = customer(f"{prefix}/my/service/999999")
    assert (response.status_code, response.history) == (NOT_FOUND, [])
    check_page(response, lang, direction)


def test_whoever_is_not_signed_in(site, full):
    response = requests.get(f"{site}/my/service/{full['project']}", timeout=60)
    assert "/web/login" in response.url
    assert response.status_code == 200


def test_search_engines_are_not_told(site, full):
    found = requests.get(f"{site}/sitemap.xml", timeout=60)
    assert found.status_code == 200
    assert "<loc>" in found.text
    for path in ("/my/service", "/s/", full["token"]):
        assert path not in found.text


def test_a_confirmed_order(process):
    [described, is_same_service] = process.ask("confirm_order")
    assert described == ["sales_to_delivery", "draft", "seller"]
    assert is_same_service


def test_a_won_opportunity_and_its_order(process):
    won, ordered, has_service = process.ask("win_lead")
    assert won == [["sales_to_delivery", "draft", "seller"]]
    assert ordered == [], "the order completes what the opportunity began"
    assert has_service


def test_a_planned_absence(process):
    offered, facts, again, called_off = process.ask("take_leave")
    assert offered == [["absence", "draft", "away"]]
    assert facts == [True, True, True]
    assert again == 1, "offered once"
    assert called_off == [["absence", "cancelled", "away"]]


def test_a_sale_never_fails_for_a_handoff(process):
    assert process.ask("confirm_broken_order") == ["sale", []]

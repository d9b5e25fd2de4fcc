# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .live_common import LiveCase

PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
ROUTES = ("version", "sections")


@tagged("post_install", "-at_install")
class TestLiveVersion(LiveCase):
    def test_answer(self):
        response = self._ask_for("version")
        self.project.invalidate_recordset(["service_version"])
        self.assertEqual(response.json(), {"version": self.project.service_version})
        self.assertEqual(response.headers["ETag"], f'"{self.project.service_version}"')
        self.assertLessEqual(PRIVATE.items(), response.headers.items())
        self.assertIn("application/json", response.headers["Content-Type"])

    def test_nothing_new(self):
        tag = self._ask_for("version").headers["ETag"]
        response = self._ask_for("version", headers={"If-None-Match": tag})
        self.assertEqual((response.status_code, response.content), (304, b""))
        self.assertEqual(response.headers["ETag"], tag)
        self.assertLessEqual(PRIVATE.items(), response.headers.items())
        self.project.customer_label = "Your new heat pump"
        response = self._ask_for("version", headers={"If-None-Match": tag})
        self.assertEqual(response.status_code, 200)
        self.assertNotEqual(response.headers["ETag"], tag)

    def test_tags_that_are_not_ours(self):
        for tag in ("*", "7", '"x"', 'W/"', "\xff", '"' * 5000):
            response = self._ask_for("version", headers={"If-None-Match": tag.encode("latin-1")})
            self.assertIn(response.status_code, (200, 304), tag[:9])

    def test_head(self):
        response = self._ask_for("version", method="HEAD")
        self.assertEqual((response.status_code, response.content), (200, b""))
        self.assertEqual(response.headers["ETag"], self._ask_for("version").headers["ETag"])
        tag = response.headers["ETag"]
        response = self._ask_for("version", method="HEAD", headers={"If-None-Match": tag})
        self.assertEqual(response.status_code, 304)
        self.assertEqual(self._ask_for("sections", method="HEAD").status_code, 200)

    def test_other_methods(self):
        for what in ROUTES:
            for method in ("POST", "PUT", "DELETE"):
                self.assertIn(self._ask_for(what, method=method).status_code, (400, 405))

    def test_nothing_is_written(self):
        self._ask_for("")
        session, evidence = self._get_session(), self._get_evidence()
        for what in ROUTES:
            response = self._ask_for(what)
            self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(self._get_session(), session)
        self.assertEqual(self._get_evidence(), evidence)

    def test_queries(self):
        """At most five with the one by which every server looks for news of its registry."""
        self._ask_for("version")
        self.assertLessEqual(self._count_queries(), 4)

    def test_queries_by_link(self):
        self._open_by_link()
        self._ask_for("version", login=None)
        self.assertLessEqual(self._count_queries(login=None), 4)

    def test_queries_do_not_grow(self):
        for number in range(30):
            self.project.customer_label = f"Heat pump {number}"
            self._commit()
        self._ask_for("version")
        self.assertLessEqual(self._count_queries(), 4)

    def _count_queries(self, **options):
        before = self.env.cr.sql_log_count
        tag = {"If-None-Match": '"0"'}
        self.assertEqual(self._ask_for("version", headers=tag, **options).status_code, 200)
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestLiveAccess(LiveCase):
    """Whoever may not see the page is told that there is none, and is not led to the login."""

    def _assertGone(self, login):
        for what in ROUTES:
            response = self._ask_for(what, login=login)
            self.assertEqual((response.status_code, response.content), (404, b""))
            self.assertLessEqual(PRIVATE.items(), response.headers.items())
            self.assertNotIn("Location", response.headers)

    def _assertAnswers(self, login):
        for what in ROUTES:
            self.assertEqual(self._ask_for(what, login=login).status_code, 200)

    def test_who_reads(self):
        self._create_staff()
        for login in ("page_customer", "page_colleague", "page_staff"):
            self._assertAnswers(login)
        self._assertGone("page_stranger")

    def test_without_login(self):
        self._assertGone(None)

    def test_log_out(self):
        self._assertAnswers("page_customer")
        self.logout()
        for what in ROUTES:
            response = self.url_open(f"{self.url}/{what}", allow_redirects=False)
            self.assertEqual(response.status_code, 404)

    def test_service_without_a_page(self):
        for values in (
            {"active": False},
            {"is_template": True},
            {"customer_visible": False},
            {"privacy_visibility": "employees"},
            {"partner_id": self.other_customer.id},
        ):
            with self.subTest(**values):
                before = self.project.read(list(values), load="")[0]
                self.project.write(values)
                self._assertGone("page_customer")
                self.project.write({name: before[name] for name in values})
        self._assertAnswers("page_customer")

    def test_preview_of_what_the_customer_cannot_open(self):
        self._create_staff()
        self.project.customer_visible = False
        self._assertAnswers("page_staff")
        self.project.active = False
        self._assertGone("page_staff")

    def test_deleted(self):
        url, self.url = self.url, f"/my/service/{2**31 - 1}"
        self._assertGone("page_customer")
        self.url = url

    def test_revoked_link(self):
        link = self._open_by_link()
        self._assertAnswers(None)
        link.action_revoke()
        self._assertGone(None)

    def test_all_links_are_revoked(self):
        self._open_by_link()
        self._assertAnswers(None)
        self.project.action_revoke_service_links()
        self._assertGone(None)
        self._assertAnswers("page_customer")

    def test_link_that_has_ended(self):
        link = self._open_by_link()
        self._assertAnswers(None)
        later = fields.Datetime.now() + timedelta(days=91)
        link.expires_at = fields.Datetime.from_string("2026-03-04 08:00:00")  # before READ
        self._assertGone(None)
        with freeze_time(later):
            self.assertFalse(link.is_working)

    def test_link_for_another_service(self):
        other = self.env["project.project"].create(
            {"name": "Roof", "partner_id": self.person.id, "privacy_visibility": "portal"}
        )
        self._open_by_link()
        url, self.url = self.url, f"/my/service/{other.id}"
        self._assertGone(None)
        self.url = url

    def test_revocation_is_told(self):
        """Open pages look at once, so that it takes effect."""
        link = self._open_by_link()
        for revoke in (link.action_revoke, self.project.action_revoke_service_links):
            before = self._get_version()
            revoke()
            self._commit()
            self.assertEqual(self._get_version(), before + 1)

    def _get_version(self):
        self.project.invalidate_recordset(["service_version"])
        return self.project.service_version

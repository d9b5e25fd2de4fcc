# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import base64
import json
from datetime import datetime, timedelta
from itertools import count

from odoo.tests import new_test_user, tagged
from odoo.tools.misc import hash_sign

from odoo.addons.bus.tests.common import WebsocketCase
from odoo.addons.service_experience.models.project.service_page_version import CHANGED

from ..models.ir_websocket import LASTS, PREFIX, SCOPE

CHANNEL = "service_portal"
PLAIN = "service_experience_portal.test"


@tagged("post_install", "-at_install")
class TestServiceChannel(WebsocketCase):
    """Who hears that a service has changed: whoever has a name that its page gave them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.numbers = count()
        cls.customer = cls.env["res.partner"].create({"name": "Nordlicht Bakery"})
        cls.project, cls.other = cls.env["project.project"].create(
            [
                {"name": name, "partner_id": cls.customer.id, "privacy_visibility": "portal"}
                for name in ("Secret pump", "Roof")
            ]
        )
        cls.user = new_test_user(cls.env, "socket_customer", groups="base.group_portal")
        cls.user.partner_id.parent_id = cls.customer

    def _sign(self, values, ends=None, scope=SCOPE):
        ends = ends or datetime.now() + timedelta(hours=1)
        return PREFIX + hash_sign(self.env(su=True), scope, values, expiration=ends)

    def _commit(self):
        """End a transaction as far as its hooks can tell."""
        self.env.cr.flush()
        self.env.cr.postcommit.clear()

    def _connect(self, *channels, **options):
        self._commit()
        last = self.env["bus.bus"].search([], order="id desc", limit=1).id
        websocket = self.websocket_connect(**options)
        self.subscribe(websocket, [PLAIN, *channels], last)
        return websocket

    def _hear(self, websocket, *services):
        """Change services and something plain; return what a socket is told, in one message."""
        for service in services:
            service.customer_label = f"Changed {next(self.numbers)}"
        self._commit()
        self.env["bus.bus"]._sendone(PLAIN, "plain", {})
        self.trigger_notification_dispatching([PLAIN, *((one, CHANNEL) for one in services)])
        heard = [line["message"] for line in json.loads(websocket.recv())]
        self.assertIn({"type": "plain", "payload": {}}, heard)
        return [line for line in heard if line["type"] != "plain"]

    def _get_message(self, service):
        service.invalidate_recordset(["service_version"])
        return {"type": CHANGED, "payload": {"id": service.id, "version": service.service_version}}

    def test_name_of_the_page(self):
        websocket = self._connect(self.project._service_channel())
        heard = self._hear(websocket, self.project, self.other)
        self.assertEqual(heard, [self._get_message(self.project)])

    def test_names_of_two_pages(self):
        websocket = self._connect(self.project._service_channel(), self.other._service_channel())
        heard = self._hear(websocket, self.project, self.other)
        self.assertCountEqual(heard, map(self._get_message, self.project + self.other))

    def test_name_is_the_same_for_a_while_and_ends(self):
        name = self.project._service_channel()
        token = base64.urlsafe_b64decode(name.removeprefix(PREFIX) + "===")
        ends = datetime.fromtimestamp(int.from_bytes(token[1:9], "little"))
        self.assertLessEqual(ends, datetime.now() + LASTS)
        self.assertGreater(ends, datetime.now() + timedelta(hours=7))
        self.assertNotEqual(name, self.other._service_channel())

    def test_names_that_do_not_hold(self):
        """They get nothing, and the others on the same socket hear as ever."""
        model, ids = "project.project", (self.project.id, self.project.service_epoch)
        good = self._sign([model, *ids])
        past = datetime.now() - timedelta(seconds=1)
        broken = good[:-3] + ("AAA" if good[-3:] != "AAA" else "BBB")
        names = {
            "ended": self._sign([model, *ids], past),
            "of another use": self._sign([model, *ids], scope="portal.x"),
            "of another model": self._sign(["project.task", *ids]),
            "of an epoch to come": self._sign([model, ids[0], ids[1] + 1]),
            "of nothing": self._sign([model, 2**31 - 1, 1]),
            "altered": broken,
            "of another service": self.other._service_channel(),
            "cut": good[:-9],
            "longer": good + good,
            "empty": PREFIX,
            "not base64": PREFIX + "§$%&/()=?",
            "an emoji": PREFIX + "\N{PILE OF POO}",
            "half a character": PREFIX + "\ud83d",
            "zeros": PREFIX + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "in capitals": good.upper(),
            "large": PREFIX + "A" * 900_000,
        }
        for what, name in names.items():
            with self.subTest(what):
                self.assertEqual(self._hear(self._connect(name), self.project), [])
        small = [name for what, name in names.items() if what != "large"]
        websocket = self._connect(*small, good)
        self.assertEqual(len(self._hear(websocket, self.project)), 1)

    def test_strings_that_look_like_the_channel(self):
        name = [self.env.cr.dbname, "project.project", self.project.id, CHANNEL]
        websocket = self._connect(
            f"project.project_{self.project.id}",
            f"project.project({self.project.id},)",
            json.dumps(name),
            str(tuple(name)),
            CHANNEL,
            "",
        )
        self.assertEqual(self._hear(websocket, self.project), [])

    def test_channels_that_are_no_strings(self):
        name = [self.env.cr.dbname, "project.project", self.project.id, CHANNEL]
        websocket = self._connect(self.project._service_channel())
        for channel in (name, {"a": 1}, 7, None):
            with self.assertLogs("odoo.addons.bus.websocket", "ERROR"):
                self.subscribe(websocket, [channel], wait_for_dispatch=False)
                websocket.ping()
                websocket.recv_data_frame(control_frame=True)
        self.assertEqual(len(self._hear(websocket, self.project)), 1)

    def test_names_from_before_the_links_were_revoked(self):
        """The former name of one page does not take the new one of another away."""
        former = self.project._service_channel()
        self.project.service_epoch += 1
        self.assertEqual(self._hear(self._connect(former), self.project), [])
        for names in ([former, self.project._service_channel()], [self.project._service_channel()]):
            websocket = self._connect(*names)
            self.assertEqual(len(self._hear(websocket, self.project)), 1)

    def test_deleted_service(self):
        name = self.other._service_channel()
        websocket = self._connect(name)
        channel = (self.other, CHANNEL)
        other_id = self.other.id
        self.other.unlink()
        self.env.cr.flush()
        self.env["bus.bus"]._sendone(PLAIN, "plain", {})
        self.trigger_notification_dispatching([PLAIN, channel])
        heard = [line["message"] for line in json.loads(websocket.recv())]
        self.assertIn({"type": CHANGED, "payload": {"id": other_id, "version": 0}}, heard)
        self.assertEqual(self._hear(self._connect(name)), [])

    def test_nothing_but_that_it_changed(self):
        websocket = self._connect(self.project._service_channel())
        heard = self._hear(websocket, self.project)
        self.assertNotIn("Secret", json.dumps(heard))
        self.assertNotIn("Changed", json.dumps(heard))

    def test_name_says_nothing(self):
        name = self.project._service_channel().removeprefix(PREFIX)
        token = base64.urlsafe_b64decode(name + "===")
        values = json.loads(token[41:])
        self.assertEqual(values, ["project.project", self.project.id, self.project.service_epoch])

    def test_customer_who_is_signed_in(self):
        session = self.authenticate("socket_customer", "socket_customer")
        name = self.project._service_channel()
        websocket = self._connect(name, cookie=f"session_id={session.sid};")
        self.assertEqual(len(self._hear(websocket, self.project, self.other)), 1)

# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import time
from datetime import datetime, timedelta

from odoo import models
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.service_experience.models.project.service_page_version import CHANNEL

PREFIX = "service.progress:"
SCOPE = "service_experience_portal.progress"
# A name ends after 8 to 12 hours; all pages of a service have the same for four hours, so that they
# have no reason to ask for another.
LASTS = timedelta(hours=12)
SHARED = timedelta(hours=4)
# A name that was not made up is much shorter.
LONGEST = 500
_MODEL = "project.project"


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_channel(self):
        """Return the name by which a page asks to hear of changes; valid for some hours."""
        service_sudo = self.sudo()  # the reader may read neither the secret nor the epoch
        values = [_MODEL, self.id, service_sudo.service_epoch]
        began = time.time() // SHARED.total_seconds() * SHARED.total_seconds()
        ends = datetime.fromtimestamp(began) + LASTS
        return PREFIX + hash_sign(service_sudo.env, SCOPE, values, expiration=ends)


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Exchange the names that pages of services ask for; those that do not hold get nothing."""
        asked = {channel for channel in channels if _is_service_channel(channel)}
        others = [channel for channel in channels if channel not in asked]
        services = self._find_service_channels(asked)
        return super()._build_bus_channel_list(others) + [(one, CHANNEL) for one in services]

    def _find_service_channels(self, asked):
        # A browser may have pages open of which one is void: that is no reason to lose the other.
        known = set(filter(None, map(self._read_service_channel, asked)))
        ids = {project_id for project_id, _epoch in known}
        # sudo: the signature says that the page of this service was opened.
        services_sudo = self.env[_MODEL].sudo().browse(ids).exists()
        return services_sudo.filtered(lambda one: (one.id, one.service_epoch) in known)

    def _read_service_channel(self, channel):
        """Return ``(project id, epoch)`` of a name, or None if it is forged or too old."""
        if len(channel) > LONGEST:
            return None
        env_sudo = self.sudo().env  # only the superuser reads the secret
        try:
            values = verify_hash_signed(env_sudo, SCOPE, channel.removeprefix(PREFIX))
        except ValueError:  # also of what is not base64, not UTF-8, or too short
            return None
        if not values or values[0] != _MODEL:
            return None
        return values[1], values[2]


def _is_service_channel(channel):
    return isinstance(channel, str) and channel.startswith(PREFIX)

# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.service_experience.models.project.service_page_version import CHANNEL

PREFIX = "service.progress:"
SCOPE = "service_experience_portal.progress"
HOURS = 12
_MODEL = "project.project"


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_channel(self):
        """Return the name by which a page asks to hear of changes; valid for some hours."""
        service_sudo = self.sudo()  # the reader may read neither the secret nor the epoch
        values = [_MODEL, self.id, service_sudo.service_epoch]
        return PREFIX + hash_sign(service_sudo.env, SCOPE, values, expiration_hours=HOURS)


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Exchange the names that pages of services ask for; those that do not hold get nothing."""
        asked = {channel for channel in channels if _is_service_channel(channel)}
        others = [channel for channel in channels if channel not in asked]
        services = self._find_service_channels(asked)
        return super()._build_bus_channel_list(others) + [(one, CHANNEL) for one in services]

    def _find_service_channels(self, asked):
        epochs = dict(filter(None, map(self._read_service_channel, asked)))
        # sudo: the signature says that the page of this service was opened.
        services_sudo = self.env[_MODEL].sudo().browse(epochs).exists()
        return services_sudo.filtered(lambda one: one.service_epoch == epochs[one.id])

    def _read_service_channel(self, channel):
        """Return ``(project id, epoch)`` of a name, or None if it is forged or too old."""
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

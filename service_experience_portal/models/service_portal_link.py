# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Links in mails that open the page of a service for one recipient, without a password."""

import hashlib
import secrets
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import NO_ACCESS, Command
from odoo.tools import SQL

# How long a link works, in days, by what it is for.
DAYS = {"read": 90, "act": 14}
CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=15)
CODE_TRIES = 5
# How often a code is sent for one link: a minute apart, and so often in all.
CODE_PAUSE = timedelta(minutes=1)
CODE_LIMIT = 20
# How often a new link to a page is sent to whoever asks for it.
RENEWAL_PAUSE = timedelta(hours=1)
# What says whether a link works, and for whom.
_GRANTED = ("project_id", "partner_id", "scope", "epoch", "expires_at", "revoked_at")
_RECIPIENT = ("active", "commercial_partner_id")
# Links that ended so long ago are forgotten, in days.
FORGOTTEN_AFTER = 180


class ServicePortalLink(models.Model):
    """One link for one recipient. The token is in their mail only; a hash of it is stored here."""

    _name = "service.portal.link"
    _description = "Link to a Service Page"
    _order = "id desc"
    _rec_name = "partner_id"

    project_id = fields.Many2one(
        "project.project",
        string="Service",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="project_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Recipient",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    scope = fields.Selection(
        [("read", "Read"), ("act", "Read and Answer")],
        required=True,
        readonly=True,
        default="read",
        help="Whoever has the link may read. To answer, the recipient confirms with a code that "
        "is sent to them by mail.",
    )
    path = fields.Char(
        "Page", required=True, readonly=True, help="The page of the service that it opens."
    )
    epoch = fields.Integer(required=True, readonly=True, groups=NO_ACCESS)
    token_hash = fields.Char(required=True, readonly=True, groups=NO_ACCESS)
    expires_at = fields.Datetime("Works Until", required=True, readonly=True)
    last_used_at = fields.Datetime(
        "Last Used", readonly=True, help="When the page that it opens was last looked at."
    )
    revoked_at = fields.Datetime("Revoked", readonly=True)
    renewal_asked_at = fields.Datetime(readonly=True, groups=NO_ACCESS)
    code_hash = fields.Char(readonly=True, groups=NO_ACCESS)
    code_expires_at = fields.Datetime(readonly=True, groups=NO_ACCESS)
    code_tries = fields.Integer(readonly=True, groups=NO_ACCESS)
    code_count = fields.Integer(readonly=True, groups=NO_ACCESS)
    is_working = fields.Boolean("Works", compute="_compute_is_working", compute_sudo=True)

    _token_uniq = models.UniqueIndex("(token_hash)")
    _renewal_idx = models.Index("(renewal_asked_at) WHERE renewal_asked_at IS NOT NULL")

    @api.depends("expires_at", "revoked_at", "partner_id.active", "project_id.service_epoch")
    def _compute_is_working(self):
        now = fields.Datetime.now()
        for link in self:
            link.is_working = bool(
                not link.revoked_at
                and link.expires_at > now
                and link.partner_id.active  # who is with the customer no more is archived
                and link.epoch == link.project_id.service_epoch
            )

    @api.model
    def _make(self, project, partner, path, scope="read"):
        """Make a link and return its token; it cannot be had a second time.

        :param path: page of ours that it opens, such as ``/my/service/7/step/5``
        :param scope: ``read`` or ``act``
        """
        token = secrets.token_urlsafe(32)
        # sudo: whoever writes to a customer makes links for them.
        self.sudo().create(
            {
                "project_id": project.id,
                "partner_id": partner.id,
                "scope": scope,
                "path": path,
                "epoch": project.sudo().service_epoch,  # as above
                "token_hash": _hash(token),
                "expires_at": fields.Datetime.now() + timedelta(days=DAYS[scope]),
            }
        )
        return token

    @api.model
    def _find(self, token):
        """Return the link with this token, with all rights, whether it works or not."""
        # sudo: whoever has the token may not read links.
        return self.sudo().search([("token_hash", "=", _hash(token))])

    @api.model
    def _fetch_granted(self, link_id):
        """Return a link that was opened in a session, read at once with whose it is.

        Open pages ask for it again and again.
        """
        query, names = self._search([("id", "=", link_id)]), _GRANTED
        person = query.join(query.table, "partner_id", "res_partner", "id", "partner_id")
        columns = [self._field_to_sql(query.table, name, query) for name in names]
        partners = self.env["res.partner"]
        theirs = [partners._field_to_sql(person, name, query) for name in _RECIPIENT]
        link = self.browse()
        for row_id, *row in self.env.execute_query(
            query.select(SQL.identifier(query.table, "id"), *columns, *theirs)
        ):
            link, values = self.browse(row_id), iter(row)
            for name in names:
                self._fields[name]._insert_cache(link, [next(values)])
            for name in _RECIPIENT:
                partners._fields[name]._insert_cache(link.partner_id, [next(values)])
        return link

    def _renew(self):
        """Send a new link to the recipients of those that ended by themselves."""
        for link in self:
            link.renewal_asked_at = False
            person = link.partner_id
            is_theirs = person.active and link.project_id._service_is_visible_to(person)
            is_ended = link.expires_at <= fields.Datetime.now()
            is_void = link.revoked_at or link.epoch != link.project_id.service_epoch
            if is_ended and not is_void and is_theirs and not link._has_new():
                link.project_id._service_mail_link(person, link.path)

    def _has_new(self):
        """Tell whether the recipient was just sent a link to this page: one is enough."""
        latest = self.search(
            [
                ("project_id", "=", self.project_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("path", "=", self.path),
                ("id", "!=", self.id),
                ("create_date", ">", fields.Datetime.now() - RENEWAL_PAUSE),
            ]
        )
        return any(link.is_working for link in latest)

    @api.model
    def _cron_renew(self):
        """Answer those who asked for a new link.

        Not at once, so that nobody can tell by the time whether there was one.
        """
        asked = self.search([("renewal_asked_at", "!=", False)], limit=100)
        asked._renew()
        self.env["ir.cron"]._commit_progress(
            len(asked), remaining=self.search_count([("renewal_asked_at", "!=", False)])
        )

    def action_revoke(self):
        """Let these links open nothing any more."""
        self.project_id.check_access("write")
        # sudo: links are written by nobody but this.
        self.sudo().filtered(lambda link: not link.revoked_at).revoked_at = fields.Datetime.now()
        # Pages that are open look at once, and find that they have ended.
        self.env["service.page.version"]._touch(self.project_id)

    def _note_use(self):
        """Note that somebody looks at the page that these links open, in a browser."""
        # At most once a minute: a page that is looked at often is no reason to write often.
        now = fields.Datetime.now()
        horizon = now - timedelta(minutes=1)
        unnoted = self.filtered(lambda link: not link.last_used_at or link.last_used_at < horizon)
        unnoted.last_used_at = now

    # The code that shows that it is the recipient who acts

    def _can_make_code(self):
        """Tell whether another code may be sent now: whoever has the link could ask for many."""
        self.ensure_one()
        try:
            self.lock_for_update()
        except LockError:  # one is sent at this very moment
            return False
        made_at = self.code_expires_at and self.code_expires_at - CODE_LIFE
        is_pause_over = not made_at or made_at + CODE_PAUSE <= fields.Datetime.now()
        return self.code_count < CODE_LIMIT and is_pause_over

    def _make_code(self):
        """Make a code of six digits, valid for a short time, and return it."""
        self.ensure_one()
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        self.write(
            {
                "code_hash": _hash(f"{self.id}:{code}"),
                "code_expires_at": fields.Datetime.now() + CODE_LIFE,
                "code_tries": 0,
                "code_count": self.code_count + 1,
            }
        )
        return code

    def _send_code(self):
        """Send a new code to whom the link was sent; it is kept nowhere but in that mail."""
        self.ensure_one()
        person, code = self.partner_id, self._make_code()
        sender = (self.project_id.company_id or self.env.company).partner_id
        if not sender.email:
            sender = self.env.ref("base.partner_root")
        words = self.with_context(lang=person.lang or self.env.lang).env
        body = words._(
            "Your code is %(code)s. Enter it on the page that asks for it; it works for 15 "
            "minutes. If you did not ask for a code, you need not do anything.",
            code=Markup("<strong>%s</strong>") % code,
        )
        mail = self.env["mail.mail"].create(
            {
                "subject": words._("Your code"),
                "body_html": person._service_mail_body(Markup("<p>%s</p>") % body),
                "recipient_ids": [Command.link(person.id)],
                "author_id": sender.id,
                "email_from": sender.email_formatted,
                "auto_delete": True,
            }
        )
        mail.send()

    def _take_code(self, code):
        """Tell whether this is the code; it works once, and a few wrong ones end it."""
        self.ensure_one()
        # Two tries at once count as two.
        self.lock_for_update()
        is_open = self.code_hash and self.code_expires_at > fields.Datetime.now()
        if not is_open or self.code_tries >= CODE_TRIES:
            return False
        if secrets.compare_digest(self.code_hash, _hash(f"{self.id}:{code}")):
            self.code_hash = False
            return True
        self.code_tries += 1
        return False

    @api.autovacuum
    def _gc_ended(self):
        horizon = fields.Datetime.now() - timedelta(days=FORGOTTEN_AFTER)
        self.search([("expires_at", "<", horizon)], limit=10_000).unlink()


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()

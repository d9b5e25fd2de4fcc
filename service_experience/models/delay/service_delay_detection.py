# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The job that notices delays: it looks at what changed or falls due, never at everything."""

import logging
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .detection.facts import get_facts
from .detection.rules import find, next_look

_logger = logging.getLogger(__name__)
BATCH = 200
ATTEMPTS = 10
INTERVAL = timedelta(minutes=15)
RETRY_AFTER = timedelta(hours=1)


class ServiceDelay(models.Model):
    """The detection.

    Safe to run twice at once and to be killed: what is taken is committed together with what was
    found, rows are locked with SKIP LOCKED, and a fact is suspected once.
    """

    _inherit = "service.delay"

    @api.model
    def _cron_detect(self):
        """Look at what changed, then at what falls due, and order the next run."""
        while done := self._detect_batch():
            if not self.env["ir.cron"]._commit_progress(done, remaining=self._count_left()):
                break
        self._schedule_detection()

    @api.model
    def _count_left(self):
        """Return whether there is more to look at now, as 0 or 1."""
        is_due = [("look_at", "<=", fields.Datetime.now())]
        changed = self.env["service.delay.change"].search_count([], limit=1)
        return changed or self.env["service.delay.watch"].search_count(is_due, limit=1)

    @api.model
    def _detect_batch(self):
        """Look at the next places; return at how many."""
        for _attempt in range(ATTEMPTS):
            now = fields.Datetime.now()
            try:
                return self._look(*self._take_places(now), now)
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation):
                # Another run was at the same promise: look again, with fresh eyes.
                self.env.cr.rollback()
            except Exception:
                _logger.exception("Delays: a batch failed, its places are looked at one by one")
                self.env.cr.rollback()
                return self._look_singly(now)
        return self._look_singly(fields.Datetime.now())

    @api.model
    def _take_places(self, now):
        task_ids, project_ids = self.env["service.delay.change"]._take(BATCH)
        if task_ids or project_ids:
            return task_ids, project_ids
        return self.env["service.delay.watch"]._take_due(now, BATCH)

    @api.model
    def _look_singly(self, now):
        """Look at each place by itself, so that one that fails does not hold up the others."""
        task_ids, project_ids = self._take_places(now)
        for name, ids in (("project.task", task_ids), ("project.project", project_ids)):
            for place_id in sorted(ids):
                try:
                    with self.env.cr.savepoint():
                        is_task = name == "project.task"
                        self._look(
                            {place_id} if is_task else (), () if is_task else {place_id}, now
                        )
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    raise
                except Exception:
                    _logger.exception("Delays: %s %s is tried again in an hour", name, place_id)
                    place = self.env[name].browse(place_id)
                    watch = self.env["service.delay.watch"]
                    watch._set_looks(place, {place_id: now + RETRY_AFTER})
        return len(task_ids) + len(project_ids)

    @api.model
    def _look(self, task_ids, project_ids, now):
        """Judge these requests and services by the rules; return how many there were."""
        # sudo: the rules see everything; who sees a suspicion, the access rules say.
        env = self.sudo().env
        tasks = env["project.task"].with_context(active_test=False).browse(task_ids).exists()
        env["service.forecast.case"]._learn(tasks)
        tasks |= tasks.dependent_ids
        projects = env["project.project"].browse(project_ids).exists()
        projects |= self._look_at(tasks, now)
        self._look_at(projects, now)
        return len(task_ids) + len(project_ids)

    @api.model
    def _look_at(self, places, now):
        """Judge requests, or services; return the services of requests that promise nothing."""
        watched = places.filtered(lambda place: place._is_watched())
        self._forget_idle(places - watched)
        facts = get_facts(watched, now)
        findings = {place_id: find(fact) for place_id, fact in facts.items()}
        decided = self._get_decided(watched)
        self._suspect(
            [
                self._prepare_found_values(place, finding)
                for place in watched
                for finding in findings.get(place.id, ())
                if finding.at <= now and finding.promise.commitment_id not in decided
            ]
        )
        looks = {place_id: next_look(found, now) for place_id, found in findings.items()}
        self.env["service.delay.watch"]._set_looks(places, looks)
        silent = watched.filtered(lambda place: place.id not in facts)
        return silent.project_id if places._name == "project.task" else places.browse()

    @api.model
    def _get_decided(self, places):
        """Return the keys of the promises that move, of which the customer is still to be told."""
        services = places.env["project.project"].union(*(place._service_of() for place in places))
        rows = self.sudo().search_read(  # sudo: as above
            [("project_id", "in", services.ids), ("state", "=", "confirmed")],
            ["commitment_id"],
            load=None,
        )
        return {row["commitment_id"] for row in rows}

    @api.model
    def _prepare_found_values(self, place, finding):
        is_request = place._name == "project.task"
        promise = finding.promise
        return {
            "project_id": place._service_of().id,
            "task_id": is_request and place.id,
            "commitment_id": promise.commitment_id,
            "rule": finding.rule,
            "detected_by": "rule",
            "fingerprint": f"{finding.rule}:{promise.key}:{promise.day}:{finding.about}",
            "signal": finding.signal,
        }

    @api.model
    def _forget_idle(self, places):
        """Dismiss what is suspected of places at which nobody works any more."""
        name = "project_id" if places._name == "project.project" else "task_id"
        here = [(name, "in", places.ids), ("state", "=", "suspected")]
        # sudo: it follows from the end of the work.
        self.sudo().search(here)._end(
            "dismissed",
            dismiss_reason=self.env._("The work is over, or was called off."),
            fingerprint=False,  # work that goes on may be late for the same reason
        )

    @api.model
    def _schedule_detection(self):
        """Order a run for the next look, unless the regular run comes first."""
        now, at = fields.Datetime.now(), self.env["service.delay.watch"]._get_next_look()
        if at and now < at < now + INTERVAL:
            self.env.ref("service_experience.service_delay_cron_detect").sudo()._trigger(at)

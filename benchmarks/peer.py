"""The same work done by a peer: OCA's `helpdesk_mgmt_sla`, tickets with two SLAs each.

The peer is downloaded when it is measured, kept outside the repository, and only run.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

from odoo.modules.module import initialize_sys_path
from odoo.tools import config

from benchmarks.batch_create import BATCH, HOURS
from benchmarks.moved import STAGES, MovedBatch
from benchmarks.sampling import Sample
from benchmarks.session import at, create_office_calendar, measure, transaction
from devtools.stamps import folder_in_one_piece

ADDON = "helpdesk_mgmt_sla"
PACKAGES = ("odoo-addon-helpdesk-mgmt==19.0.*", "odoo-addon-helpdesk-mgmt-sla==19.0.*")


class PeerMissingError(Exception):
    """The peer could not be downloaded; the message says why."""


def fetch(folder: Path) -> Path:
    """Download and unpack the peer into `folder`, once; return its folder of addons."""
    if not folder.is_dir():
        with folder_in_one_piece(folder) as partial:
            _download(partial)
            for wheel in partial.glob("*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(partial)
    return folder / "odoo" / "addons"


def version(folder: Path) -> str:
    """Return which release of the peer is measured."""
    [wheel] = folder.glob("odoo_addon_helpdesk_mgmt_sla-*.whl")
    return wheel.name.split("-")[1]


def _download(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, *PACKAGES],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        raise PeerMissingError(f"could not be downloaded: {reason}")


def make_importable(addons: Path) -> None:
    """Let this process load the peer's addons, too."""
    config["addons_path"] = [*config["addons_path"], str(addons)]
    initialize_sys_path()


def create_team(env, *, slas: bool):
    """Create a team of the peer that has two SLAs, or none."""
    if slas:
        _create_slas(env)
    return env["helpdesk.ticket.team"].create(
        {
            "name": f"Benchmark {slas}",
            "use_sla": slas,
            "resource_calendar_id": create_office_calendar(env).id,
        }
    )


def _create_slas(env) -> None:
    stage = env["helpdesk.ticket.stage"].create({"name": "Answered", "sequence": 99})
    env["helpdesk.sla"].search([]).active = False
    for name, hours in HOURS.items():
        env["helpdesk.sla"].create({"name": name, "hours": hours, "stage_id": stage.id})


def create_tickets(team, **values):
    """Create a batch of tickets of the team."""
    values = {"team_id": team.id, "description": "No hot water", **values}
    rows = [{"name": f"Ticket {number}", **values} for number in range(BATCH)]
    return team.env["helpdesk.ticket"].with_context(tracking_disable=True).create(rows)


class Tickets:
    """Batches of tickets of a team that has two SLAs, or none."""

    def __init__(self, database: str, *, slas: bool) -> None:
        self.database = database
        self.slas_each = len(HOURS) if slas else 0
        with transaction(database) as env:
            self.team_id = create_team(env, slas=slas).id

    def create_batch(self) -> Sample:
        """Create a batch; measure it, and assert that every SLA is there."""
        created: list[int] = []
        sample = measure(self.database, lambda env: created.extend(self._create(env)))
        with transaction(self.database) as env:
            tickets = env["helpdesk.ticket"].browse(created).exists()
            assert len(tickets) == BATCH
            assert len(tickets.ticket_sla_ids) == self.slas_each * BATCH
            assert all(tickets.ticket_sla_ids.mapped("deadline"))
        return sample

    def _create(self, env) -> list[int]:
        return create_tickets(env["helpdesk.ticket.team"].browse(self.team_id)).ids


class MovedTickets(MovedBatch):
    """The peer's tickets, with two SLAs each that stop in the stage of waiting."""

    model = "helpdesk.ticket"

    def _create(self, env):
        team = create_team(env, slas=bool(self.promises_each))
        rows = [{"name": name, "sequence": 50 + n} for n, name in enumerate(STAGES)]
        stages = env["helpdesk.ticket.stage"].create(rows)
        env["helpdesk.sla"].search([]).ignore_stage_ids = stages[-1]
        return stages.ids, create_tickets(team, stage_id=stages[0].id).ids

    def _check(self, state):
        with at(self.now), transaction(self.database) as env:
            tickets = env["helpdesk.ticket"].browse(self.ids)
            assert set(tickets.stage_id.ids) == {self.stage_id}
            slas = tickets.ticket_sla_ids
            assert len(slas) == self.promises_each * BATCH
            assert set(slas.mapped("state")) <= {_STATES[state]}
            assert all(slas.mapped("deadline"))


_STATES = {"running": "in_progress", "paused": "on_hold"}

"""What the database says about the timers of a test, read from outside of Odoo."""

import time

import pytest

BLOCKED = """SELECT 1 FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def events(query, project_id):
    """Return kind, number, and number of timers of the events in a project."""
    return query(
        """SELECT event.kind, count(*), count(DISTINCT event.timer_id)
              FROM service_sla_event event
              JOIN service_sla_timer timer ON timer.id = event.timer_id
              JOIN project_task task ON task.id = timer.task_id
             WHERE task.project_id = %s
             GROUP BY event.kind ORDER BY event.kind""",
        project_id,
    )


def timers(query, task_id, metric="resolution"):
    """Return state, target in seconds, and whether it is breached, of the timers of a task."""
    return query(
        """SELECT state, target_seconds, breached_at IS NOT NULL FROM service_sla_timer
             WHERE task_id = %s AND metric = %s ORDER BY cycle""",
        task_id,
        metric,
    )


def activities(query, project_id):
    """Return how many activities each task of a project has, ``{number: tasks}``."""
    return dict(
        query(
            """SELECT number, count(*) FROM (
                   SELECT count(activity.id) AS number
                     FROM project_task task
                     LEFT JOIN mail_activity activity
                            ON activity.res_id = task.id AND activity.res_model = 'project.task'
                    WHERE task.project_id = %s GROUP BY task.id
               ) AS of_task GROUP BY number""",
            project_id,
        )
    )


def last_stage(query, project_id):
    """Return the stage in which the requests of a project wait for the customer."""
    [[stage_id]] = query(
        "SELECT max(type_id) FROM project_task_type_rel WHERE project_id = %s", project_id
    )
    return stage_id


def waiting_facts(query, task_ids):
    """Return how many tasks have facts that have not reached their timers yet."""
    return query(
        "SELECT count(DISTINCT task_id) FROM service_sla_backlog WHERE task_id IN %s",
        tuple(task_ids),
    )[0][0]


def wait_until_blocked(query, process=None):
    """Wait until a process waits for a row that another one holds.

    :param process: may also be finished, if it has found a way around that row
    """
    for _ in range(1200):
        if query(BLOCKED) or (process and process.has_answered()):
            return
        time.sleep(0.05)
    pytest.fail("Nobody waits: the two did not meet.")


def meet(query, first, second, one, other):
    """Let two orders happen at once, the first one commits first; return both answers."""
    first.send(one[0], **one[1], waiting=True)
    first.wait_until_paused()
    second.send(other[0], **other[1])
    wait_until_blocked(query, second)
    first.go_on()
    return first.result(), second.result()

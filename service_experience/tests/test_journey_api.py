# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import tagged

from .api_common import ApiCase

MODELS = (
    "service.step",
    "service.commitment",
    "service.commitment.revision",
    "service.fact",
    "service.timeline.entry",
)


@tagged("post_install", "-at_install")
class TestJourneyApi(ApiCase):
    """The calls of ``docs/api.md`` about steps, commitments and facts."""

    def _create_step(self, task_id, **values):
        [step_id] = self.call(
            "service.step/create",
            vals_list=[
                {
                    "task_id": task_id,
                    "party": "customer",
                    "kind": "answer",
                    "title": "How old is the house?",
                    "why": "It decides the pipes.",
                    "due": "2027-03-10",
                    "blocking": True,
                    **values,
                }
            ],
        )
        return step_id

    def _read(self, model, record_id, *fields):
        [values] = self.call(f"{model}/read", ids=[record_id], fields=list(fields))
        return values

    def test_asked_answered_returned_and_good(self):
        with self.at("2027-03-01 10:00:00"):
            task_id = self._create_request()
            step_id = self._create_step(task_id)
            self.call("service.step/action_request", ids=[step_id])
            answer = {"source": "Phone call", "response": "1987"}
            self.call("service.step/action_submit_for_customer", ids=[step_id], **answer)
            step = self._read("service.step", step_id, "state", "response", "review_due_at")
            self.assertEqual(step["state"], "submitted")
            self.assertEqual(step["review_due_at"], "2027-03-02 10:00:00")
            self.call("service.step/action_return", ids=[step_id], reason="Which part?")
            self.call("service.step/action_submit_for_customer", ids=[step_id], **answer)
            self.call("service.step/action_done", ids=[step_id])
            facts = self.call(
                "service.fact/search_read",
                domain=[["project_id", "=", self.project.id], ["is_valid", "=", True]],
                fields=["question", "answer"],
            )
        self.assertEqual([fact["answer"] for fact in facts], ["1987"])
        with self.at("2027-03-02 10:00:00"):
            words = self.assertRefused(422, "service.step/action_done", ids=[step_id])
        self.assertIn("by now", words)

    def test_what_is_known_is_not_asked(self):
        [topic_id] = self.call("service.topic/create", vals_list=[{"name": "Year"}])
        self.call(
            "service.fact/create",
            vals_list=[
                {
                    "project_id": self.project.id,
                    "topic_id": topic_id,
                    "question": "Year of the house",
                    "answer": "1987",
                }
            ],
        )
        step_id = self._create_step(self._create_request(), topic_id=topic_id)
        words = self.assertRefused(422, "service.step/action_request", ids=[step_id])
        self.assertIn("already", words)

    def test_commitment_moves(self):
        with self.at("2027-03-01 10:00:00"):
            [commitment_id] = self.call(
                "service.commitment/create",
                vals_list=[
                    {
                        "task_id": self._create_request(),
                        "name": "Warm again",
                        "current_to": "2027-03-12",
                    }
                ],
            )
            [revision_id] = self.call(
                "service.commitment/action_move",
                ids=[commitment_id],
                date_to="2027-03-19",
                text="The pump comes later.",
            )
            self.call("service.commitment.revision/action_accept", ids=[revision_id])
            revisions = self.call(
                "service.commitment.revision/search_read",
                domain=[["commitment_id", "=", commitment_id]],
                fields=["sequence", "date_to", "acknowledgement"],
            )
            self.assertEqual(
                [(row["date_to"], row["acknowledgement"]) for row in revisions],
                [("2027-03-12", "none"), ("2027-03-19", "accepted")],
            )
            self.call("service.commitment/action_customer_accepted", ids=[commitment_id])
        values = self._read("service.commitment", commitment_id, "state", "on_time_rate")
        self.assertEqual((values["state"], values["on_time_rate"]), ("kept", 1.0))

    def test_what_transitions_own_is_refused(self):
        step_id = self._create_step(self._create_request())
        for user in (self.employee, self.manager):
            for vals in ({"state": "done"}, {"delivered_at": "2027-03-01 10:00:00"}):
                with self.subTest(user=user.login, vals=vals):
                    self.assertRefused(422, "service.step/write", user, ids=[step_id], vals=vals)
        private = self._post(self.manager, "service.step/_go", ids=[step_id], state="done")
        self.assertEqual(private.status_code, 403)

    def test_key_of_a_portal_user_is_refused(self):
        for model in MODELS:
            with self.subTest(model):
                self.assertRefused(
                    403, f"{model}/search_read", self.portal, domain=[], fields=["id"]
                )

# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Why a clock stands still or changes: the words for it."""

PAUSE_CAUSES = [
    ("customer", "Waiting for the customer"),
    ("agreed_pause", "Agreed pause"),
    ("third_party", "Waiting for a third party"),
    ("stage", "Stage without a clock"),
    ("closed", "Closed"),
    ("clarification", "The sender has to answer"),
]
EVENT_CAUSES = [
    *PAUSE_CAUSES,
    ("reopened", "The request was opened again"),
    ("not_applicable", "The promise no longer applies"),
    ("transferred", "Another team took over"),
    ("target_changed", "Another target applies"),
    ("policy_changed", "The policy was changed"),
    ("hours_changed", "The working hours were changed"),
    ("agreed_date", "A person agreed on a date"),
    ("computed_date", "The agreed date was taken back"),
    ("deadline_passed", "Not sent: the deadline had passed"),
]

"""Onfleet's triggers and states, as statuses of ours."""

from bot.domain.shipment import Status

TRIGGERS = {
    "taskCreated": Status.created,
    "taskAssigned": Status.created,
    "taskUnassigned": Status.created,
    "taskStarted": Status.out_for_delivery,
    "taskEta": Status.out_for_delivery,
    "taskArrival": Status.out_for_delivery,
    "taskDelayed": Status.delayed,
    "taskCompleted": Status.delivered,
    "taskFailed": Status.attempt_failed,
    "taskDeleted": Status.cancelled,
}
# 0 unassigned, 1 assigned, 2 active, 3 completed (whether well or not is said beside it).
STATES = {
    0: Status.created,
    1: Status.created,
    2: Status.out_for_delivery,
    3: Status.delivered,
}
BY_STATE = {"taskUpdated", "taskCloned"}
"""Triggers that say only that something is different; the task itself says where it stands."""
NOT_OF_A_TASK = {"workerDuty", "workerCreated", "workerDeleted", "autoDispatchJobCompleted",
    "taskBatchCreateJobCompleted", "routePlanCreated", "routePlanStarted", "routePlanCompleted",
    "routePlanUnassigned", "SMSRecipientOptOut", "smsRecipientResponseMissed"}  # fmt: skip

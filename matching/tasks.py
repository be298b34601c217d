from celery import shared_task

from buddying.nudge import nudge
from matching import execution
from matching.models import MatchRun


@shared_task
def run_match(run_id: int) -> None:
    execution.execute(run_id)


@shared_task
def match_waiting() -> None:
    """Finds what a lost message or a killed worker left behind."""
    MatchRun.objects.give_up_hopeless()
    for run_id in MatchRun.objects.claimable().values_list("pk", flat=True):
        nudge(run_match, run_id)

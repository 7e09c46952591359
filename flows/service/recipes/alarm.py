"""Prefect automations for the builds: an address is called when a run fails or is killed, and when none has succeeded for a day.

    PREFECT_API_URL=http://127.0.0.1:4200/api python flows/service/recipes/alarm.py https://example.org/alarm [HOURS]

It gets a POST with JSON: what happened, the run's name and its message. Run it again to change the address.
"""

import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.events.actions import CallWebhook
from prefect.events.schemas.automations import EventTrigger, Posture
from pydantic import SecretStr

FLOW: dict[str, str | list[str]] = {"prefect.resource.role": "flow", "prefect.resource.name": "qantar"}
FAILED = '{"what": "a run failed", "run": {{ flow_run.name|tojson }}, "message": {{ (flow_run.state.message or "")|tojson }}}'


def main(url: str, hours: float = 26) -> None:
    """Make the block that calls `url`, and the two automations that use it, in place of earlier ones."""
    webhook: Any = Webhook(method="POST", url=SecretStr(url))
    block = webhook.save("qantar-alarm", overwrite=True)
    overdue = f'{{"what": "no run has succeeded for {hours:g} hours"}}'
    triggers = {
        "qantar: a run failed": (
            EventTrigger(
                expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
                match_related=FLOW,
                posture=Posture.Reactive,
                threshold=1,
                within=timedelta(0),
            ),
            FAILED,
        ),
        "qantar: overdue": (
            EventTrigger(
                expect={"prefect.flow-run.Completed"},
                match_related=FLOW,
                posture=Posture.Proactive,
                threshold=1,
                within=timedelta(hours=hours),
            ),
            overdue,
        ),
    }
    automations: Any = Automation  # its methods are said to be coroutines, which they are only in one
    for name, (trigger, payload) in triggers.items():
        with suppress(ValueError):  # there is none yet
            automations.read(name=name).delete()
        automations(name=name, trigger=trigger, actions=[CallWebhook(block_document_id=block, payload=payload)]).create()
        print(f"{name}: calls {url}")


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:3]))

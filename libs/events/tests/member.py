"""One relay or consumer as a process of its own, to be killed: `python -m libs.events.tests.member`."""

import asyncio
import json
import sys

from events.broker import BrokerSettings
from events.consumer import Consumer
from events.relay import Relay

from .homes import engine_for
from .stories import Ledger


async def main(role: str, service: str, dsn: str, broker: str) -> None:
    settings = BrokerSettings(**json.loads(broker))
    engine = engine_for(dsn, "rows" if service == "monitoring" else "advisory")
    if role == "relay":
        await Relay(service, engine, settings).run(asyncio.Event())  # type: ignore[arg-type]
    else:
        await Consumer(service, engine, settings, Ledger().handlers()).run(asyncio.Event())  # type: ignore[arg-type]


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

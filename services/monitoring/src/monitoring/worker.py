"""The worker root: the message path and the tasks beside it, `python -m monitoring.worker`."""

import sys
from pathlib import Path

from directory.handlers import HANDLERS as DIRECTORY
from events.consumer import BRISK, Consumer
from events.gate import GATED
from events.received import merge_handlers
from events.relay import Relay
from kit import worker
from kit.cipher import FieldCipher
from kit.database import engine
from kit.keys import Keys

from .cases.taking_over import Follower
from .consumption import handlers
from .decisions.chainer import Chainer
from .delivery.rules import Allowed
from .delivery.sender import Sender
from .dispatch.maker import ListMaker
from .indicators.bodies import HANDLERS as TEAMS
from .indicators.keeper import Keeper
from .profile.service import Profiles
from .profile.sweep import Sweep
from .settings import Settings
from .whatif.runner import WhatIfRunner


def main() -> int:
    """Run until told to stop; gives the exit code."""
    settings = Settings()
    database = engine(settings.dsn("worker"), key_locks="rows", application="monitoring-worker")
    broker = settings.broker()
    cipher = FieldCipher(Keys.load(Path(settings.needed("keys_file"))))
    allowed = Allowed.parse(settings.delivery_allowed)
    profiles = Profiles()
    sweep = Sweep(profiles, database)
    heard = merge_handlers(DIRECTORY, TEAMS, handlers(profiles), dict.fromkeys(GATED, (sweep.stir,)))
    tasks = {
        "relay": Relay("monitoring", database, broker).run,
        "consumer": Consumer("monitoring", database, broker, heard, replays=True, pace=BRISK).run,
        "sweep": sweep.run,
        "decisions": worker.taking_turns("decisions", Chainer(database).turn, idle=1.0),
        "register": worker.taking_turns("register", Follower(database).turn, idle=1.0),
        "lists": worker.taking_turns("lists", ListMaker(database).turn, idle=1.0),
        "indicators": worker.taking_turns("indicators", Keeper(database).turn, idle=0.5),
        "what-ifs": WhatIfRunner(database).run,
        "deliveries": Sender(database, cipher, allowed=allowed, link_base=settings.link_base).run,
    }
    return worker.run(settings, tasks)


if __name__ == "__main__":
    sys.exit(main())

"""When a broker that forgets nothing shall begin anew."""

from dataclasses import dataclass
from typing import Final

_MIB: Final = 1024 * 1024


@dataclass(slots=True)
class Growth:
    """增长: told at each look how much memory a process holds; a new one costs everybody some seconds.

    Attributes:
        enough: bytes from which a quiet moment is taken, in which they hardly grow.
        most: bytes from which it is due whatever goes on.
        little: bytes that it may grow by from one look to the next in a quiet moment.
        seconds: between two looks.
        least: seconds that a life lasts: at its start all is sent again that somebody has not confirmed, be it much.
    """

    enough: int = 256 * _MIB
    most: int = 1024 * _MIB
    little: int = _MIB
    seconds: float = 30.0
    least: float = 600.0
    _last: int | None = None

    def due(self, held: int, age: float) -> bool:
        """Whether it is time, with so many bytes held now and so many seconds after it began."""
        last, self._last = self._last, held
        quiet = last is not None and held - last <= self.little
        return age >= self.least and (held >= self.most or (held >= self.enough and quiet))

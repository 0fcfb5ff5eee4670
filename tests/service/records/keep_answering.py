"""Write answers from several threads for ever, and print the id of each once it is acknowledged. To be killed."""

import itertools
import sys
import threading

from bot.service.records import Records
from bot.types import Answer, Query, Sentence

records = Records.open(sys.argv[1])
numbers = itertools.count()
answer = Answer(Query("一", "一", ()), "answered", (Sentence("一"),))
out = threading.Lock()


def write() -> None:
    while True:
        name = f"{sys.argv[2]}-{next(numbers)}"
        records.answered(name, "c", "一", answer)
        with out:
            print(name, flush=True)


for _ in range(8):
    threading.Thread(target=write).start()
